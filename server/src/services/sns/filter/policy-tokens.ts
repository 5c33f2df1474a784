import { refusePolicy } from './filter-policy-error.ts'
import { NESTING_MAX, QUOTED_CHARACTERS_MAX } from './limits.ts'

/** A piece of a policy's JSON. Commas and colons are none. */
export type Token = StructureToken | StringToken | NumberToken | LiteralToken

interface Placed {
  /** Where it begins in the text. */
  readonly start: number
  /** Where the rest of the text begins. */
  readonly end: number
}
export interface StructureToken extends Placed {
  readonly kind: '{' | '}' | '[' | ']'
}
export interface StringToken extends Placed {
  readonly kind: 'name' | 'string'
  readonly value: string
}
export interface NumberToken extends Placed {
  readonly kind: 'number'
  readonly value: number
}
export interface LiteralToken extends Placed {
  readonly kind: 'literal'
  readonly value: boolean | null
}

const VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
const SOURCE_HIDDEN = 'REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)'

/**
 * Takes a policy's JSON to pieces. It is read by hand and not by `JSON.parse`, since AWS's refusals say where in the text its own
 * parser stood. Throws `FilterPolicyError`, in the words of that parser, for what is no JSON.
 */
export function tokenize(text: string): readonly Token[] {
  return new Tokenizer(text).run()
}

/**
 * Walks over tokens and says where AWS's parser would stand: behind a token, but behind only the opening quotation mark of a
 * string that it has not looked into; and once at a name, it has stepped into the value behind it.
 */
export class TokenWalk {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #index = -1
  #lookedInto = false

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text
    this.#tokens = tokens
  }

  next(): Token {
    this.#lookedInto = false
    return this.#tokens[++this.#index]!
  }

  /** Where the walk stands, to return to. */
  mark(): number {
    return this.#index
  }

  returnTo(mark: number): void {
    this.#lookedInto = false
    this.#index = mark
  }

  /** Says that the present token's text was asked for. */
  lookInto(): void {
    this.#lookedInto = true
  }

  /** The error of a rule that was broken where the walk stands. */
  refusal(reason: string): Error {
    return refusePolicy(
      `${reason}\n at [Source: ${quote(this.#text)}; ${place(this.#text, this.#position())}]`,
    )
  }

  /** The present token as it was written. */
  written(): string {
    const { start, end } = this.#tokens[this.#index]!
    return this.#text.slice(start, end)
  }

  #position(): number {
    const token = this.#tokens[this.#index]!
    const reached = token.kind === 'name' ? this.#tokens[this.#index + 1]! : token
    return reached.kind === 'string' && !this.#lookedInto ? reached.start + 1 : reached.end
  }
}

class Tokenizer {
  readonly #text: string
  readonly #tokens: Token[] = []
  /** Where each structure begins that is open. */
  readonly #open: StructureToken[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  run(): readonly Token[] {
    this.#skipSpace()
    if (this.#at === this.#text.length)
      throw this.#malformed('No content to map due to end-of-input', this.#at)
    this.#value()
    while (this.#open.length > 0) this.#step()
    this.#skipSpace()
    if (this.#at < this.#text.length) {
      throw this.#unexpected('Expected end-of-input')
    }
    return this.#tokens
  }

  /** Goes on inside of the innermost structure: to its end, or over its next entry as far as that has no inside of its own. */
  #step(): void {
    const structure = this.#open[this.#open.length - 1]!
    const isObject = structure.kind === '{'
    const isFirst = this.#tokens[this.#tokens.length - 1] === structure
    this.#skipSpace()
    this.#checkOpen(structure)
    const end = isObject ? '}' : ']'
    if (this.#text[this.#at] === end) {
      this.#open.pop()
      this.#tokens.push({ kind: end, start: this.#at, end: ++this.#at })
      return
    }
    if (!isFirst) {
      if (this.#text[this.#at] !== ',') {
        throw this.#unexpected(`was expecting comma to separate ${isObject ? 'Object' : 'Array'} entries`)
      }
      this.#at++
      this.#skipSpace()
      this.#checkOpen(structure)
    }
    if (isObject) this.#name(structure)
    this.#value()
  }

  #name(structure: StructureToken): void {
    if (this.#text[this.#at] !== '"') throw this.#unexpected('was expecting double-quote to start field name')
    const start = this.#at
    const value = this.#string()
    this.#tokens.push({ kind: 'name', value, start, end: this.#at })
    this.#skipSpace()
    this.#checkOpen(structure)
    if (this.#text[this.#at] !== ':') {
      throw this.#unexpected('was expecting a colon to separate field name and value')
    }
    this.#at++
    this.#skipSpace()
    this.#checkOpen(structure)
  }

