/** Makes session tokens, which hold all that there is of a session: nobody keeps them. */
export interface SessionTokens {
  /** A text of which nobody else can read or change anything. */
  encode(content: Uint8Array): string
  /** Null for what was not made so. */
  decode(token: string): Uint8Array | null
  /** How many bytes of a token the content takes. */
  packedBytes(content: Uint8Array): number
}
