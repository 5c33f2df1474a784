import type { Scope } from '../../core/scope.ts'

/** Where a platform application lives. Its name is that of its platform and its own: `GCM/shop`. */
export interface ApplicationAddress extends Scope {
  readonly name: string
}

export interface PlatformEndpointAddress {
  readonly application: ApplicationAddress
  /** A UUID. */
  readonly id: string
}

/** What an endpoint's owner says of it. */
export interface PlatformEndpointSettings {
  readonly enabled: boolean
  /** By which the platform knows the device. */
  readonly token: string
  /** Empty for none. */
  readonly customUserData: string
}

/** By their names on the wire; never a credential. */
export type ApplicationAttributes = Readonly<Record<string, string>>

/** What the operations for mobile push ask of the cell: see `SnsCommands`. */
export interface PlatformCommands {
  createPlatformApplication: {
    readonly application: ApplicationAddress
    readonly attributes: ApplicationAttributes
  }
  /** With all its endpoints. One that isn't there is deleted already. */
  deletePlatformApplication: { readonly application: ApplicationAddress }
  getPlatformApplication: { readonly application: ApplicationAddress }
  /** An empty value takes the attribute away. */
  setPlatformApplicationAttributes: {
    readonly application: ApplicationAddress
    readonly attributes: ApplicationAttributes
  }
  listPlatformApplications: Scope & { readonly after: string; readonly limit: number }
  createPlatformEndpoint: {
    readonly application: ApplicationAddress
    /** A fresh UUID. */
    readonly id: string
    readonly settings: PlatformEndpointSettings
  }
  /** One that isn't there is deleted already. */
  deletePlatformEndpoint: PlatformEndpointAddress
  getPlatformEndpoint: PlatformEndpointAddress
  setPlatformEndpointSettings: PlatformEndpointAddress & {
    readonly settings: Partial<PlatformEndpointSettings>
  }
  listPlatformEndpoints: {
    readonly application: ApplicationAddress
    /** The number of the last endpoint of the page before; 0 for the beginning. */
    readonly after: number
    readonly limit: number
  }
  /** Refuses what AWS refuses of a message for this endpoint. */
  checkPlatformEndpoint: PlatformEndpointAddress
  /** As `checkPlatformEndpoint`, and counts the message, which is pushed nowhere. */
  publishToPlatformEndpoint: PlatformEndpointAddress
}

export interface PlatformReplies {
  createPlatformApplication: null
  deletePlatformApplication: null
  getPlatformApplication: ApplicationAttributes
  setPlatformApplicationAttributes: null
  listPlatformApplications: {
    readonly applications: readonly { readonly name: string; readonly attributes: ApplicationAttributes }[]
    readonly next: string | null
  }
  /** The endpoint that has the token: the new one, or one that is there already and is just like it. */
  createPlatformEndpoint: { readonly id: string }
  deletePlatformEndpoint: null
  getPlatformEndpoint: PlatformEndpointSettings
  setPlatformEndpointSettings: null
  listPlatformEndpoints: {
    readonly endpoints: readonly { readonly id: string; readonly settings: PlatformEndpointSettings }[]
    readonly next: number | null
  }
  checkPlatformEndpoint: null
  publishToPlatformEndpoint: null
}
