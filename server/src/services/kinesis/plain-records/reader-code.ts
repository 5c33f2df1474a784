import { BASE64, decodeBase64 } from '../../../base/base64-code.ts'
import { copyShort } from '../../../base/literal-code.ts'
import {
  char,
  failIf,
  JSON_PADDING_BYTES,
  moved,
  readObjects,
  textEnd,
} from '../../../base/plain-json-code.ts'
import {
  type Code,
  call,
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
} from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'

/**
 * Where things lie in the reader's memory:
 *
 * ```
 *   0         256      512
 *   │ sextets │ totals │ JSON, and what stands behind it │ records, as they are stored
 *
 *   sextets   for each character its six bits of base64; INVALID for those that have none
 *   totals    u32 records │ u32 their bytes, as they are stored │ u32 bytes of data and partition keys │ u32 the same of the largest record
 * ```
 */
export const SEXTETS_AT = 0
export const TOTALS_AT = 256
export const JSON_AT = 512
export const INVALID = 0x80
/** The places of the totals. */
export const TOTAL = { records: 0, bytes: 1, payload: 2, largest: 3 } as const

const TEXT_END = 0
const QUOTE_AT = 1
const DECODE = 2

const EQUALS = '='.charCodeAt(0)
const QUOTE = '"'.charCodeAt(0)
const BLOCK = 16
/** Zeros end whatever is cut off. Behind them is the quotation mark that `quoteAt` is sure to find, and a zero ends what goes on from there. */
export const BEHIND_JSON = Uint8Array.from([...Array(JSON_PADDING_BYTES).fill(0), QUOTE, 0])
const WORD_BYTES = 4

const DECODING_FAILED = -1

/**
 * `quoteAt(at)`: where the next quotation mark is. There has to be one. Before it there may be what is in no plain text, but that is in no base64 either.
 */
function quoteAt(): WasmFunction {
  const at = 0
  const locals = new Locals(1)
  const found = locals.one(I32)
  const quotes = (place: number) =>
    i8x16.equal(v128.load(get(at), place * BLOCK), i8x16.splat(i32.constant(QUOTE)))
  const body = seq(
    moved(at, -4 * BLOCK),
    repeatWhile(
      moved(at, 4 * BLOCK),
      i32.isZero(v128.anyTrue(v128.or(v128.or(quotes(0), quotes(1)), v128.or(quotes(2), quotes(3))))),
    ),
    moved(at, -BLOCK),
    repeatWhile(seq(moved(at, BLOCK), set(found, i8x16.bits(quotes(0)))), i32.isZero(get(found))),
    i32.add(get(at), i32.trailingZeros(get(found))),
  )
  return { name: 'quoteAt', parameters: 1, returns: true, locals: locals.types, body }
}

/**
 * `decode(at, end, to)`: writes the bytes that a base64 text means, and says where they end; -1 where it isn't exactly what an encoder
 * writes. Writes up to four bytes more than they are.
 */
function decode(): WasmFunction {
  const [at, end, to] = [0, 1, 2]
  const locals = new Locals(3)
  const [block, high, badBlocks] = locals.some(3, V128) as [Local, Local, Local]
  const [quantum, bad, last] = locals.some(3, I32) as [Local, Local, Local]
  const fails = giveBack(i32.constant(DECODING_FAILED))
  const sextet = (place: number) => char(char(get(at), place), SEXTETS_AT)
  const kept = (value: Code) => seq(set(last, value), set(bad, i32.or(get(bad), get(last))), get(last))
  const joined = (a: Code, b: Code) => i32.or(i32.shiftLeft(a, i32.constant(6)), b)
  const storeBytes = (count: number) =>
    seq(
      ...[16, 8, 0]
        .slice(0, count)
        .map((shift, i) => i32.store8(get(to), i32.shiftRight(get(quantum), i32.constant(shift)), i)),
      moved(to, count),
    )
  const isPadding = (place: number) => i32.equal(char(get(at), place), i32.constant(EQUALS))
  const ended = (spare: number, bytes: number) =>
    seq(
      // Bits behind the last byte are zero.
      when(
        i32.or(i32.and(get(bad), i32.constant(INVALID)), i32.and(get(quantum), i32.constant(spare))),
        fails,
      ),
      storeBytes(bytes),
      giveBack(get(to)),
    )
  const zero = i32.constant(0)
  const body = seq(
    when(i32.and(i32.sub(get(end), get(at)), i32.constant(3)), fails),
    when(i32.equal(get(at), get(end)), giveBack(get(to))),
    // What may be padded stays for what comes below.
    when(
      i32.isAbove(i32.sub(get(end), get(at)), i32.constant(BLOCK)),
      seq(
        repeatWhile(
          seq(
            set(block, v128.load(get(at))),
            decodeBase64(BASE64, block, high, badBlocks),
            v128.store(get(to), get(block)),
            moved(at, BLOCK),
            moved(to, 12),
          ),
          i32.isAbove(i32.sub(get(end), get(at)), i32.constant(BLOCK)),
        ),
        when(v128.anyTrue(get(badBlocks)), fails),
      ),
    ),
    when(
      i32.isAbove(i32.sub(get(end), get(at)), i32.constant(4)),
      repeatWhile(
        seq(
          set(
            quantum,
            joined(joined(joined(kept(sextet(0)), kept(sextet(1))), kept(sextet(2))), kept(sextet(3))),
          ),
          storeBytes(3),
          moved(at, 4),
        ),
        i32.isAbove(i32.sub(get(end), get(at)), i32.constant(4)),
      ),
    ),
    set(quantum, joined(kept(sextet(0)), kept(sextet(1)))),
    when(
      isPadding(3),
      seq(
        when(
          isPadding(2),
          seq(set(quantum, i32.shiftLeft(get(quantum), i32.constant(12))), ended(0xffff, 1)),
        ),
        set(quantum, i32.shiftLeft(joined(get(quantum), kept(sextet(2))), i32.constant(6))),
        ended(0xff, 2),
      ),
    ),
    set(quantum, joined(joined(get(quantum), kept(sextet(2))), kept(sextet(3)))),
    ended(0, 3),
    zero,
  )
  return { name: 'decode', parameters: 3, returns: true, locals: locals.types, body }
}

