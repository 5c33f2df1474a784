import type { Scope } from './scope.ts'

/** For which data a key is, and how long it may be used for. */
export interface DataKeyUse extends Scope {
  /** As whoever protects the data named it: an id, an alias, or the ARN of one of them. */
  readonly keyId: string
  /** What the data is: authenticated with the data key, so that it opens nothing else. */
  readonly context: Readonly<Record<string, string>>
  /** For so long the key isn't asked for again, in milliseconds: what happens to it meanwhile has no effect until then. */
  readonly reuseMs: number
  /** Null where nobody is asked who it is. */
  readonly user: KeyUser | null
}

/** On whose behalf a key is used. Asked each time, since what somebody may do may change at any time. */
export interface KeyUser {
  /** Why somebody may not, in AWS's words; null for whoever may. `key` is an ARN. */
  denial(action: 'GenerateDataKey' | 'Decrypt', key: string, context: DataKeyUse['context']): string | null
}

export interface DataKey {
  /** 32 bytes. Not to be changed, nor kept for longer than it takes to use it. */
  readonly secret: Uint8Array
  /** To be kept with what was encrypted with it. */
  readonly encrypted: Uint8Array
}

/** Keys that other services encrypt with, each of them encrypted under a key of KMS. */
export interface DataKeys {
  /** The one to encrypt with now. Rejects with `DataKeyRefused`. */
  current(use: DataKeyUse): Promise<DataKey>
  /** The secret of one that was encrypted for the same context, by whichever key. Rejects with `DataKeyRefused`. */
  open(use: Omit<DataKeyUse, 'keyId'>, encrypted: Uint8Array): Promise<Uint8Array>
  /** Whether what the key encrypted could be decrypted now. Rejects with `DataKeyRefused` where not. */
  check(use: DataKeyUse): Promise<void>
}

/** Why there is no data key: each service has its own word for it, such as `KMS.DisabledException`. */
export type DataKeyProblem =
  | 'not found'
  | 'disabled'
  | 'invalid state'
  | 'access denied'
  | 'invalid key usage'
  | 'invalid ciphertext'
  | 'unavailable'

export class DataKeyRefused extends Error {
  override readonly name = 'DataKeyRefused'
  readonly problem: DataKeyProblem

  /** The message is AWS's, and meant for the client. */
  constructor(problem: DataKeyProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.problem = problem
  }
}