  #value(): void {
    const start = this.#at
    const character = this.#text[start]!
    if (character === '{' || character === '[') {
      const token: StructureToken = { kind: character, start, end: ++this.#at }
      this.#tokens.push(token)
      this.#open.push(token)
      if (this.#open.length > NESTING_MAX) {
        throw this.#malformed(
          `Document nesting depth (${this.#open.length}) exceeds the maximum allowed ` +
            `(${NESTING_MAX}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`,
          this.#at,
        )
      }
    } else if (character === '"') {
      const value = this.#string()
      this.#tokens.push({ kind: 'string', value, start, end: this.#at })
    } else if (character === '-' || isDigit(character)) {
      const value = this.#number()
      this.#tokens.push({ kind: 'number', value, start, end: this.#at })
    } else {
      const value = this.#literal()
      this.#tokens.push({ kind: 'literal', value, start, end: this.#at })
    }
  }

  #literal(): boolean | null {
    const start = this.#at
    while (/[\w$]/.test(this.#text[this.#at] ?? '')) this.#at++
    const word = this.#text.slice(start, this.#at)
    switch (word) {
      case 'true':
        return true
      case 'false':
        return false
      case 'null':
        return null
      case '':
        throw this.#unexpected(`expected a valid value ${VALUE}`)
      default:
        throw this.#malformed(`Unrecognized token '${word}': was expecting ${VALUE}`, this.#at)
    }
  }

  #number(): number {
    const start = this.#at
    if (this.#text[this.#at] === '-') this.#at++
    const first = this.#at
    this.#digits()
    if (this.#text[first] === '0' && this.#at - first > 1) {
      throw this.#malformed('Invalid numeric value: Leading zeroes not allowed', first + 1)
    }
    if (this.#text[this.#at] === '.') {
      this.#at++
      this.#digits()
    }
    if (this.#text[this.#at] === 'e' || this.#text[this.#at] === 'E') {
      this.#at++
      if (this.#text[this.#at] === '+' || this.#text[this.#at] === '-') this.#at++
      this.#digits()
    }
    return Number(this.#text.slice(start, this.#at))
  }

  #digits(): void {
    const start = this.#at
    while (isDigit(this.#text[this.#at] ?? '')) this.#at++
    if (this.#at === start) throw this.#unexpected('expected digit (0-9) in a numeric value')
  }

  #string(): string {
    let value = ''
    let from = this.#at + 1
    for (this.#at = from; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at]!
      if (character === '"') {
        value += this.#text.slice(from, this.#at++)
        return value
      }
      if (character === '\\') {
        value += this.#text.slice(from, this.#at) + this.#escape()
        from = this.#at + 1
      } else if (character < ' ') {
        throw this.#malformed(
          `Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): ` +
            'has to be escaped using backslash to be included in string value',
          this.#at,
        )
      }
    }
    throw this.#malformed('Unexpected end-of-input: was expecting closing quote for a string value', this.#at)
  }

  /** Ends at the last character of what was escaped. */
  #escape(): string {
    const character = this.#text[++this.#at] ?? ''
    const escaped = ESCAPES.get(character)
    if (escaped !== undefined) return escaped
    const digits = this.#text.slice(this.#at + 1, this.#at + 5)
    if (character === 'u' && /^[\da-fA-F]{4}$/.test(digits)) {
      this.#at += 4
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    if (character === '') {
      throw this.#malformed('Unexpected end-of-input in character escape sequence', this.#at)
    }
    throw this.#malformed(
      character === 'u'
        ? 'Unexpected character in a character escape sequence: expected a hex-digit'
        : `Unrecognized character escape ${describe(character)}`,
      this.#at,
    )
  }

  #skipSpace(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #checkOpen(structure: StructureToken): void {
    if (this.#at < this.#text.length) return
    throw this.#malformed(
      `Unexpected end-of-input: expected close marker for ${structure.kind === '{' ? 'Object' : 'Array'} ` +
        `(start marker at [Source: ${SOURCE_HIDDEN}; ${place(this.#text, structure.start)}])`,
      this.#at,
    )
  }

  #unexpected(expected: string): Error {
    if (this.#at >= this.#text.length) return this.#malformed('Unexpected end-of-input', this.#at)
    return this.#malformed(`Unexpected character (${describe(this.#text[this.#at]!)}): ${expected}`, this.#at)
  }

  #malformed(reason: string, at: number): Error {
    return refusePolicy(
      `failed to parse JSON. ${reason}\n at [Source: ${SOURCE_HIDDEN}; ${place(this.#text, at)}]`,
    )
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

const isDigit = (character: string): boolean => character >= '0' && character <= '9'

function describe(character: string): string {
  const code = character.charCodeAt(0)
  return code < 32 ? `(CTRL-CHAR, code ${code})` : `'${character}' (code ${code})`
}

function place(text: string, at: number): string {
  const lines = text.slice(0, at).split(/\r\n|\r|\n/)
  return `line: ${lines.length}, column: ${lines[lines.length - 1]!.length + 1}`
}

function quote(text: string): string {
  const rest = text.length - QUOTED_CHARACTERS_MAX
  const more = rest > 0 ? `[truncated ${rest} chars]` : ''
  return `(String)"${text.slice(0, QUOTED_CHARACTERS_MAX)}"${more}`
}
