import { copyShort, writeLiteral } from '../../../base/literal-code.ts'
import {
  char,
  escapedTextEnd,
  failIf,
  JSON_PADDING_BYTES,
  moved,
  readObjects,
  textEndAmong,
  writeUnescaped,
} from '../../../base/plain-json-code.ts'
import {
  type Code,
  call,
  get,
  I32,
  i32,
  type Local,
  repeatWhile,
  seq,
  set,
  V128,
  v128,
  when,
} from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'
import {
  ENTRY,
  ENTRY_BYTES,
  LANE_WORDS_BYTES,
  md5OfEight,
  md5OfOne,
  md5OfSome,
  PADDING_BYTES_MAX,
  SPREAD_CONSTANTS,
} from '../../../digests/md5-code.ts'
import {
  BLOCK_BYTES,
  HEAD_BYTES,
  SPREAD_CONSTANTS as SHA_CONSTANTS,
  sha256HeadsOfFour,
} from '../../../digests/sha256-code.ts'
import { hexDigits, uuidDigits } from '../../../digests/text-code.ts'
import {
  BATCH_ENTRIES_MAX,
  BATCH_ENTRY_ID_CHARACTERS_MAX,
  DEDUPLICATION_ID_CHARACTERS_MAX,
  GROUP_ID_CHARACTERS_MAX,
  TRACE_HEADER_BYTES_MAX,
} from '../limits.ts'
import {
  FLAGS_AT,
  HAS_DEDUPLICATION_ID,
  HAS_GROUP_ID,
  ID_AT,
  MD5_AT,
  SENDER_AT,
  SENDER_ID_BYTES_MAX,
} from '../message-body.ts'
import { ENTRY_ID_CHARACTERS, failIfIdCameBefore, type IdRows } from './entry-ids-code.ts'
import { KEY_BYTES, KEYS_MAX, nameKeys } from './name-keys-code.ts'

/** Longer JSON is not plain. */
export const PLAIN_BYTES_MAX = 256 * 1024

const VECTOR_BYTES = 16
const WORD_BYTES = 4
/** For each entry where its members begin and end, as JSON has them; zeros for those that it doesn't have. */
export const ROW = {
  ...{ idAt: 0, idEnd: 4, textAt: 8, textEnd: 12 },
  ...{ groupAt: 16, groupEnd: 20, deduplicationAt: 24, deduplicationEnd: 28 },
} as const
export const ROW_BYTES = 32
const DIGESTS_MAX = 16
const COMMON_BYTES_MAX = SENDER_AT + 1 + SENDER_ID_BYTES_MAX + 2 + TRACE_HEADER_BYTES_MAX
const NAMES_BYTES_MAX = GROUP_ID_CHARACTERS_MAX + DEDUPLICATION_ID_CHARACTERS_MAX
const HEAD_BYTES_MAX = COMMON_BYTES_MAX + 2 + NAMES_BYTES_MAX
const ANSWER_BYTES_MAX = 256

/**
 * Where things lie in the memory, one behind the other:
 *
 * ```
 *   texts       for MD5: of each text where it is, its bytes, where its digest is to be
 *   constants   of MD5
 *   words       blocks of eight texts
 *   escapes     256 bytes: for each character that may stand behind a backslash that which is meant
 *   rows        of the entries: u32 each
 *   totals      u32 entries │ u32 those in a group │ u32 those with a deduplication id │ u32 where the answers end
 *   ids         random bytes, 16 for each message, which become ids
 *   head        what stands before the text of each message, but for its id, digest, group and deduplication id
 *   answers     for each entry `{"Id":"…","MessageId":"…","MD5OfMessageBody":"…"},`
 *   shaConstants, keyBlocks, keyHeads   of SHA-256: see name-keys-code.ts
 *   keys        of the groups of all entries, then of their deduplication ids, 16 bytes each
 *   json        the request's body, then zeros
 *   messages    as they are stored, with padding behind each
 * ```
 */
