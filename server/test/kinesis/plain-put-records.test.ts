import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { SeededRandom } from '../../src/base/random.ts'
import { createDispatcher } from '../../src/protocol/dispatch.ts'
import { keptResponse } from '../../src/protocol/kept-response.ts'
import type { WireResponse } from '../../src/protocol/wire.ts'
import { kinesis } from '../../src/services/kinesis/service.ts'
import { TEST_REQUEST, TEST_TOKEN_KEY, TestCell } from '../../src/services/sqs/test-cell.ts'
import { START } from './scripted-kinesis.ts'
import { TestKeys } from './test-encryption.ts'

/** What is plain in a body is read by the operation; with a line break in it, the same body is read by the model's readers. */
const MAP = {
  ...{ version: 1, maxRecordKiB: 1024, keyId: null },
  shards: [0, 8].map((digit, number) => ({
    ...{ number, createdSecond: 1_767_000_000, startingHashKey: `${digit}${'0'.repeat(31)}` },
  })),
}

async function put(body: string, ...replies: readonly unknown[]) {
  const cell = new TestCell(replies)
  const service = kinesis({
    ...{ cell, random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY, now: () => START },
    ...{
      transitionMs: 0,
      throughputLimits: false,
      timers: { soon: queueMicrotask },
      encryption: new TestKeys().encryption,
    },
  })
  const headers = new Map([
    ['x-amz-target', 'Kinesis_20131202.PutRecords'],
    ['content-type', 'application/x-amz-json-1.1'],
  ])
  const report = (error: unknown) => {
    throw error
  }
  const call = createDispatcher([service], report).recognise({
    ...{ method: 'POST', path: '/', query: '', headers },
    body: Buffer.from(body),
  })
  if (call.kind !== 'call') throw new Error('the request was not recognised')
  const { status, body: answer }: WireResponse = await keptResponse((sink) =>
    call.execute(TEST_REQUEST, sink),
  )
  const commands = cell.commands.map((command) =>
    JSON.stringify(command, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ),
  )
  return { status, answer: Buffer.from(answer as string).toString(), commands }
}

const records = Array.from({ length: 50 }, (_, i) => ({
  Data: Buffer.from(`record ${i}`.repeat(i)).toString('base64'),
  PartitionKey: `device-${i}`,
}))
const answered = (firstIndexes: readonly (number | null)[], isEncrypted = false) => ({
  ...{ kind: 'put', now: START, isEncrypted, firstIndexes },
})

test.each([
  ['records that are taken', { Records: records, StreamName: 'orders' }, answered([3, 99])],
  ['records of an encrypted stream', { Records: records, StreamName: 'orders' }, answered([3, 99], true)],
  ['records that are refused in part', { StreamName: 'orders', Records: records }, answered([null, 7])],
  ['one record', { Records: records.slice(9, 10), StreamName: 'orders' }, answered([1])],
  ['no stream', { Records: records }, answered([1, 1])],
  ['a stream that can have no such name', { Records: records, StreamName: '?' }, answered([1, 1])],
  ['a stream that is no name', { Records: records, StreamName: 5 }, answered([1, 1])],
  [
    'records that are wrong',
    { Records: [{ Data: '?', PartitionKey: 'k' }], StreamName: 'orders' },
    answered([1]),
  ],
])('%s are answered alike, however they are read', async (_, input, outcome) => {
  const body = JSON.stringify(input)
  const plain = await put(body, MAP, outcome)
  expect(await put(`${body.slice(0, -1)}\n}`, MAP, outcome)).toEqual(plain)
  expect(await put(body.replace('"Records":[{', '"Records":[\n{'), MAP, outcome)).toEqual(plain)
})
