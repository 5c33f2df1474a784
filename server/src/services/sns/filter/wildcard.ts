import { Buffer } from 'node:buffer'

/**
 * A pattern in which `*` stands for any characters, none included; `\*` and `\\` stand for themselves.
 *
 * The pieces between the wildcards are looked for one after the other, each at its first place from where the one before
 * ended: the first place leaves the most room for the rest, so nothing is ever tried again.
 */
export interface Wildcard {
  /** How many `*` it has. */
  readonly count: number
  /** What a value begins with, and all of it where there is no wildcard. */
  readonly first: string
  readonly middle: readonly Needle[]
  /** What a value ends with; empty where there is no wildcard. */
  readonly last: string
}

/** A text to be looked for in time that grows with the haystack alone: how far to fall back is known for each of its places. */
interface Needle {
  readonly text: string
  /** At each place: the length of the longest proper beginning of the needle that also ends there (Knuth, Morris, Pratt). */
  readonly borders: Int32Array
}

/** Why a pattern is none, in AWS's words. */
export class WildcardError extends Error {
  override readonly name = 'WildcardError'
}

/** Throws `WildcardError`. */
export function parseWildcard(pattern: string): Wildcard {
  const pieces: string[] = []
  let piece = ''
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!
    const next = pattern[i + 1]
    if (character === '*') {
      if (next === '*')
        throw new WildcardError(`Consecutive wildcard characters at pos ${position(pattern, i)}`)
      pieces.push(piece)
      piece = ''
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') {
        throw new WildcardError(`Invalid escape character at pos ${position(pattern, i)}`)
      }
      piece += next
      i++
    } else {
      piece += character
    }
  }
  const first = pieces.shift()
  if (first === undefined) return { count: 0, first: piece, middle: [], last: '' }
  return { count: pieces.length + 1, first, middle: pieces.map(toNeedle), last: piece }
}

export function matchesWildcard(wildcard: Wildcard, value: string): boolean {
  const { count, first, middle, last } = wildcard
  if (count === 0) return value === first
  const end = value.length - last.length
  if (end < first.length || !value.startsWith(first) || !value.endsWith(last)) return false
  let at = first.length
  for (const needle of middle) {
    at = endOf(needle, value, at, end)
    if (at < 0) return false
  }
  return true
}

/** AWS counts the bytes of the pattern behind the quotation mark that it puts before it. */
function position(pattern: string, index: number): number {
  return Buffer.byteLength(pattern.slice(0, index)) + 1
}

function toNeedle(text: string): Needle {
  const borders = new Int32Array(text.length)
  let border = 0
  for (let i = 1; i < text.length; i++) {
    while (border > 0 && text.charCodeAt(i) !== text.charCodeAt(border)) border = borders[border - 1]!
    if (text.charCodeAt(i) === text.charCodeAt(border)) border++
    borders[i] = border
  }
  return { text, borders }
}

/** Where the needle's first place in `value` from `start` on ends, or -1 if it does not lie before `end`. */
function endOf({ text, borders }: Needle, value: string, start: number, end: number): number {
  let matched = 0
  for (let i = start; i < end; i++) {
    while (matched > 0 && value.charCodeAt(i) !== text.charCodeAt(matched)) matched = borders[matched - 1]!
    if (value.charCodeAt(i) === text.charCodeAt(matched)) matched++
    if (matched === text.length) return i + 1
  }
  return -1
}
