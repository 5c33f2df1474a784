import type { Identity } from '../api/identity.ts'

/** Where access keys are looked up: a local view, so that verifying a request never waits. */
export interface Credentials {
  /**
   * The key as it now is, or undefined if there is none or it is disabled. Keys that didn't change are the same object. A session's key is
   * known by its token alone, which comes with the request.
   */
  find(accessKeyId: string, sessionToken: string | undefined): AccessKey | undefined
  /** A request was signed with the key, and rightly so. */
  noteUse?(accessKey: AccessKey, use: KeyUse): void
}

export interface KeyUse {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The signing name, e.g. `sqs`. */
  readonly service: string
  readonly region: string
}

/** An access key and whom it speaks for. */
export interface AccessKey {
  readonly accessKeyId: string
  readonly secretKey: string
  /** Twelve digits. */
  readonly accountId: string
  /** The user's or role session's unique id, e.g. `AIDA...`. */
  readonly userId: string
  readonly principalArn: string
  /** What IAM knows of whom it speaks for. */
  readonly identity: Identity
  /** Only for temporary credentials. */
  readonly session?: {
    readonly token: string
    /** Milliseconds since the epoch. */
    readonly expiresAt: number
  }
}
