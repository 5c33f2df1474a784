import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileModel } from '../../../api/compile-model.ts'
import { compileFindViolations } from '../../../api/find-violations.ts'
import { sqsModel } from '../../../api/generated/sqs-model.ts'
import type { Operation, Request } from '../../../api/operation.ts'
import { membersOf, SelfWritten } from '../../../api/self-written.ts'
import { SeededRandom } from '../../../base/random.ts'
import { inRow, KEY_WORDS } from '../../../core/key.ts'
import { deduplicationKey, groupKey } from '../../../core/keys.ts'
import { InvalidParameterValue } from '../errors.ts'
import { StoredMessage } from '../message-body.ts'
import { sendMessageBatch } from '../operations/send-message-batch.ts'
import {
  NO_COOLDOWNS,
  NOTHING_LANDED,
  TEST_FIFO_QUEUE_URL,
  TEST_QUEUE_URL,
  TEST_REQUEST,
  TEST_TOKEN_KEY,
  TestCell,
} from '../test-cell.ts'
import { plainSendsReader } from './plain-sends.ts'
import { PLAIN_BYTES_MAX } from './sends-code.ts'

const findViolations = compileFindViolations(
  compileModel('sqs', sqsModel).operations.get('SendMessageBatch')!.input,
  false,
)
const reader = plainSendsReader()!

const bodyOf = (list: string) => Buffer.from(`{"QueueUrl":"${TEST_QUEUE_URL}","Entries":${list}}`)
const listOf = (body: Buffer) => reader.read(body, body.indexOf('[') + 1)
const read = (list: string) => listOf(bodyOf(list))?.list ?? null
const entry = (Id: string, MessageBody = `body of ${Id}`) => ({ Id, MessageBody })

interface Sending {
  readonly queueUrl?: string
  readonly replies?: readonly unknown[]
  readonly traceHeader?: string | undefined
}

/** What the cell is asked when these entries are sent, and what their sender is told. */
async function sent(Entries: unknown, { queueUrl = TEST_QUEUE_URL, replies, traceHeader }: Sending) {
  const cell = new TestCell([replies])
  const { run }: Operation = sendMessageBatch({
    ...{ cell, random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY },
    ...{ cooldowns: NO_COOLDOWNS, readLanded: NOTHING_LANDED },
  })
  const send: (input: never, request: Request) => Promise<object> = run
  const output = await send({ QueueUrl: queueUrl, Entries } as never, { ...TEST_REQUEST, traceHeader })
  const commands = cell.commands.map(({ bodies, ...command }) => ({
    ...command,
    bodies: bodies!.map((body) => Buffer.from(body).toString('latin1')),
  }))
  const own = output instanceof SelfWritten ? output.json() : null
  const members = JSON.stringify(membersOf(output))
  return { commands, members, answer: own ?? members }
}

/** The list as it is parsed and checked where it isn't plain; null where it's refused by then. */
function parsedByModel(list: string): readonly unknown[] | null {
  let Entries: unknown
  try {
    Entries = JSON.parse(list)
  } catch {
    return null
  }
  if (!Array.isArray(Entries)) return null
  return findViolations({ QueueUrl: TEST_QUEUE_URL, Entries }).length > 0 ? null : Entries
}

/** What is read of the list is sent and answered as what is parsed of it. */
async function expectAsParsed(list: string, plain: object, sending: Sending): Promise<void> {
  const found = await sent(plain, sending)
  expect(found).toEqual(await sent(parsedByModel(list), sending))
}

