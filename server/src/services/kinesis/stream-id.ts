import type { Random } from '../../base/random.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const CHARACTERS = 23
const HYPHEN_AT = 20
/** Bytes from here on would make some characters likelier than others. */
const BYTE_LIMIT = 256 - (256 % ALPHABET.length)

/** A fresh one, as AWS's are: 20 small letters and digits, a hyphen, three more. */
export function newStreamId(random: Random): string {
  let id = ''
  while (id.length < CHARACTERS) {
    for (const byte of random.bytes(CHARACTERS)) {
      if (byte < BYTE_LIMIT && id.length < CHARACTERS) id += ALPHABET[byte % ALPHABET.length]
    }
  }
  return `${id.slice(0, HYPHEN_AT)}-${id.slice(HYPHEN_AT)}`
}
