/** Authenticated encryption, as the journal needs it: AES-256-GCM. A port, so that no engine brings its own cryptography. */
export interface Cipher {
  /** `nonce` must never come with the same key twice, unless the text and what is bound to it are the same too. */
  seal(key: Uint8Array, nonce: Uint8Array, bound: Uint8Array, plain: Uint8Array): Sealed
  /** What was sealed, in memory of its own; null unless key, nonce, what was bound and every byte are as they were then. */
  open(key: Uint8Array, nonce: Uint8Array, bound: Uint8Array, sealed: Uint8Array): Uint8Array | null
}

/** Stored one behind the other. */
export interface Sealed {
  /** As long as what was sealed. */
  readonly text: Uint8Array
  /** `TAG_BYTES` of them. */
  readonly tag: Uint8Array
}

export const CIPHER_KEY_BYTES = 32
export const CIPHER_NONCE_BYTES = 12
export const TAG_BYTES = 16
