import { interned } from '../base/interned.ts'
import type { RequestHead } from './exchange.ts'
import { HeadPattern } from './head-pattern.ts'
import { HeaderFields } from './header-fields.ts'
import { PATTERN_CHARACTERS_MAX, SHAPE_CHARACTERS_MAX, SHAPES_MAX } from './limits.ts'

/**
 * The heads of plain requests: what every AWS client sends, and nothing else that HTTP/1.1 allows.
 *
 * ```
 *   GET or POST, a path, HTTP/1.1
 *   Name: value      visible ASCII and spaces; no name twice; Host is there
 *   Content-Length   digits; without it there is no body
 *   Connection       keep-alive, if it is there at all
 * ```
 *
 * A head that isn't plain is not refused: `node:http` decides what it is. So whatever is in doubt is not plain.
 */
const PLAIN = /^(?:GET|POST) \/[!-~]* HTTP\/1\.1(?:\r\n[A-Za-z0-9_-]+:[ -~]*)+$/

/** What changes how a request is read or a connection is used, beside the two that are understood here. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  'transfer-encoding',
  'expect',
  'upgrade',
  'trailer',
  'te',
  'http2-settings',
  'proxy-connection',
  'keep-alive',
])
const LENGTH = /^\d{1,15}$/

const SPACE = 0x20

export interface PlainHead extends RequestHead {
  /** Without the empty line behind it. */
  readonly headBytes: number
  readonly bodyBytes: number
}

/** What is behind a head: the end of its last line, and an empty one. */
export const HEAD_END = Buffer.from('\r\n\r\n', 'latin1')

/** The names of a head, which clients send in the same order again and again. */
interface Shape {
  /** As they came. */
  readonly written: readonly string[]
  /** In lower case, and interned, since they are looked for again and again. */
  readonly names: readonly string[]
  /** The positions of two fields, -1 for one that isn't there. */
  readonly lengthAt: number
  readonly connectionAt: number
}

/** The shapes that the connections of a listener have brought, so that they share them. */
export class PlainShapes {
  readonly #shapes = new Map<string, Shape | null>()

  /** Null if no head with these names is plain. */
  of(written: readonly string[]): Shape | null {
    const key = written.join(':')
    const known = this.#shapes.get(key)
    if (known !== undefined) return known
    const shape = shapeOf(written)
    if (key.length > SHAPE_CHARACTERS_MAX) return shape
    if (this.#shapes.size >= SHAPES_MAX) this.#shapes.clear()
    this.#shapes.set(key, shape)
    return shape
  }
}

/** Reads the heads of one connection, and remembers what they have in common. */
export class PlainHeads {
  readonly #shapes: PlainShapes
  #method = ''
  #target = ''
  #shape: Shape | null = null
  #pattern: HeadPattern | null = null
  /** Whether the last head had no two spaces in a row. */
  #isNarrow = false
  /** How long the last two heads were: many clients do two things in turns. */
  #lastBytes = 0
  #bytesBefore = 0

  constructor(shapes: PlainShapes) {
    this.#shapes = shapes
  }

  /**
   * The head that `bytes` begin with, if it is like those before it and as long as one of the last two: then its end needn't be looked for, since
   * nothing like them has an empty line within. Null where it isn't.
   */
  readAlike(bytes: Buffer): PlainHead | null {
    if (this.#pattern === null) return null
    const end = isHeadEnd(bytes, this.#lastBytes) ? this.#lastBytes : this.#bytesBefore
    if (!isHeadEnd(bytes, end)) return null
    const values = this.#pattern.valuesOf(bytes.toString('latin1', 0, end), bytes)
    return values === null ? null : this.#headOf(values, end)
  }

  /** `head` is all before the empty line, a byte in each character; `bytes` begin with it. Null if it isn't plain. */
  read(head: string, bytes: Uint8Array): PlainHead | null {
    const values = this.#pattern?.valuesOf(head, bytes) ?? this.#readAnew(head)
    return values === null ? null : this.#headOf(values, head.length)
  }

  #headOf(values: readonly string[], headBytes: number): PlainHead | null {
    if (headBytes !== this.#lastBytes) {
      this.#bytesBefore = this.#lastBytes
      this.#lastBytes = headBytes
    }
    const { names, lengthAt, connectionAt } = this.#shape!
    if (connectionAt >= 0 && values[connectionAt]!.toLowerCase() !== 'keep-alive') return null
    const length = lengthAt < 0 ? '0' : values[lengthAt]!
    if (!LENGTH.test(length)) return null
    const headers = new HeaderFields(names, values, this.#isNarrow)
    return { method: this.#method, target: this.#target, headers, headBytes, bodyBytes: Number(length) }
  }

  /** The values of a head that is not like those before it. */
  #readAnew(head: string): string[] | null {
    if (!PLAIN.test(head)) return null
    const lineEnd = head.indexOf('\r\n')
    const line = head.slice(0, lineEnd)
    const written: string[] = []
    const values: string[] = []
    for (let at = lineEnd + 2; at < head.length; ) {
      const colon = head.indexOf(':', at)
      const end = endOfLine(head, colon)
      written.push(head.slice(at, colon))
      values.push(valueBetween(head, colon + 1, end))
      at = end + 2
    }
    const shape = this.#shapes.of(written)
    if (shape === null) return null
    this.#method = head.charCodeAt(0) === 0x47 ? 'GET' : 'POST'
    this.#target = line.slice(this.#method.length + 1, -' HTTP/1.1'.length)
    this.#shape = shape
    this.#isNarrow = !head.includes('  ')
    this.#pattern =
      head.length > PATTERN_CHARACTERS_MAX || !this.#isNarrow
        ? null
        : (this.#pattern?.widened(line, shape.written, values) ??
          new HeadPattern(line, shape.written, values))
    return values
  }
}

function shapeOf(written: readonly string[]): Shape | null {
  const names = written.map((name) => interned(name.toLowerCase()))
  const distinct = new Set(names)
  if (distinct.size < names.length || !distinct.has('host')) return null
  if (names.some((name) => NOT_PLAIN.has(name))) return null
  return {
    written,
    names,
    lengthAt: names.indexOf('content-length'),
    connectionAt: names.indexOf('connection'),
  }
}

function isHeadEnd(bytes: Buffer, at: number): boolean {
  for (let i = 0; i < HEAD_END.length; i++) if (bytes[at + i] !== HEAD_END[i]) return false
  return true
}

function endOfLine(head: string, from: number): number {
  const end = head.indexOf('\r\n', from)
  return end < 0 ? head.length : end
}

/** Without the spaces around it. */
function valueBetween(head: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && head.charCodeAt(start) === SPACE) start++
  while (end > start && head.charCodeAt(end - 1) === SPACE) end--
  return head.slice(start, end)
}
