/**
 * Keeps secrets from those who read where they are stored. The pure parts hold what was sealed as bytes that mean nothing to them.
 */
export interface Sealer {
  /**
   * `context` says what the secret is and whose, such as `access key AKIA...`. What was sealed can't be passed off as something else: it
   * opens with the same context alone.
   */
  seal(secret: Uint8Array, context: string): Uint8Array
  /** Null for what this sealer did not seal with this context, or what was changed since. */
  open(sealed: Uint8Array, context: string): Uint8Array | null
}
