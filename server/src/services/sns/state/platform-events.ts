import type {
  ApplicationAddress,
  ApplicationAttributes,
  PlatformEndpointSettings,
} from '../platform-commands.ts'

/** What can happen to platform applications and their endpoints; the kinds are some of `EVENT`, see events.ts. */
export const PLATFORM_EVENT = {
  applicationCreated: 0x0230,
  applicationChanged: 0x0231,
  applicationDeleted: 0x0232,
  allApplicationsDeleted: 0x0233,
  endpointCreated: 0x0234,
  endpointChanged: 0x0235,
  endpointDeleted: 0x0236,
  endpointAddressed: 0x0237,
} as const

export interface ApplicationCreated {
  readonly kind: typeof PLATFORM_EVENT.applicationCreated
  /** Never used before. */
  readonly application: number
  readonly address: ApplicationAddress
  readonly attributes: ApplicationAttributes
}

/** All its attributes, as they are from now on. */
export interface ApplicationChanged {
  readonly kind: typeof PLATFORM_EVENT.applicationChanged
  readonly application: number
  readonly attributes: ApplicationAttributes
}

/** With all its endpoints. */
export interface ApplicationDeleted {
  readonly kind: typeof PLATFORM_EVENT.applicationDeleted
  readonly application: number
}

/** Those of every account and region. Their numbers are not given again. */
export interface AllApplicationsDeleted {
  readonly kind: typeof PLATFORM_EVENT.allApplicationsDeleted
}

export interface EndpointCreated {
  readonly kind: typeof PLATFORM_EVENT.endpointCreated
  readonly application: number
  /** Never used before. */
  readonly endpoint: number
  /** A UUID. */
  readonly id: string
  readonly settings: PlatformEndpointSettings
}

export interface EndpointChanged {
  readonly kind: typeof PLATFORM_EVENT.endpointChanged
  readonly application: number
  readonly endpoint: number
  readonly settings: PlatformEndpointSettings
}

export interface EndpointDeleted {
  readonly kind: typeof PLATFORM_EVENT.endpointDeleted
  readonly application: number
  readonly endpoint: number
}

/** Messages for the endpoint were accepted, and pushed nowhere. */
export interface EndpointAddressed {
  readonly kind: typeof PLATFORM_EVENT.endpointAddressed
  readonly application: number
  readonly endpoint: number
  readonly messages: number
}

export type PlatformEvent =
  | ApplicationCreated
  | ApplicationChanged
  | ApplicationDeleted
  | AllApplicationsDeleted
  | EndpointCreated
  | EndpointChanged
  | EndpointDeleted
  | EndpointAddressed
