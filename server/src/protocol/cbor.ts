import { Buffer, isUtf8 } from 'node:buffer'
import { type DecodeOptions, decode, encode, Token, Tokenizer, Type } from 'cborg'
import { serializationError } from './errors.ts'
import { CBOR_ITEMS_MAX, CBOR_NESTING_MAX } from './limits.ts'

/** CBOR (RFC 8949) as AWS's SDKs send and read it. */

const OPTIONS: DecodeOptions = {
  // Lengths need not be the shortest: Jackson, with which the SDKs for Java write, reserves their bytes before it knows them.
  strict: false,
  allowIndefinite: true,
  allowBigInt: true,
  allowUndefined: true,
  coerceUndefinedToNull: true,
  rejectDuplicateMapKeys: true,
  tags: { 1: readTime },
}

/**
 * One value and nothing behind it. Byte strings are views of `bytes`. The tag of times is taken away; other tags, keys that
 * aren't text or come twice, malformed UTF-8 and endless nesting are a SerializationException, as is what isn't CBOR.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { ...OPTIONS, tokenizer: new StrictTokenizer(bytes, OPTIONS) })
  } catch {
    throw serializationError('')
  }
}

/** Members that are undefined are left out. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, { ignoreUndefinedProperties: true })
}

function readTime(content: () => unknown): unknown {
  const time = content()
  if (typeof time !== 'number') throw new Error('a time is a number')
  return time
}

const BYTE_STRING = 2
const TEXT_STRING = 3
const IN_PIECES = 31
const BREAK = 0xff

/**
 * The library's tokens, with what it leaves to do: strings in pieces, as Jackson writes texts of more than 3,996 characters;
 * texts exactly as they were sent or not at all, where the library replaces what isn't UTF-8 and drops a byte order mark; a
 * limit to nesting, and to how much there is; and breaks only where they may stand, where the library takes one for a map's value.
 */
class StrictTokenizer extends Tokenizer {
  readonly #bytes: Buffer
  /** How many items the open containers still lack, the outermost first; infinite where a break ends one. */
  readonly #missing: number[] = []
  #items = 0

  constructor(bytes: Uint8Array, options: DecodeOptions) {
    super(bytes, options)
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  override next(): Token {
    this.#count()
    const kind = this.#bytes[this._pos]! >> 5
    const token = kind === BYTE_STRING || kind === TEXT_STRING ? this.#string(kind) : super.next()
    // What JavaScript's numbers don't hold exactly is rounded, as in JSON.
    if (typeof token.value === 'bigint') token.value = Number(token.value)
    this.#follow(token)
    return token
  }

  #count(): void {
    if (++this.#items > CBOR_ITEMS_MAX) throw new Error('too many items')
  }

  #follow({ type, value }: Token): void {
    if (type === Type.break && this.#missing.pop() !== Number.POSITIVE_INFINITY) {
      throw new Error('a break where nothing ends')
    }
    const items = type === Type.array ? value : type === Type.map ? value * 2 : type === Type.tag ? 1 : 0
    if (items > 0) {
      if (this.#missing.push(items) > CBOR_NESTING_MAX) throw new Error('nests too deep')
      return
    }
    for (let last = this.#missing.length - 1; last >= 0 && --this.#missing[last]! === 0; last--) {
      this.#missing.pop()
    }
  }

  #string(kind: number): Token {
    const at = this._pos
    const isInPieces = (this.#bytes[at]! & 31) === IN_PIECES
    const [content, end] = isInPieces ? this.#joined(at + 1, kind) : this.#piece(at, kind)
    this._pos = end
    if (kind === BYTE_STRING) return new Token(Type.bytes, content, end - at)
    if (!isUtf8(content)) throw new Error('not UTF-8')
    return new Token(Type.string, content.toString('utf8'), end - at)
  }

  /** The content of the string of one piece at `at`, and where it ends. */
  #piece(at: number, kind: number): [content: Buffer, end: number] {
    const first = this.#bytes.readUInt8(at)
    const argument = first & 31
    if (first >> 5 !== kind || argument > 27) throw new Error('not a piece of this string')
    const from = at + 1 + (argument < 24 ? 0 : 1 << (argument - 24))
    const length = argument < 24 ? argument : this.#length(at + 1, argument)
    if (from + length > this.#bytes.length) throw new Error('longer than all there is')
    return [this.#bytes.subarray(from, from + length), from + length]
  }

  #length(at: number, argument: number): number {
    if (argument === 24) return this.#bytes.readUInt8(at)
    if (argument === 25) return this.#bytes.readUInt16BE(at)
    if (argument === 26) return this.#bytes.readUInt32BE(at)
    return Number(this.#bytes.readBigUInt64BE(at))
  }

  /** Goes over the pieces twice and keeps none: there may be very many. */
  #joined(from: number, kind: number): [content: Buffer, end: number] {
    let length = 0
    let end = from
    while (this.#bytes[end] !== BREAK) {
      this.#count()
      const [piece, next] = this.#piece(end, kind)
      length += piece.length
      end = next
    }
    const content = Buffer.allocUnsafe(length)
    for (let at = from, filled = 0; at < end; ) {
      const [piece, next] = this.#piece(at, kind)
      filled += piece.copy(content, filled)
      at = next
    }
    return [content, end + 1]
  }
}