const SIZES = {
  texts: DIGESTS_MAX * ENTRY_BYTES,
  constants: SPREAD_CONSTANTS.byteLength,
  words: LANE_WORDS_BYTES,
  escapes: 256,
  rows: BATCH_ENTRIES_MAX * ROW_BYTES,
  totals: 32,
  ids: BATCH_ENTRIES_MAX * 16,
  head: COMMON_BYTES_MAX + VECTOR_BYTES,
  answers: BATCH_ENTRIES_MAX * ANSWER_BYTES_MAX,
  shaConstants: SHA_CONSTANTS.byteLength,
  keyBlocks: KEYS_MAX * BLOCK_BYTES + VECTOR_BYTES,
  keyHeads: KEYS_MAX * HEAD_BYTES,
  keys: KEYS_MAX * KEY_BYTES,
  json: PLAIN_BYTES_MAX + 2 * JSON_PADDING_BYTES,
  messages: PLAIN_BYTES_MAX + BATCH_ENTRIES_MAX * (HEAD_BYTES_MAX + PADDING_BYTES_MAX),
}

export type Part = keyof typeof SIZES

function placed(): { readonly at: Readonly<Record<Part, number>>; readonly end: number } {
  const at: Partial<Record<Part, number>> = {}
  let end = 0
  for (const [part, bytes] of Object.entries(SIZES)) {
    at[part as Part] = end
    end += Math.ceil(bytes / VECTOR_BYTES) * VECTOR_BYTES
  }
  return { at: at as Record<Part, number>, end }
}

export const { at: AT, end: MEMORY_BYTES } = placed()
const ID_ROWS: IdRows = { at: AT.rows, bytes: ROW_BYTES, idAt: ROW.idAt, idEnd: ROW.idEnd }
/** The places of the totals. */
export const TOTAL = { entries: 0, groups: 1, deduplications: 2, answersEnd: 3 } as const

/** What may stand behind a backslash, and what it means; others stand for characters that no message may have, or any. */
export const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '"', '\\': '\\', '/': '/' },
  ...{ n: '\n', r: '\r', t: '\t' },
}

/** Of groups and deduplication ids: all of ASCII that can be seen. */
const NAME_CHARACTERS = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i))
/** No id of either kind is longer. */
const NAME_CHARACTERS_MAX = GROUP_ID_CHARACTERS_MAX

/** The places of functions. */
const CALL = {
  ...{ idEnd: 0, nameEnd: 1, bodyEnd: 2, writeText: 3 },
  ...{ md5OfOne: 4, md5OfEight: 5, md5OfSome: 6, hexDigits: 7, uuidDigits: 8, sha256HeadsOfFour: 9 },
} as const

const storeTotal = (place: number, value: Code): Code =>
  i32.store(i32.constant(0), value, AT.totals + place * WORD_BYTES)

const total = (place: number): Code => i32.load(i32.constant(0), AT.totals + place * WORD_BYTES)

