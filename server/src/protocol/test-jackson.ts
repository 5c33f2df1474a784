import { Tagged } from 'cborg'

/**
 * For tests: a value as Jackson's generator writes it for the SDKs for Java. Maps and arrays end with a break, texts have a
 * length that is longer than it need be, or come in pieces. Written from RFC 8949, apart from what reads it.
 */
export function writeAsJackson(value: unknown): Uint8Array {
  return Buffer.concat(written(value))
}

const PIECE_CHARACTERS = 3996
const BREAK = Buffer.of(0xff)

function written(value: unknown): Buffer[] {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'boolean') return [Buffer.of(value ? 0xf5 : 0xf4)]
  if (typeof value === 'number') return [Number.isSafeInteger(value) ? whole(value) : double(value)]
  if (value instanceof Uint8Array) return [head(2, value.length), Buffer.from(value)]
  if (value instanceof Tagged) return [head(6, value.tag), ...written(value.value)]
  if (Array.isArray(value)) return [Buffer.of(0x9f), ...value.flatMap(written), BREAK]
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).flatMap(([key, entry]) => [...text(key), ...written(entry)])
    return [Buffer.of(0xbf), ...entries, BREAK]
  }
  return [Buffer.of(0xf6)]
}

function text(characters: string): Buffer[] {
  if (characters.length <= PIECE_CHARACTERS) return [textPiece(characters)]
  const pieces: Buffer[] = [Buffer.of(0x7f)]
  for (let at = 0; at < characters.length; ) {
    const last = characters.charCodeAt(at + PIECE_CHARACTERS - 1)
    const isHalf = last >= 0xd800 && last < 0xdc00
    const end = at + PIECE_CHARACTERS - (isHalf ? 1 : 0)
    pieces.push(textPiece(characters.slice(at, end)))
    at = end
  }
  return [...pieces, BREAK]
}

/** The room for the length is chosen by the characters, as if each took three bytes. */
function textPiece(characters: string): Buffer {
  const bytes = Buffer.from(characters)
  if (characters.length > 255 / 3) {
    const length = Buffer.of(0x79, 0, 0)
    length.writeUInt16BE(bytes.length, 1)
    return Buffer.concat([length, bytes])
  }
  if (characters.length > 23 / 3) return Buffer.concat([Buffer.of(0x78, bytes.length), bytes])
  return Buffer.concat([head(3, bytes.length), bytes])
}

function whole(value: number): Buffer {
  return value < 0 ? head(1, -1 - value) : head(0, value)
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(9, 0xfb)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function head(kind: number, argument: number): Buffer {
  const first = kind << 5
  if (argument < 24) return Buffer.of(first | argument)
  const bytes = Buffer.alloc(9)
  bytes[0] = first | 27
  bytes.writeBigUInt64BE(BigInt(argument), 1)
  return bytes
}