const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,80}$/), { minLength: 1, maxLength: 10 })
const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 400 }) },
  { weight: 2, arbitrary: fc.json().map((json) => `${json}\n\t\r`) },
  { weight: 1, arbitrary: fc.stringMatching(/^["\\/\n]{1,60}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }) },
)
const spaces = fc.nat(2).map((count) => ' '.repeat(count))

const name = fc.oneof(
  { weight: 20, arbitrary: fc.stringMatching(/^[!#-[\]-~]{1,128}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^[!-~]{1,129}$/) },
)

/** As clients write it: spaces between, members in either order, those of FIFO queues in all entries, in none, or in some. */
const anyList = fc
  .tuple(
    ids,
    fc.array(fc.record({ text, name, other: name, mixed: fc.nat(3), isReversed: fc.boolean() }), {
      ...{ minLength: 10, maxLength: 10 },
    }),
    fc.constantFrom('none', 'all', 'groups', 'some'),
    spaces,
  )
  .map(([entryIds, contents, named, gap]) => {
    const objects = entryIds.map((id, i) => {
      const { text: body, name: group, other, mixed, isReversed } = contents[i]!
      const members = [`"Id":${gap}"${id}"`, `"MessageBody":${gap}${JSON.stringify(body)}`]
      const isMixed = (bit: number) => named === 'some' && (mixed & bit) !== 0
      if (named === 'all' || named === 'groups' || isMixed(1)) {
        members.push(`"MessageGroupId":${gap}${JSON.stringify(group)}`)
      }
      if (named === 'all' || isMixed(2)) {
        members.push(`"MessageDeduplicationId":${gap}${JSON.stringify(other)}`)
      }
      if (isReversed) members.reverse()
      return `{${members.join(`,${gap}`)}}`
    })
    return `[${gap}${objects.join(`${gap},`)}${gap}]`
  })

const refusal = { error: InvalidParameterValue, message: 'a "reason"' }
const outcomesOf = fc.array(fc.constantFrom('sent', 'sent', 'duplicate', 'refused'), {
  ...{ minLength: 10, maxLength: 10 },
})

/** What the cell says of so many messages. */
function repliesOf(outcomes: readonly string[], { length }: readonly unknown[], isFifo: boolean) {
  return outcomes.slice(0, length).map((outcome, i) => {
    if (outcome === 'refused') return refusal
    if (!isFifo) return null
    return { incarnation: 3, slot: i, duplicateOf: outcome === 'sent' ? null : new Uint32Array(4).fill(i) }
  })
}
const traceHeaders = fc.constantFrom(undefined, 'Root=1-5759e988', 'é', '')

/** The entries that reach the cell. */
const acceptedOf = (list: string, isFifo: boolean): readonly unknown[] =>
  JSON.parse(list).filter(({ MessageGroupId, MessageDeduplicationId }: Readonly<Record<string, string>>) =>
    isFifo ? MessageGroupId !== undefined : MessageDeduplicationId === undefined,
  )

/** What isn't plain in texts that were written by `JSON.stringify`. */
const UNUSUAL = /[^\t\n\r\x20-\x7f]/
const NAME = /^[!#-[\]-~]{1,128}$/
const isUnusual = (list: string) =>
  JSON.parse(list).some(
    ({ MessageBody, MessageGroupId = '-', MessageDeduplicationId = '-' }: Readonly<Record<string, string>>) =>
      UNUSUAL.test(MessageBody!) || !NAME.test(MessageGroupId) || !NAME.test(MessageDeduplicationId),
  )

describe('entries', () => {
  test('as clients write them are sent and answered as those that are parsed', async () => {
    let readCount = 0
    await fc.assert(
      fc.asyncProperty(anyList, outcomesOf, traceHeaders, async (list, outcomes, traceHeader) => {
        const isPlain = !isUnusual(list)
        expect(read(list) !== null).toBe(isPlain)
        if (!isPlain) return
        readCount++
        expect(read(list)!.members()).toEqual(JSON.parse(list))
        for (const queueUrl of [TEST_QUEUE_URL, TEST_FIFO_QUEUE_URL]) {
          const isFifo = queueUrl === TEST_FIFO_QUEUE_URL
          const answers = (all: readonly string[]) => repliesOf(all, acceptedOf(list, isFifo), isFifo)
          for (const replies of [answers(outcomes), answers(Array(10).fill('sent'))]) {
            await expectAsParsed(list, read(list)!, { queueUrl, replies, traceHeader })
          }
        }
      }),
      { numRuns: 500 },
    )
    expect(readCount).toBeGreaterThan(50)
  })

  test('that something was done to are sent as those that are parsed, or not read at all', async () => {
    const pieces = fc.oneof(
      fc.constantFrom(...'"\\{}[],: \t\n\0\x7fé.', '""', '\\"', '\\\\', '\\n', '\\u0041', '\\b', '\\'),
      fc.constantFrom('"Id":"a"', '"MessageBody":"m"', '"DelaySeconds":1', 'null', '"Id"', 'MessageBody'),
      fc.constantFrom('},{', '","', '"},{"Id":"b","MessageBody":"', '"MessageGroupId":"g",'),
      fc.string({ maxLength: 3 }),
    )
    let readCount = 0
    await fc.assert(
      fc.asyncProperty(anyList, fc.nat(), fc.nat(3), pieces, async (list, position, removed, piece) => {
        const at = position % (list.length + 1)
        const body = bodyOf(list.slice(0, at) + piece + list.slice(at + removed))
        const found = listOf(body)
        if (found === null) return
        readCount++
        // What was read may end before what was broken: then the rest of the body is for the caller to judge.
        const taken = body.toString('utf8', body.indexOf('['), found.end)
        const replies = acceptedOf(taken, false).map(() => null)
        await expectAsParsed(taken, found.list, { replies })
      }),
      { numRuns: 3000 },
    )
    expect(readCount).toBeGreaterThan(100)
  })

  test('of no bytes are read that are not JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(reader.read(Buffer.concat([Buffer.from('['), bytes]), 1)).toBeNull()
      }),
      { numRuns: 1000 },
    )
  })
})

const ID = /^[A-Za-z0-9_-]{1,80}$/
/** Of characters below 128. */
const isAllowed = (code: number) => code >= 0x20 || [9, 10, 13].includes(code)

describe('each character', () => {
  test.each(['MessageGroupId', 'MessageDeduplicationId'])('of a %s is one of those allowed', (member) => {
    for (const code of codes) {
      const list = JSON.stringify([{ ...entry('a'), [member]: `${'n'.repeat(17)}?` }])
      expect([code, withByte(list, code) !== null]).toEqual([code, NAME.test(String.fromCharCode(code))])
    }
  })

  const codes = Array.from({ length: 256 }, (_, code) => code)

  /** The entry with a byte at the place of the question mark. */
  const withByte = (list: string, code: number) => {
    const body = bodyOf(list)
    body[body.indexOf('?')] = code
    return listOf(body)?.list ?? null
  }

  test.each([0, 1, 14, 15, 16, 31, 40])('of an id is one of those allowed, behind %i others', (before) => {
    for (const code of codes) {
      const list = JSON.stringify([entry(`${'i'.repeat(before)}?`)])
      const isId = ID.test(String.fromCharCode(code))
      expect([code, withByte(list, code) !== null]).toEqual([code, isId])
    }
  })

  test.each([0, 1, 14, 15, 16, 31, 40])('of a text stands for itself, behind %i others', async (before) => {
    for (const code of codes) {
      const list = JSON.stringify([entry('a', `${'x'.repeat(before)}?y`)])
      const isPlain = code >= 0x20 && code < 0x80 && code !== 0x5c && code !== 0x22
      const found = withByte(list, code)
      expect([code, found !== null]).toEqual([code, isPlain])
      if (found === null) continue
      const { bodies } = found.encode({ senderId: 'AIDA', traceHeader: undefined }, new Uint8Array(16))
      const sentText = `${'x'.repeat(before)}${String.fromCharCode(code)}y`
      expect(new StoredMessage(bodies[0]!).text).toBe(sentText)
    }
  })

  test('behind a backslash means what JSON says, if it is one of those allowed', () => {
    for (const code of codes) {
      const found = withByte('[{"Id":"a","MessageBody":"x\\?y"}]', code)
      let meant: string | null = null
      try {
        meant = JSON.parse(`"\\${String.fromCharCode(code)}"`)
      } catch {}
      const isPlain = meant !== null && isAllowed(meant.charCodeAt(0))
      expect([code, found !== null]).toEqual([code, isPlain])
      if (found === null) continue
      const { bodies } = found.encode({ senderId: 'AIDA', traceHeader: undefined }, new Uint8Array(16))
      expect(new StoredMessage(bodies[0]!).text).toBe(`x${meant}y`)
    }
  })
})

test('texts of every length, with an escape at every place, are stored as they are meant', () => {
  for (let length = 1; length < 70; length++) {
    const texts = Array.from({ length }, (_, at) => `${'a'.repeat(at)}"${'b'.repeat(length - at)}`)
    texts.push('c'.repeat(length), '\\'.repeat(length), '\n'.repeat(length))
    for (const body of texts) {
      const plain = read(JSON.stringify([entry('a', body), entry('b', `${body}.`)]))!
      const { bodies } = plain.encode({ senderId: 'AIDA', traceHeader: undefined }, new Uint8Array(32))
      expect(bodies.map((bytes) => new StoredMessage(bytes).text)).toEqual([body, `${body}.`])
    }
  }
})

describe('keys', () => {
  const encodedKeys = (names: readonly { readonly group?: string; readonly deduplication?: string }[]) => {
    const entries = names.map(({ group, deduplication }, i) => ({
      ...entry(`${i}`),
      ...(group !== undefined && { MessageGroupId: group }),
      ...(deduplication !== undefined && { MessageDeduplicationId: deduplication }),
    }))
    const plain = read(JSON.stringify(entries))!
    return plain.encode({ senderId: 'AIDA', traceHeader: undefined }, new Uint8Array(16 * names.length)).keys
  }
  const NO_KEY = new Uint32Array(KEY_WORDS)
  const keysOf = (names: Parameters<typeof encodedKeys>[0]) => ({
    groupKeys: inRow(names.map(({ group }) => (group === undefined ? NO_KEY : groupKey(group)))),
    deduplicationKeys: inRow(
      names.map(({ deduplication: id }) => (id === undefined ? NO_KEY : deduplicationKey(id))),
    ),
  })

  test('are those of the names, of every length', () => {
    for (let length = 1; length <= 128; length++) {
      const names = Array.from({ length: 10 }, (_, i) => ({
        group: 'g'.repeat(length - 1) + i,
        deduplication: 'd'.repeat(Math.max(0, length - 2)) + i,
      }))
      expect(encodedKeys(names)).toEqual(keysOf(names))
    }
  })

  test('are there where there are names, however many, whichever are the same, and long or short', () => {
    const shortOrLong = fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom('a', 'b', 'a'.repeat(20), 'a'.repeat(41)) },
      { weight: 10, arbitrary: fc.stringMatching(/^[!#-[\]-~]{1,41}$/) },
      { weight: 1, arbitrary: fc.stringMatching(/^[!#-[\]-~]{42,128}$/) },
    )
    const named = fc.record({ group: shortOrLong, deduplication: shortOrLong }, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.array(named, { minLength: 1, maxLength: 10 }), (names) => {
        const expected = keysOf(names)
        const { groupKeys, deduplicationKeys } = encodedKeys(names)
        if (names.every(({ group, deduplication }) => (group ?? deduplication) === undefined)) {
          expect([groupKeys.length, deduplicationKeys.length]).toEqual([0, 0])
        } else {
          expect({ groupKeys, deduplicationKeys }).toEqual(expected)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  ['an empty group id', '[{"Id":"a","MessageBody":"m","MessageGroupId":""}]'],
  ['a group id twice', '[{"Id":"a","MessageBody":"m","MessageGroupId":"g","MessageGroupId":"g"}]'],
  ['a group id with a space', '[{"Id":"a","MessageBody":"m","MessageGroupId":"a group"}]'],
  ['a group id that is too long', JSON.stringify([{ ...entry('a'), MessageGroupId: 'g'.repeat(129) }])],
  ['an empty deduplication id', '[{"Id":"a","MessageBody":"m","MessageDeduplicationId":""}]'],
  ['another name, as long', '[{"Id":"a","MessageBody":"m","MessageDeduplicationIT":"d"}]'],
  ['no entries', '[]'],
  ['an entry without an id', '[{"MessageBody":"m"}]'],
  ['an entry without a text', '[{"Id":"a"}]'],
  ['an empty entry', '[{}]'],
  ['a member twice', '[{"Id":"a","Id":"b","MessageBody":"m"}]'],
  ['an empty text, and then another', '[{"Id":"a","MessageBody":"","MessageBody":"m"}]'],
  ['another member', '[{"Id":"a","MessageBody":"m","DelaySeconds":1}]'],
  ['a member that is nothing', '[{"Id":"a","MessageBody":"m","DelaySeconds":null}]'],
  ['an empty id', '[{"Id":"","MessageBody":"m"}]'],
  ['an empty text', '[{"Id":"a","MessageBody":""}]'],
  ['an id that is too long', JSON.stringify([entry('i'.repeat(81))])],
  ['the same id twice', JSON.stringify([entry('a'), entry('b'), entry('a')])],
  ['the same long id twice', JSON.stringify([entry('i'.repeat(80)), entry('i'.repeat(80))])],
  ['eleven entries', JSON.stringify(Array.from({ length: 11 }, (_, i) => entry(`m${i}`)))],
  ['a name with an escape', '[{"\\u0049d":"a","MessageBody":"m"}]'],
  ['an id with an escape', '[{"Id":"\\u0061","MessageBody":"m"}]'],
  ['a text with a number for a character', '[{"Id":"a","MessageBody":"\\u0061"}]'],
  ['a text that ends with a backslash', '[{"Id":"a","MessageBody":"m\\"}]'],
  ['a text beyond ASCII', '[{"Id":"a","MessageBody":"é"}]'],
  ['a number for a text', '[{"Id":"a","MessageBody":1}]'],
  ['a line break', '[{"Id":"a",\n"MessageBody":"m"}]'],
  ['a comma too many', '[{"Id":"a","MessageBody":"m"},]'],
  ['a comma too many in an entry', '[{"Id":"a","MessageBody":"m",}]'],
])('a list with %s is left to the model', (_, list) => {
  expect(read(list)).toBeNull()
})

test('ids that differ in any one character are distinct', () => {
  for (const length of [1, 2, 15, 16, 17, 80]) {
    for (let at = 0; at < length; at++) {
      const id = 'i'.repeat(length)
      const other = `${id.slice(0, at)}j${id.slice(at + 1)}`
      expect(read(JSON.stringify([entry(id), entry(other), entry(`${'k'.repeat(length)}`)]))?.count).toBe(3)
      expect(read(JSON.stringify([entry(id), entry(other), entry(id)]))).toBeNull()
    }
  }
})

test('what is stored is not changed by the requests after it', () => {
  const encode = (body: string) =>
    read(JSON.stringify([entry('a', body), entry('b')]))!.encode(
      { senderId: 'AIDA', traceHeader: undefined },
      new Uint8Array(32),
    )
  const { bodies } = encode('first')
  for (let i = 1; i < 200; i++) encode('x'.repeat(3 * i))
  expect(bodies.map((body) => new StoredMessage(body).text)).toEqual(['first', 'body of b'])
})

test('what was read is not encoded any more when another request was read', () => {
  const plain = read(JSON.stringify([entry('a')]))!
  const head = { senderId: 'AIDA', traceHeader: undefined }
  for (const next of [JSON.stringify([entry('b')]), '[]']) {
    read(next)
    expect(() => plain.encode(head, new Uint8Array(16))).toThrow(/before another request/)
  }
})

test('a body that ends too early is not read on in the one before', () => {
  const body = bodyOf(JSON.stringify([entry('a', 'x'.repeat(40)), entry('b')]))
  const listEnd = listOf(body)!.end
  for (let end = body.indexOf('[') + 1; end < listEnd; end++) {
    expect(listOf(body)).not.toBeNull()
    expect(listOf(body.subarray(0, end))).toBeNull()
  }
})

test('a body is read up to its limit, and what it says is stored, whatever stands before its texts', async () => {
  const list = (length: number) => {
    const last = entry('last', 'x'.repeat(length))
    return JSON.stringify([...Array.from({ length: 9 }, (_, i) => entry(`m${i}`)), last])
  }
  const most = PLAIN_BYTES_MAX - bodyOf(list(0)).length
  const plain = read(list(most))!
  const sending = { replies: Array(10).fill(null), traceHeader: 't'.repeat(2048) }
  await expectAsParsed(list(most), plain, sending)
  expect(read(list(most + 1))).toBeNull()
})
