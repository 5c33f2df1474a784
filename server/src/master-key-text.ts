export const MASTER_KEY_BYTES = 32

/** 32 bytes in base64, white space around them; undefined for anything else. */
export function parseMasterKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim()
  if (!/^[A-Za-z\d+/]{43}=$/.test(trimmed)) return undefined
  const key = new Uint8Array(Buffer.from(trimmed, 'base64'))
  return key.length === MASTER_KEY_BYTES ? key : undefined
}
