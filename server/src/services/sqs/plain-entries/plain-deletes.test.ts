import fc from 'fast-check'
import { expect, test } from 'vitest'
import { receiptBatchResult } from '../batch.ts'
import type { Refusal } from '../commands.ts'
import { ReceiptHandleIsInvalid } from '../errors.ts'
import { decodeReceiptHandle, encodeReceiptHandle } from '../receipt-handle.ts'
import { type PlainDeletes, PlainDeletesDone, plainDeletes } from './plain-deletes.ts'

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const handle = fc
  .record({
    incarnation: fc.nat(2 ** 48 - 1),
    slot: fc.nat(2 ** 48 - 1),
    receiveNumber: fc.nat(2 ** 40 - 1),
    tagHigh: uint32,
    tagLow: uint32,
  })
  .map(encodeReceiptHandle)
const id = fc.oneof(
  { weight: 6, arbitrary: fc.uuid() },
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z0-9_-]{1,3}$/) },
  fc.stringMatching(/^[A-Za-z0-9_-]{79,81}$/),
)
const entry = fc.tuple(id, handle, fc.boolean())

interface Entry {
  readonly Id: string
  readonly ReceiptHandle: string
}

/** As clients of several languages write them. */
function written(entries: readonly (readonly [string, string, boolean])[], gap: string): string {
  const texts = entries.map(([Id, ReceiptHandle, isIdFirst]) => {
    const members = [`"Id":${gap}"${Id}"`, `"ReceiptHandle":${gap}"${ReceiptHandle}"`]
    return `{${(isIdFirst ? members : members.reverse()).join(`,${gap}`)}}`
  })
  return `${texts.join(`,${gap}`)}]`
}

function read(text: string) {
  const found = plainDeletes.read(Buffer.from(`xx${text}yy`, 'latin1'), 2)
  return found === null ? null : { list: found.list as PlainDeletes, text: text.slice(0, found.end - 2) }
}

/** Whether nothing is wrong with the entries, and there is nothing else in them. */
function isPlain(entries: readonly Entry[]): boolean {
  const areFit = entries.every(
    (each) =>
      Object.keys(each).length === 2 &&
      /^[A-Za-z0-9_-]{1,80}$/.test(each.Id) &&
      decodeReceiptHandle(each.ReceiptHandle) !== null,
  )
  const areDistinct = new Set(entries.map(({ Id }) => Id)).size === entries.length
  return areFit && areDistinct && entries.length > 0 && entries.length <= 10
}

function expectRead({ list, text }: NonNullable<ReturnType<typeof read>>): void {
  const entries: readonly Entry[] = JSON.parse(`[${text}`)
  expect(isPlain(entries)).toBe(true)
  expect(list.receipts).toEqual(entries.map(({ ReceiptHandle }) => decodeReceiptHandle(ReceiptHandle)))
  const done = new PlainDeletesDone(
    list,
    list.receipts.map(() => null),
  )
  expect(done.json()).toBe(JSON.stringify({ Successful: entries.map(({ Id }) => ({ Id })) }))
  const outcomes = list.receipts.map((_, i): Refusal | null =>
    i % 2 === 0 ? { error: ReceiptHandleIsInvalid, message: 'not {ReceiptHandle}' } : null,
  )
  const refused = new PlainDeletesDone(list, outcomes)
  expect(refused.json()).toBeNull()
  expect(refused.members()).toEqual(receiptBatchResult(entries, outcomes, []))
}

test('entries as clients write them are read as JSON would be, if nothing is wrong with them', () => {
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 11 }),
      fc.constantFrom('', ' '),
      (entries, gap) => {
        const text = written(entries, gap)
        const found = read(text)
        expect(found !== null).toBe(isPlain(JSON.parse(`[${text}`)))
        if (found === null) return
        expect(found.text).toBe(text)
        expectRead(found)
      },
    ),
    { numRuns: 500 },
  )
})

test('whatever is changed, what is read is what JSON has there', () => {
  const piece = fc.constantFrom(
    '"',
    '\\',
    ',',
    '{',
    '}',
    ']',
    ' ',
    '\0',
    '\xe9',
    'Id',
    '"Id":"a",',
    'A',
    '0',
    '[',
  )
  const change = fc.tuple(fc.nat(), fc.nat(3), piece)
  const entries = fc.array(entry, { minLength: 1, maxLength: 4 })
  let plain = 0
  fc.assert(
    fc.property(entries, fc.array(change, { minLength: 1, maxLength: 2 }), (each, changes) => {
      let text = written(each, '')
      for (const [at, removed, added] of changes) {
        const cut = at % text.length
        text = text.slice(0, cut) + added + text.slice(cut + removed)
      }
      const found = read(text)
      if (found === null) return
      plain++
      expectRead(found)
    }),
    { numRuns: 5_000 },
  )
  expect(plain).toBeGreaterThan(20)
})

test('a list that is cut short anywhere is none', () => {
  const text = written(
    [['a', encodeReceiptHandle({ incarnation: 1, slot: 2, receiveNumber: 3, tagHigh: 4, tagLow: 5 }), true]],
    '',
  )
  for (let end = 0; end < text.length; end++) {
    expect(plainDeletes.read(Buffer.from(text.slice(0, end)), 0)).toBeNull()
  }
})
