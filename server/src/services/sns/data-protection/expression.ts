/**
 * The regular expressions that custom data identifiers may have: alternatives of items, each with how often it may stand there. AWS
 * allows no parentheses, so that nothing is nested.
 *
 * ```
 *   expression    alternative ( "|" alternative )*
 *   alternative   ( item repeat? )*
 *   item          character   .   \d \w \s \D \W \S   [a-z_]   [^a-z]   \. (any symbol)   ^   $   \b   \B
 *   repeat        ?   *   +   {3}   {3,}   {3,5}        a ? behind it changes nothing
 * ```
 */

/** What one character may be: ranges of UTF-16 code units, both ends included. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [number, number])[]
  readonly isNegated: boolean
}

/** What has to hold between two characters. */
export type Condition = 'start' | 'end' | 'word boundary' | 'no word boundary'

export type Item =
  | { readonly kind: 'character'; readonly set: CharacterSet; readonly min: number; readonly max: number }
  | { readonly kind: 'condition'; readonly condition: Condition }

/** Why a text is no such expression. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

const ANY: CharacterSet = { ranges: [[10, 10]], isNegated: true }
const DIGIT: CharacterSet['ranges'] = [[48, 57]]
const WORD: CharacterSet['ranges'] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const SPACE: CharacterSet['ranges'] = [
  [9, 13],
  [32, 32],
  [0xa0, 0xa0],
  [0x2028, 0x2029],
  [0xfeff, 0xfeff],
]
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: { ranges: DIGIT, isNegated: false },
  D: { ranges: DIGIT, isNegated: true },
  w: { ranges: WORD, isNegated: false },
  W: { ranges: WORD, isNegated: true },
  s: { ranges: SPACE, isNegated: false },
  S: { ranges: SPACE, isNegated: true },
}
const CONDITIONS: Readonly<Record<string, Condition>> = {
  '^': 'start',
  $: 'end',
  '\\b': 'word boundary',
  '\\B': 'no word boundary',
}
const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 }

/** Infinity where there is no greatest number. */
const REPEATS: Readonly<Record<string, readonly [number, number]>> = {
  '?': [0, 1],
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
}

/** How often an item may be asked for. */
const REPEAT_MAX = 1_000

/** The alternatives. Throws `ExpressionError`. */
export function parseExpression(text: string): readonly (readonly Item[])[] {
  const parser = new Parser(text)
  return parser.alternatives()
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  alternatives(): readonly (readonly Item[])[] {
    const alternatives: Item[][] = [[]]
    while (this.#at < this.#text.length) {
      if (this.#take(/\|/y) !== null) alternatives.push([])
      else alternatives.at(-1)!.push(this.#item())
    }
    return alternatives
  }

  #item(): Item {
    const word = this.#take(/\\[bB]|[$^]/y)
    if (word !== null) {
      if (this.#repeat() !== null) throw new ExpressionError(`nothing to repeat after ${word}`)
      return { kind: 'condition', condition: CONDITIONS[word]! }
    }
    const set = this.#set()
    const [min, max] = this.#repeat() ?? [1, 1]
    return { kind: 'character', set, min, max }
  }

  #set(): CharacterSet {
    if (this.#take(/\./y) !== null) return ANY
    if (this.#take(/\[/y) !== null) return this.#class()
    const symbol = this.#take(/[*+?{}\]()]/y)
    if (symbol !== null) throw new ExpressionError(`unexpected ${symbol}`)
    return this.#character()
  }

  #class(): CharacterSet {
    const isNegated = this.#take(/\^/y) !== null
    const ranges: (readonly [number, number])[] = []
    while (this.#take(/\]/y) === null) {
      if (this.#at >= this.#text.length) throw new ExpressionError('a [ has no ]')
      const from = this.#character()
      if (this.#take(/-(?!\])/y) === null) {
        if (from.isNegated) throw new ExpressionError('a class in [ ] may not be negated')
        ranges.push(...from.ranges)
        continue
      }
      const to = this.#character()
      const [first, last] = [single(from), single(to)]
      if (first === null || last === null || first > last)
        throw new ExpressionError('a range is out of order')
      ranges.push([first, last])
    }
    if (ranges.length === 0) throw new ExpressionError('a class is empty')
    return { ranges, isNegated }
  }

  #character(): CharacterSet {
    const escaped = this.#take(/\\[\s\S]/y)
    if (escaped === null) {
      if (this.#text[this.#at] === '\\') throw new ExpressionError('a \\ stands at the end')
      return one(this.#text.charCodeAt(this.#at++))
    }
    const letter = escaped[1]!
    const known = Object.hasOwn(CLASSES, letter) ? CLASSES[letter] : undefined
    if (known !== undefined) return known
    if (Object.hasOwn(CONTROLS, letter)) return one(CONTROLS[letter]!)
    if (/[A-Za-z\d]/.test(letter)) throw new ExpressionError(`\\${letter} is not supported`)
    return one(letter.charCodeAt(0))
  }

  #repeat(): readonly [number, number] | null {
    const symbol = this.#take(/[?*+]/y)
    const counted = symbol === null ? this.#take(/\{\d{1,4}(?:,\d{0,4})?\}/y) : null
    if (symbol === null && counted === null) return null
    this.#take(/\?/y)
    if (symbol !== null) return REPEATS[symbol]!
    const [min = '', max = min] = counted!.slice(1, -1).split(',')
    const most = max === '' ? Number.POSITIVE_INFINITY : Number(max)
    if (
      Number(min) > REPEAT_MAX ||
      (most !== Number.POSITIVE_INFINITY && most > REPEAT_MAX) ||
      most < Number(min)
    )
      throw new ExpressionError(`${counted} is out of range`)
    return [Number(min), most]
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? null
    this.#at += found?.length ?? 0
    return found
  }
}

function one(code: number): CharacterSet {
  return { ranges: [[code, code]], isNegated: false }
}

function single({ ranges, isNegated }: CharacterSet): number | null {
  const [first, second] = ranges
  if (first === undefined || second !== undefined || isNegated || first[0] !== first[1]) return null
  return first[0]
}

export function includes({ ranges, isNegated }: CharacterSet, code: number): boolean {
  return ranges.some(([from, to]) => from <= code && code <= to) !== isNegated
}
