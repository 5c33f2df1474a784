/** Where access keys are looked up: a local view, so that verifying a request never waits. */
export interface Credentials {
  /** The key as it now is, or undefined if there is none or it is disabled. Keys that didn't change are the same object. */
  find(accessKeyId: string): AccessKey | undefined
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
  /** Only for temporary credentials. */
  readonly session?: {
    readonly token: string /** Milliseconds since the epoch. */
    readonly expiresAt: number
  }
}
