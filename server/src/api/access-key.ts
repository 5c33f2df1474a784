import type { Identity } from './identity.ts'

/** A request that was signed with a key. */
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