/** `read(at)`: reads the entries of a list, from behind its bracket on, and says where it ends; 0 where there is anything that isn't plain. */
function read(): WasmFunction {
  const at = 0
  const locals = new Locals(1)
  const [row, idAt, idEnd, textAt, end] = locals.some(5, I32) as [Local, ...[Local, Local], ...[Local, Local]]
  const [groupAt, groupEnd, deduplicationAt, deduplicationEnd] = locals.some(4, I32) as [
    ...[Local, Local],
    ...[Local, Local],
  ]
  const [groups, deduplications] = locals.some(2, I32) as [Local, Local]
  const zero = i32.constant(0)
  const addOneIf = (total: Local, isThere: Local) =>
    set(total, i32.add(get(total), i32.notEqual(get(isThere), zero)))
  const rowsEnd = AT.rows + BATCH_ENTRIES_MAX * ROW_BYTES
  const takeEntry = seq(
    failIf(i32.isZero(get(idAt))),
    // Which is missing or empty.
    failIf(i32.equal(get(textAt), get(end))),
    failIf(i32.equal(get(row), i32.constant(rowsEnd))),
    failIfIdCameBefore(ID_ROWS, row, idAt, idEnd, locals),
    addOneIf(groups, groupAt),
    addOneIf(deduplications, deduplicationAt),
    i32.store(get(row), get(idAt), ROW.idAt),
    i32.store(get(row), get(idEnd), ROW.idEnd),
    i32.store(get(row), get(textAt), ROW.textAt),
    i32.store(get(row), get(end), ROW.textEnd),
    i32.store(get(row), get(groupAt), ROW.groupAt),
    i32.store(get(row), get(groupEnd), ROW.groupEnd),
    i32.store(get(row), get(deduplicationAt), ROW.deduplicationAt),
    i32.store(get(row), get(deduplicationEnd), ROW.deduplicationEnd),
    moved(row, ROW_BYTES),
  )
  const members = [
    { name: 'Id', at: idAt, end: idEnd, endOf: CALL.idEnd },
    { name: 'MessageBody', at: textAt, end, endOf: CALL.bodyEnd },
    { name: 'MessageGroupId', at: groupAt, end: groupEnd, endOf: CALL.nameEnd },
    { name: 'MessageDeduplicationId', at: deduplicationAt, end: deduplicationEnd, endOf: CALL.nameEnd },
  ]
  const body = seq(
    set(row, i32.constant(AT.rows)),
    readObjects(at, locals, members, takeEntry),
    storeTotal(
      TOTAL.entries,
      i32.shiftRight(i32.sub(get(row), i32.constant(AT.rows)), i32.constant(Math.log2(ROW_BYTES))),
    ),
    storeTotal(TOTAL.groups, get(groups)),
    storeTotal(TOTAL.deduplications, get(deduplications)),
    get(at),
  )
  return { name: 'read', parameters: 1, returns: true, locals: locals.types, body }
}

/** Random bytes become an id by these bits, which say that it's a UUID of version 4. */
const UUID_BITS = { kept: Array(16).fill(0xff), set: Array(16).fill(0) }
for (const [place, kept, bits] of [
  [6, 0x0f, 0x40],
  [8, 0x3f, 0x80],
] as const) {
  UUID_BITS.kept[place] = kept
  UUID_BITS.set[place] = bits
}

/**
 * `encode(headBytes)`: writes the messages of the entries as they are stored, and the answers. Says where the messages end. Of message number i
 * the text is where `texts` says, and its head before.
 */
