/**
 * Keeps secrets that are to be stored: what is sealed says nothing to whoever has not the key, and can't be changed or taken for
 * another unnoticed. `purpose` says what the secret is and whose; it is no secret itself, and must be the same for both.
 */
export interface Sealer {
  /** The caller owns the result; it is another one each time. */
  seal(secret: Uint8Array, purpose: string): Uint8Array
  /** Throws `SealError` for what wasn't sealed for this purpose with this key. */
  open(sealed: Uint8Array, purpose: string): Uint8Array
}

/** A secret can't be opened: it was changed, is another one, or was sealed with another key. */
export class SealError extends Error {
  override readonly name = 'SealError'
}
