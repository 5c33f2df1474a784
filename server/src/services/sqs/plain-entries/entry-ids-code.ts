import { char, failIf, moved } from '../../../base/plain-json-code.ts'
import { type Code, get, I32, i32, type Local, repeatWhile, seq, set, when } from '../../../base/wasm-code.ts'
import type { Locals } from '../../../base/wasm-module.ts'

export const ENTRY_ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Where the entries' rows are, and where in each the places of its id are: of its first character, and behind its last one. */
export interface IdRows {
  readonly at: number
  readonly bytes: number
  readonly idAt: number
  readonly idEnd: number
}

/**
 * Gives back that an entry isn't plain where one before has the same id. `row` is its own row, into which nothing has to be written yet. Looks from their ends
 * on, since there they mostly differ.
 */
export function failIfIdCameBefore(
  rows: IdRows,
  row: Local,
  idAt: Local,
  idEnd: Local,
  locals: Locals,
): Code {
  const [before, back] = locals.some(2, I32) as [Local, Local]
  const zero = i32.constant(0)
  const idBytes = i32.sub(get(idEnd), get(idAt))
  const endBefore = i32.load(get(before), rows.idEnd)
  const bytesBefore = i32.sub(endBefore, i32.load(get(before), rows.idAt))
  const isSame = i32.equal(char(i32.sub(get(idEnd), get(back))), char(i32.sub(endBefore, get(back))))
  return seq(
    set(before, i32.constant(rows.at)),
    when(
      i32.isBelow(get(before), get(row)),
      repeatWhile(
        seq(
          when(
            i32.equal(idBytes, bytesBefore),
            seq(
              set(back, zero),
              repeatWhile(moved(back, 1), i32.and(isSame, i32.isBelow(get(back), idBytes))),
              failIf(isSame),
            ),
          ),
          moved(before, rows.bytes),
        ),
        i32.isBelow(get(before), get(row)),
      ),
    ),
  )
}
