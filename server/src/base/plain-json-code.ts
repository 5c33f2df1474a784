import {
  type Code,
  call,
  either,
  get,
  giveBack,
  I32,
  i8x16,
  i32,
  type Local,
  repeatWhile,
  seq,
  set,
  tee,
  V128,
  v128,
  when,
} from './wasm-code.ts'
import { Locals, type WasmFunction } from './wasm-module.ts'

/**
 * WebAssembly that reads a list of objects whose members are texts, straight from the bytes of plain JSON: members of known names, each
 * once, in any order; ASCII; spaces at most between. So clients send it. Whatever else there is, is not plain, and left to `JSON.parse`.
 */

/** So many zeros stand behind the JSON: no character of a text is zero, so that whatever looks for an end finds one. */
export const JSON_PADDING_BYTES = 16
/** What functions give back where something isn't plain. */
export const NOT_PLAIN = 0

const VECTOR_BYTES = 16
const QUOTE = '"'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)
const SPACE = ' '.charCodeAt(0)
const COMMA = ','.charCodeAt(0)
const COLON = ':'.charCodeAt(0)
const BRACE = '{'.charCodeAt(0)
const BRACE_END = '}'.charCodeAt(0)
const BRACKET_END = ']'.charCodeAt(0)

export const char = (address: Code, offset = 0): Code => i32.load8(address, offset)
export const moved = (local: Local, by: number): Code => set(local, i32.add(get(local), i32.constant(by)))

const everyByte = (value: number): Code => v128.constant(Array(VECTOR_BYTES).fill(value))
const isChar = (address: Code, character: number): Code => i32.equal(char(address), i32.constant(character))
const notPlain = giveBack(i32.constant(NOT_PLAIN))
export const failIf = (condition: Code): Code => when(condition, notPlain)

/** Moves on to the next character that ends a text, stands for another, or isn't ASCII. */
function skipOrdinary(at: Local, block: Local, found: Local): Code {
  // Characters from 128 on are negative as signed bytes: they are found with those before the space.
  const others = v128.or(
    i8x16.isLess(tee(block, v128.load(get(at))), everyByte(SPACE)),
    v128.or(i8x16.equal(get(block), everyByte(QUOTE)), i8x16.equal(get(block), everyByte(BACKSLASH))),
  )
  return seq(
    moved(at, -VECTOR_BYTES),
    repeatWhile(seq(moved(at, VECTOR_BYTES), set(found, i8x16.bits(others))), i32.isZero(get(found))),
    set(at, i32.add(get(at), i32.trailingZeros(get(found)))),
  )
}

/** `name(at)`: where the quotation mark is that ends a text; 0 where something is in it that stands for something else, or isn't ASCII. */
export function textEnd(name: string): WasmFunction {
  const at = 0
  const locals = new Locals(1)
  const found = locals.one(I32)
  const block = locals.one(V128)
  const body = seq(
    skipOrdinary(at, block, found),
    when(isChar(get(at), QUOTE), giveBack(get(at))),
    i32.constant(NOT_PLAIN),
  )
  return { name, parameters: 1, returns: true, locals: locals.types, body }
}

/** `name(at)`: as `textEnd`, for texts of one to so many of these characters, which are ASCII. */
export function textEndAmong(name: string, characters: string, lengthMax: number): WasmFunction {
  const at = 0
  const locals = new Locals(1)
  const [start, found] = locals.some(2, I32) as [Local, Local]
  const block = locals.one(V128)
  // For each low half of a character a bit for each high half with which it is one of them. Those beyond ASCII have no bit.
  const lowHalves = Array(VECTOR_BYTES).fill(0)
  const allowed = Array.from(characters, (character) => character.charCodeAt(0))
  for (const code of allowed)
    if (code !== QUOTE && code !== BACKSLASH) lowHalves[code & 15] |= 1 << (code >> 4)
  const highHalves = Array.from({ length: VECTOR_BYTES }, (_, high) => (high < 8 ? 1 << high : 0))
  const bitsOfLow = v128.swizzle(v128.constant(lowHalves), v128.and(get(block), everyByte(15)))
  const bitOfHigh = v128.swizzle(v128.constant(highHalves), i8x16.shiftRight(get(block), 4))
  const others = i8x16.equal(v128.and(bitsOfLow, bitOfHigh), everyByte(0))
  const length = i32.sub(get(at), get(start))
  const body = seq(
    set(start, get(at)),
    moved(at, -VECTOR_BYTES),
    repeatWhile(
      seq(moved(at, VECTOR_BYTES), set(block, v128.load(get(at))), set(found, i8x16.bits(others))),
      i32.isZero(get(found)),
    ),
    set(at, i32.add(get(at), i32.trailingZeros(get(found)))),
    failIf(i32.isZero(length)),
    failIf(i32.isAbove(length, i32.constant(lengthMax))),
    when(isChar(get(at), QUOTE), giveBack(get(at))),
    i32.constant(NOT_PLAIN),
  )
  return { name, parameters: 1, returns: true, locals: locals.types, body }
}

/**
 * `name(at)`: as `textEnd`, for texts that may have escapes of one character. `escapesAt` is where 256 bytes lie: for each character that may
 * stand behind a backslash that which is meant, and zeros.
 */