function encode(): WasmFunction {
  const headBytes = 0
  const locals = new Locals(1)
  const [to, row, rowsEnd, text, start, textAt, id, from, end] = locals.some(9, I32) as [
    Local,
    ...[Local, Local, Local, Local],
    ...[Local, Local, Local, Local],
  ]
  const block = locals.one(V128)
  const appendShort = (source: Code, bytes: Code) =>
    seq(set(from, source), set(end, i32.add(get(to), bytes)), copyShort(from, to, end, block))
  const append = (literal: string) => seq(writeLiteral(to, literal), moved(to, literal.length))
  const eachRow = (step: Code) =>
    seq(
      set(row, i32.constant(AT.rows)),
      set(text, i32.constant(AT.texts)),
      set(id, i32.constant(AT.ids)),
      repeatWhile(
        seq(step, moved(row, ROW_BYTES), moved(text, ENTRY_BYTES), moved(id, 16)),
        i32.isBelow(get(row), get(rowsEnd)),
      ),
    )
  const entries = total(TOTAL.entries)
  const newId = v128.or(
    v128.and(v128.load(get(id)), v128.constant(UUID_BITS.kept)),
    v128.constant(UUID_BITS.set),
  )
  const member = (field: number) => i32.load(get(row), field)
  const bytesOf = (at: number, end: number) => i32.sub(member(end), member(at))
  /** Writes a name behind its length, where there is one, and says so in the message's flags. */
  const writeName = (at: number, end: number, flag: number) =>
    when(
      member(at),
      seq(
        i32.store8(get(start), i32.or(char(get(start), FLAGS_AT), i32.constant(flag)), FLAGS_AT),
        i32.store8(get(to), bytesOf(at, end)),
        moved(to, 1),
        appendShort(member(at), bytesOf(at, end)),
      ),
    )
  const writeMessage = seq(
    i32.store(get(text), i32.add(get(to), i32.constant(MD5_AT)), ENTRY.digestAt),
    set(start, get(to)),
    appendShort(i32.constant(AT.head), get(headBytes)),
    v128.store(get(id), newId),
    v128.store(get(start), v128.load(get(id)), ID_AT),
    writeName(ROW.groupAt, ROW.groupEnd, HAS_GROUP_ID),
    writeName(ROW.deduplicationAt, ROW.deduplicationEnd, HAS_DEDUPLICATION_ID),
    set(textAt, get(to)),
    set(to, call(CALL.writeText, member(ROW.textAt), member(ROW.textEnd), get(to))),
    i32.store(get(text), get(textAt), ENTRY.textAt),
    i32.store(get(text), i32.sub(get(to), get(textAt)), ENTRY.textBytes),
    moved(to, PADDING_BYTES_MAX),
  )
  const digestAt = i32.load(get(text), ENTRY.digestAt)
  const writeAnswer = seq(
    append('{"Id":"'),
    appendShort(member(ROW.idAt), bytesOf(ROW.idAt, ROW.idEnd)),
    append('","MessageId":"'),
    call(CALL.uuidDigits, i32.sub(digestAt, i32.constant(MD5_AT - ID_AT)), get(to)),
    moved(to, 36),
    append('","MD5OfMessageBody":"'),
    call(CALL.hexDigits, digestAt, get(to)),
    moved(to, 32),
    append('"},'),
  )
  const messagesEnd = locals.one(I32)
  const body = seq(
    set(rowsEnd, i32.add(i32.constant(AT.rows), i32.shiftLeft(entries, i32.constant(Math.log2(ROW_BYTES))))),
    set(to, i32.constant(AT.messages)),
    eachRow(writeMessage),
    set(messagesEnd, get(to)),
    call(CALL.md5OfSome, entries),
    set(to, i32.constant(AT.answers)),
    eachRow(writeAnswer),
    storeTotal(TOTAL.answersEnd, get(to)),
    get(messagesEnd),
  )
  return { name: 'encode', parameters: 1, returns: true, locals: locals.types, body }
}

/** The functions, at their places. */
export function sendsFunctions() {
  return [
    textEndAmong('idEnd', ENTRY_ID_CHARACTERS, BATCH_ENTRY_ID_CHARACTERS_MAX),
    textEndAmong('nameEnd', NAME_CHARACTERS, NAME_CHARACTERS_MAX),
    escapedTextEnd('bodyEnd', AT.escapes),
    writeUnescaped('writeText', AT.escapes),
    md5OfOne('md5OfOne'),
    md5OfEight('md5OfEight', { constantsAt: AT.constants, wordsAt: AT.words }),
    md5OfSome('md5OfSome', { entriesAt: AT.texts, one: CALL.md5OfOne, eight: CALL.md5OfEight }),
    hexDigits('hexDigits'),
    uuidDigits('uuidDigits'),
    sha256HeadsOfFour('sha256HeadsOfFour', { constantsAt: AT.shaConstants }),
    read(),
    encode(),
    nameKeys('nameKeys', {
      ...{ count: total(TOTAL.entries), rowsAt: AT.rows, rowBytes: ROW_BYTES },
      ...{ groupAt: ROW.groupAt, deduplicationAt: ROW.deduplicationAt },
      ...{ blocksAt: AT.keyBlocks, headsAt: AT.keyHeads, keysAt: AT.keys },
      headsOfFour: CALL.sha256HeadsOfFour,
    }),
  ]
}
