import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { inRow } from './key.ts'
import { attemptKey, bytesOf, deduplicationKey, groupKey, messageKeys, wordsOf, wordsOfAll } from './keys.ts'

/** Keys are in journals and snapshots: another way to make them would tear groups apart. */
const digest = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16)

test.each(['', 'a', 'order-17', 'grüße', '🛒'.repeat(40), 'x'.repeat(128)])(
  'the key of %j is the beginning of a SHA-256 of what it is and of its text',
  (text) => {
    expect(Buffer.from(bytesOf(groupKey(text)))).toEqual(digest(`group\0${text}`))
    expect(Buffer.from(bytesOf(deduplicationKey(text)))).toEqual(digest(`deduplication\0${text}`))
    expect(Buffer.from(bytesOf(attemptKey(text)))).toEqual(digest(`attempt\0${text}`))
  },
)

test('words are bytes, least significant first, wherever these lie', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => 0xf0 + i).subarray(3, 19)
  expect(wordsOf(bytes)[0]).toBe(0xf6f5f4f3)
  expect(bytesOf(wordsOf(bytes))).toEqual(Uint8Array.from(bytes))
})

test('a group has its key whether it comes for the first time, again, or after others in its place', () => {
  // More than are kept, and several times, so that many share a place.
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 6000; i++) {
      const group = `${i % 7}-group-${i}`
      for (let again = 0; again <= round; again++) {
        expect(bytesOf(groupKey(group)).join()).toBe(digest(`group\0${group}`).join())
      }
    }
  }
})

test('keys of several stand one behind the other, each as it is alone, however many', () => {
  for (const count of [0, 1, 2, 3, 4, 5, 9, 10, 2000]) {
    const texts = Array.from(
      { length: count },
      (_, i) => `${count} ${i % 3 === 0 ? 'ü' : ''}${'x'.repeat(i % 130)}`,
    )
    expect(messageKeys(texts.toReversed(), texts)).toEqual({
      groupKeys: inRow(texts.toReversed().map((text) => groupKey(text))),
      deduplicationKeys: inRow(texts.map((text) => deduplicationKey(text))),
    })
    const ids = texts.map((text) => bytesOf(groupKey(text)))
    expect(wordsOfAll(ids)).toEqual(inRow(ids.map(wordsOf)))
  }
})

test('groups have their keys in rows too, however often they are in one', () => {
  for (let round = 0; round < 500; round++) {
    const groups = Array.from({ length: 13 }, (_, i) => `row ${Math.floor(i / (1 + (round % 13)))}`)
    const expected = Buffer.concat(groups.map((group) => digest(`group\0${group}`)))
    const { groupKeys } = messageKeys(
      groups,
      groups.map((_, i) => `${round} ${i}`),
    )
    expect(Buffer.from(groupKeys.slice().buffer)).toEqual(expected)
  }
})

test('rows keep their keys when others are made', () => {
  const rows = Array.from({ length: 500 }, (_, i) => messageKeys(['a group', 'other'], [`${i}`, 'other']))
  for (const [i, { groupKeys, deduplicationKeys }] of rows.entries()) {
    expect(deduplicationKeys.subarray(0, 4)).toEqual(deduplicationKey(`${i}`))
    expect(groupKeys.subarray(0, 4)).toEqual(groupKey('a group'))
  }
})