export function escapedTextEnd(name: string, escapesAt: number): WasmFunction {
  const at = 0
  const locals = new Locals(1)
  const found = locals.one(I32)
  const block = locals.one(V128)
  const body = seq(
    skipOrdinary(at, block, found),
    when(
      isChar(get(at), BACKSLASH),
      repeatWhile(
        seq(
          failIf(i32.isZero(char(char(get(at), 1), escapesAt))),
          moved(at, 2),
          skipOrdinary(at, block, found),
        ),
        isChar(get(at), BACKSLASH),
      ),
    ),
    when(isChar(get(at), QUOTE), giveBack(get(at))),
    i32.constant(NOT_PLAIN),
  )
  return { name, parameters: 1, returns: true, locals: locals.types, body }
}

/**
 * `name(at, end, to)`: writes a text that `escapedTextEnd` found the end of, as it's meant, and says where it ends. Up to 15 bytes behind it are
 * written over.
 */
export function writeUnescaped(name: string, escapesAt: number): WasmFunction {
  const [at, end, to] = [0, 1, 2]
  const locals = new Locals(3)
  const found = locals.one(I32)
  const block = locals.one(V128)
  const escapes = i8x16.bits(i8x16.equal(get(block), everyByte(BACKSLASH)))
  const body = seq(
    when(
      i32.isBelow(get(at), get(end)),
      repeatWhile(
        seq(
          v128.store(get(to), tee(block, v128.load(get(at)))),
          either(
            tee(found, escapes),
            seq(
              set(found, i32.trailingZeros(get(found))),
              set(at, i32.add(get(at), get(found))),
              set(to, i32.add(get(to), get(found))),
              when(
                // Else it's behind the text.
                i32.isBelow(get(at), get(end)),
                seq(i32.store8(get(to), char(char(get(at), 1), escapesAt)), moved(at, 2), moved(to, 1)),
              ),
            ),
            seq(moved(at, VECTOR_BYTES), moved(to, VECTOR_BYTES)),
          ),
        ),
        i32.isBelow(get(at), get(end)),
      ),
    ),
    // A block may go beyond the text by as much as `at` does.
    i32.sub(get(to), i32.sub(get(at), get(end))),
  )
  return { name, parameters: 3, returns: true, locals: locals.types, body }
}

/** A member that is a text. */
export interface TextMember {
  readonly name: string
  /** Where the text is, and where its end, both zero where the member is missing. */
  readonly at: Local
  readonly end: Local
  /** The place of the function that finds its end. */
  readonly endOf: number
}

/**
 * Reads a list from `at`, which is behind its bracket, and leaves `at` behind that which ends it. Does `eachObject` with every object; gives
 * `NOT_PLAIN` back where there is anything that isn't plain.
 */
export function readObjects(
  at: Local,
  locals: Locals,
  members: readonly TextMember[],
  eachObject: Code,
): Code {
  const character = locals.one(I32)
  const skipSpaces = when(isChar(get(at), SPACE), repeatWhile(moved(at, 1), isChar(get(at), SPACE)))
  const expect = (expected: number) =>
    seq(skipSpaces, failIf(i32.isZero(isChar(get(at), expected))), moved(at, 1))
  const takeAny = seq(skipSpaces, set(character, char(get(at))), moved(at, 1))
  const isTaken = (expected: number) => i32.equal(get(character), i32.constant(expected))
  const takeText = ({ name, at: textAt, end, endOf }: TextMember) =>
    seq(
      // A name that comes twice.
      failIf(get(textAt)),
      moved(at, name.length + 1),
      expect(COLON),
      expect(QUOTE),
      set(textAt, get(at)),
      failIf(i32.isZero(tee(end, call(endOf, get(at))))),
      set(at, i32.add(get(end), i32.constant(1))),
    )
  const takeMember = seq(
    expect(QUOTE),
    members.reduceRight<Code>(
      (otherwise, member) => either(isName(at, member.name), takeText(member), otherwise),
      notPlain,
    ),
    takeAny,
  )
  const nothing = members.map((member) =>
    seq(set(member.at, i32.constant(0)), set(member.end, i32.constant(0))),
  )
  return seq(
    repeatWhile(
      seq(
        expect(BRACE),
        ...nothing,
        repeatWhile(takeMember, isTaken(COMMA)),
        failIf(i32.isZero(isTaken(BRACE_END))),
        eachObject,
        takeAny,
      ),
      isTaken(COMMA),
    ),
    failIf(i32.isZero(isTaken(BRACKET_END))),
  )
}

/** Whether the name stands there, with the mark that ends it. */
function isName(at: Local, name: string): Code {
  const wanted = Array.from(`${name}"`, (letter) => letter.charCodeAt(0))
  const parts = []
  for (let start = 0; start < wanted.length; start += VECTOR_BYTES) {
    const part = wanted.slice(start, start + VECTOR_BYTES)
    const block = v128.constant([...part, ...Array(VECTOR_BYTES - part.length).fill(0)])
    const mask = i32.constant(2 ** part.length - 1)
    const same = i8x16.bits(i8x16.equal(v128.load(get(at), start), block))
    parts.push(i32.equal(i32.and(same, mask), mask))
  }
  return parts.reduce(i32.and)
}
