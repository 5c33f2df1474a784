import { copyShort, writeLiteral } from '../../../base/literal-code.ts'
import {
  char,
  failIf,
  JSON_PADDING_BYTES,
  moved,
  readObjects,
  textEndAmong,
} from '../../../base/plain-json-code.ts'
import { call, get, giveBack, I32, i32, type Local, seq, set, V128, when } from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'
import { BATCH_ENTRIES_MAX, BATCH_ENTRY_ID_CHARACTERS_MAX } from '../limits.ts'
import { RECEIPT_HANDLE_CHARACTERS } from '../receipt-handle.ts'
import { RECEIPT_ROOM_BYTES, readHandle } from '../receipt-handle-code.ts'
import { ENTRY_ID_CHARACTERS, failIfIdCameBefore, type IdRows } from './entry-ids-code.ts'

/** Longer JSON is not plain. */
export const PLAIN_BYTES_MAX = 16 * 1024

const VECTOR_BYTES = 16
const QUOTE = '"'.charCodeAt(0)
const ANSWER_START = '{"Successful":['
const ENTRY_START = '{"Id":"'
const ENTRY_END = '"},'
const ANSWER_END = ']}'
const ENTRY_ANSWER_BYTES_MAX = ENTRY_START.length + BATCH_ENTRY_ID_CHARACTERS_MAX + ENTRY_END.length

/**
 * Where things lie in the memory:
 *
 * ```
 *   totals     u32 where the answer ends │ u32 entries
 *   rows       of the entries: u32 where the id begins in the JSON, u32 where it ends
 *   receipts   of the entries: the bytes of their handles (receipt-handle.ts), and room
 *   answer     if all are deleted: {"Successful":[{"Id":"…"},{"Id":"…"}]}
 *   json       the request's body, then zeros
 * ```
 */
const ROWS: IdRows = { at: 16, bytes: 8, idAt: 0, idEnd: 4 }
export const ANSWER_END_AT = 0
export const ENTRIES_AT = 4
export const RECEIPT_BYTES = RECEIPT_ROOM_BYTES
export const RECEIPTS_AT = ROWS.at + BATCH_ENTRIES_MAX * ROWS.bytes
export const ANSWER_AT = RECEIPTS_AT + BATCH_ENTRIES_MAX * RECEIPT_BYTES
export const JSON_AT =
  ANSWER_AT + ANSWER_START.length + BATCH_ENTRIES_MAX * ENTRY_ANSWER_BYTES_MAX + VECTOR_BYTES
export const MEMORY_BYTES = JSON_AT + PLAIN_BYTES_MAX + JSON_PADDING_BYTES + 2 * RECEIPT_HANDLE_CHARACTERS

const CALL = { idEnd: 0, handleEnd: 1, readHandle: 2 } as const

/** `handleEnd(at)`: where the quotation mark is that ends a text as long as a handle; 0 where there is none. */
function handleEnd(): WasmFunction {
  const body = seq(
    when(
      i32.equal(char(get(0), RECEIPT_HANDLE_CHARACTERS), i32.constant(QUOTE)),
      giveBack(i32.add(get(0), i32.constant(RECEIPT_HANDLE_CHARACTERS))),
    ),
    i32.constant(0),
  )
  return { name: 'handleEnd', parameters: 1, returns: true, locals: [], body }
}

/** `read(at)`: reads the entries of a list, from behind its bracket on, and says where it ends; 0 where there is anything that isn't plain. */
function read(): WasmFunction {
  const at = 0
  const locals = new Locals(1)
  const [row, receipt, to] = locals.some(3, I32) as [Local, Local, Local]
  const [idAt, idEnd, handleAt, end] = locals.some(4, I32) as [Local, Local, Local, Local]
  const block = locals.one(V128)
  const zero = i32.constant(0)
  const writeAnswer = seq(
    writeLiteral(to, ENTRY_START),
    moved(to, ENTRY_START.length),
    set(end, i32.add(get(to), i32.sub(get(idEnd), get(idAt)))),
    copyShort(idAt, to, end, block),
    writeLiteral(to, ENTRY_END),
    moved(to, ENTRY_END.length),
  )
  const takeEntry = seq(
    failIf(i32.isZero(get(idAt))),
    failIf(i32.isZero(get(handleAt))),
    failIf(i32.equal(get(row), i32.constant(RECEIPTS_AT))),
    failIfIdCameBefore(ROWS, row, idAt, idEnd, locals),
    failIf(i32.isZero(call(CALL.readHandle, get(handleAt), get(receipt)))),
    i32.store(get(row), get(idAt), ROWS.idAt),
    i32.store(get(row), get(idEnd), ROWS.idEnd),
    writeAnswer,
    moved(row, ROWS.bytes),
    moved(receipt, RECEIPT_BYTES),
  )
  const members = [
    { name: 'Id', at: idAt, end: idEnd, endOf: CALL.idEnd },
    { name: 'ReceiptHandle', at: handleAt, end, endOf: CALL.handleEnd },
  ]
  const body = seq(
    set(row, i32.constant(ROWS.at)),
    set(receipt, i32.constant(RECEIPTS_AT)),
    set(to, i32.constant(ANSWER_AT)),
    writeLiteral(to, ANSWER_START),
    moved(to, ANSWER_START.length),
    readObjects(at, locals, members, takeEntry),
    // In the place of the last comma.
    moved(to, -1),
    writeLiteral(to, ANSWER_END),
    i32.store(zero, i32.add(get(to), i32.constant(ANSWER_END.length)), ANSWER_END_AT),
    i32.store(
      zero,
      i32.shiftRight(i32.sub(get(row), i32.constant(ROWS.at)), i32.constant(Math.log2(ROWS.bytes))),
      ENTRIES_AT,
    ),
    get(at),
  )
  return { name: 'read', parameters: 1, returns: true, locals: locals.types, body }
}

/** The functions, at their places. */
export function deletesFunctions() {
  return [
    textEndAmong('idEnd', ENTRY_ID_CHARACTERS, BATCH_ENTRY_ID_CHARACTERS_MAX),
    handleEnd(),
    readHandle('readHandle'),
    read(),
  ]
}
