import { LETTERS_BYTES, OVERWRITTEN_BYTES_MAX, writeEscaped } from '../../base/json-text-code.ts'
import { writeLiteral } from '../../base/literal-code.ts'
import { char, failIf, moved } from '../../base/plain-json-code.ts'
import { type Code, call, get, I32, i32, type Local, seq, set, when } from '../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../base/wasm-module.ts'
import { hexDigits, uuidDigits } from '../../digests/text-code.ts'
import {
  FLAGS,
  FLAGS_AT,
  FORM,
  HAS_ATTRIBUTES,
  HAS_DEDUPLICATION_ID,
  HAS_GROUP_ID,
  HAS_TRACE_HEADER,
  ID_AT,
  MD5_AT,
  SENDER_AT,
} from './message-body.ts'
import { RECEIPT_HANDLE_CHARACTERS } from './receipt-handle.ts'
import { RECEIPT_ROOM_BYTES, writeHandle } from './receipt-handle-code.ts'

/** Longer answers, and longer messages, are not written here. */
export const RECEIVED_JSON_BYTES_MAX = 256 * 1024
/** What the answer begins with. */
export const OPENING = '{"Messages":['
/** A message up to its text, with a dot for each character that is its own. */
const HEAD = [
  '{"MessageId":"........-....-....-....-............',
  `","ReceiptHandle":"${'.'.repeat(RECEIPT_HANDLE_CHARACTERS)}`,
  '","MD5OfBody":"................................',
  '","Body":"',
].join('')
const TAIL = '"},'
/** A message's brace and comma, which come once more behind its attributes. */
export const TAIL_END_BYTES = 2
/** Of a message's JSON all but its text and its attributes, with what ends the list. */
export const BYTES_BESIDE_TEXTS = HEAD.length + TAIL.length + TAIL_END_BYTES

const ID_DIGITS_AT = HEAD.indexOf('.')
const HANDLE_AT = HEAD.indexOf('.', HEAD.indexOf('ReceiptHandle'))
const MD5_DIGITS_AT = HEAD.indexOf('.', HEAD.indexOf('MD5OfBody'))

const VECTOR_BYTES = 16

/**
 * ```
 *   0         32        80
 *   │ letters │ receipt │ a message, as it is stored │ the answer's JSON
 *
 *   letters   of what is written with a backslash (base/json-text-code.ts)
 *   receipt   its bytes (receipt-handle.ts)
 * ```
 */
export const LETTERS_AT = 0
export const RECEIPT_AT = LETTERS_AT + LETTERS_BYTES
export const STORED_AT = RECEIPT_AT + RECEIPT_ROOM_BYTES
export const JSON_AT = STORED_AT + RECEIVED_JSON_BYTES_MAX + VECTOR_BYTES
export const JSON_END = JSON_AT + RECEIVED_JSON_BYTES_MAX
export const MEMORY_BYTES = JSON_END + OVERWRITTEN_BYTES_MAX

const CALL = { writeHandle: 0, writeText: 1, hexDigits: 2, uuidDigits: 3 } as const

/**
 * `write(storedEnd, to)`: writes the message that lies there and ends there, and says where its JSON ends, with a comma; 0 where it's no message
 * (message-body.ts).
 */
function write(): WasmFunction {
  const [storedEnd, to] = [0, 1]
  const locals = new Locals(2)
  const [textAt, flags, bytes] = locals.some(3, I32) as [Local, Local, Local]
  const endsBefore = (place: Local) => i32.isAbove(get(place), get(storedEnd))
  /** What stands behind its length, if it is there. */
  const skip = (flag: number, length: Code, lengthBytes: number) =>
    when(
      i32.and(get(flags), i32.constant(flag)),
      seq(
        set(bytes, length),
        moved(textAt, lengthBytes),
        failIf(endsBefore(textAt)),
        failIf(i32.isAbove(get(bytes), i32.sub(get(storedEnd), get(textAt)))),
        set(textAt, i32.add(get(textAt), get(bytes))),
      ),
    )
  const behind = (local: Local, bytes: number): Code => i32.add(get(local), i32.constant(bytes))
  const storedAt = (place: number) => i32.constant(STORED_AT + place)
  const findText = seq(
    failIf(i32.notEqual(char(storedAt(0)), i32.constant(FORM))),
    set(flags, char(storedAt(FLAGS_AT))),
    failIf(i32.and(get(flags), i32.constant(~FLAGS))),
    set(textAt, i32.add(storedAt(SENDER_AT + 1), char(storedAt(SENDER_AT)))),
    failIf(endsBefore(textAt)),
    skip(HAS_TRACE_HEADER, i32.load16(get(textAt)), 2),
    skip(HAS_GROUP_ID, char(get(textAt)), 1),
    skip(HAS_DEDUPLICATION_ID, char(get(textAt)), 1),
    skip(HAS_ATTRIBUTES, i32.load(get(textAt)), 4),
  )
  const body = seq(
    findText,
    writeLiteral(to, HEAD),
    call(CALL.uuidDigits, storedAt(ID_AT), behind(to, ID_DIGITS_AT)),
    call(CALL.writeHandle, i32.constant(RECEIPT_AT), behind(to, HANDLE_AT)),
    call(CALL.hexDigits, storedAt(MD5_AT), behind(to, MD5_DIGITS_AT)),
    set(to, call(CALL.writeText, get(textAt), get(storedEnd), behind(to, HEAD.length))),
    writeLiteral(to, TAIL),
    behind(to, TAIL.length),
  )
  return { name: 'write', parameters: 3, returns: true, locals: locals.types, body }
}

/** The functions, at their places. */
export function receivedFunctions() {
  return [
    writeHandle('writeHandle'),
    writeEscaped('writeText', LETTERS_AT),
    hexDigits('hexDigits'),
    uuidDigits('uuidDigits'),
    write(),
  ]
}