export interface RecordLimits {
  readonly countMax: number
  /** In bytes: characters, as only ASCII is plain. */
  readonly keyMax: number
}

/**
 * `read(at, to)`: reads the records of a list, from behind its bracket on, and writes them as they are stored. Says where the list ends;
 * 0 where there is anything that isn't plain.
 */
function read({ countMax, keyMax }: RecordLimits): WasmFunction {
  const [at, to] = [0, 1]
  const locals = new Locals(2)
  const [first, count, total, largest] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [keyAt, keyEnd, dataAt, dataEnd, end] = locals.some(5, I32) as [Local, Local, Local, Local, Local]
  const payload = locals.one(I32)
  const block = locals.one(V128)
  const varint = (value: Local) =>
    seq(
      when(
        i32.isAbove(get(value), i32.constant(127)),
        repeatWhile(
          seq(
            i32.store8(get(to), i32.or(get(value), i32.constant(128))),
            moved(to, 1),
            set(value, i32.shiftRight(get(value), i32.constant(7))),
          ),
          i32.isAbove(get(value), i32.constant(127)),
        ),
      ),
      i32.store8(get(to), get(value)),
      moved(to, 1),
    )
  const length = locals.one(I32)
  const keyBytes = i32.sub(get(keyEnd), get(keyAt))
  const endsWith = (place: number) =>
    i32.equal(char(i32.sub(get(dataEnd), i32.constant(place))), i32.constant(EQUALS))
  const one = i32.constant(1)
  const writeRecord = seq(
    failIf(i32.isZero(get(keyAt))),
    failIf(i32.isZero(get(dataAt))),
    failIf(i32.isZero(keyBytes)),
    failIf(i32.isAbove(keyBytes, i32.constant(keyMax))),
    // Three bytes for four characters, but for padding; of a text that isn't base64 this says nothing, and it fails below.
    set(length, i32.shiftRight(i32.sub(get(dataEnd), get(dataAt)), i32.constant(2))),
    set(length, i32.add(i32.add(get(length), get(length)), get(length))),
    when(get(length), set(length, i32.sub(i32.sub(get(length), endsWith(1)), endsWith(2)))),
    set(payload, i32.add(keyBytes, get(length))),
    set(end, keyBytes),
    varint(end),
    varint(length),
    set(end, i32.add(get(to), keyBytes)),
    copyShort(keyAt, to, end, block),
    set(to, call(DECODE, get(dataAt), get(dataEnd), get(to))),
    failIf(i32.equal(get(to), i32.constant(DECODING_FAILED))),
    set(total, i32.add(get(total), get(payload))),
    when(i32.isAbove(get(payload), get(largest)), set(largest, get(payload))),
    failIf(i32.isAbove(tee(count, i32.add(get(count), one)), i32.constant(countMax))),
  )
  const members = [
    { name: 'Data', at: dataAt, end: dataEnd, endOf: QUOTE_AT },
    { name: 'PartitionKey', at: keyAt, end: keyEnd, endOf: TEXT_END },
  ]
  const zero = i32.constant(0)
  const storeTotal = (place: number, value: Code) => i32.store(zero, value, TOTALS_AT + place * WORD_BYTES)
  const body = seq(
    set(first, get(to)),
    readObjects(at, locals, members, writeRecord),
    storeTotal(TOTAL.records, get(count)),
    storeTotal(TOTAL.bytes, i32.sub(get(to), get(first))),
    storeTotal(TOTAL.payload, get(total)),
    storeTotal(TOTAL.largest, get(largest)),
    get(at),
  )
  return { name: 'read', parameters: 2, returns: true, locals: locals.types, body }
}

/** The functions, in the order in which they call each other. */
export function readerFunctions(limits: RecordLimits) {
  return [
    { ...textEnd('textEnd'), name: 'textEnd' as const },
    { ...quoteAt(), name: 'quoteAt' as const },
    { ...decode(), name: 'decode' as const },
    { ...read(limits), name: 'read' as const },
  ]
}
