import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { membersOf } from '../../src/api/self-written.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { AesBodySeals } from '../../src/keys/aes-body-seals.ts'
import { sqs } from '../../src/services/sqs/service.ts'
import {
  NO_COOLDOWNS,
  NOTHING_LANDED,
  TEST_REQUEST,
  TEST_TOKEN_KEY,
} from '../../src/services/sqs/test-cell.ts'
import { NamedDataKeys } from '../kms/named-data-keys.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'

/** A queue with a key, on a disk that is small enough for messages to be moved from file to file. */
const START = Date.UTC(2026, 0, 1)
const SECRET = 'a secret of the north mill'
const KEY = { kmsMasterKeyId: 'k1', kmsDataKeyReusePeriodSeconds: 300 }
const QueueUrl = 'http://localhost/000000000000/sealed'

interface Received {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[]
}

/** Runs operations of SQS as requests do. */
function clientOf(cell: Cell, seed: number) {
  const encryption = {
    seals: new AesBodySeals(new NamedDataKeys(), new SeededRandom(seed)),
    keyOf: () => KEY,
    userOf: () => null,
  }
  const random = new SeededRandom(seed)
  const ports = { cell, random, tokenKey: TEST_TOKEN_KEY, encryption }
  const { operations } = sqs({ ...ports, cooldowns: NO_COOLDOWNS, readLanded: NOTHING_LANDED })
  return async (name: string, input: object): Promise<Received> => {
    const operation = operations.get(name)!
    return membersOf(await operation.run({ QueueUrl, ...input } as never, TEST_REQUEST))
  }
}

function filesOf(disk: SimulatedDisk) {
  return new Map(disk.names().map((name) => [name, Buffer.from(disk.contents(name))]))
}

test.each(['kill', 'crash'] as const)(
  'what is sealed is moved into cold files as it is, and opens after a %s',
  async (ending) => {
    const disk = new SimulatedDisk({ random: new SeededRandom(1) })
    const time = new SimulatedTime(START, new SeededRandom(2))
    const failures: Error[] = []
    const open = (on: SimulatedDisk, seed: number) =>
      openServer({
        ...{ disk: on, time, random: new SeededRandom(seed), limits: SMALL_FILES },
        onFailure: (error) => failures.push(error),
      })
    const kept: string[] = []
    const work = async () => {
      const ask = clientOf(await open(disk, 3), 4)
      const Attributes = { KmsMasterKeyId: KEY.kmsMasterKeyId }
      await ask('CreateQueue', { QueueName: 'sealed', Attributes })
      for (let round = 0; round < 150; round++) {
        const Entries = Array.from({ length: 10 }, (_, i) => ({
          ...{ Id: String(i), MessageBody: `${SECRET} ${round}.${i}`.padEnd(800, '.') },
        }))
        await ask('SendMessageBatch', { Entries })
        const { Messages = [] } = await ask('ReceiveMessage', {
          ...{ MaxNumberOfMessages: 10, VisibilityTimeout: 3600 },
        })
        // One of ten stays.
        kept.push(Messages[0]!.Body)
        const done = Messages.slice(1).map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }))
        await ask('DeleteMessageBatch', { Entries: done })
        await new Promise<void>((resolve) => time.after(50, resolve))
      }
      await new Promise<void>((resolve) => time.after(5000, resolve))
    }
    await time.settle(work())
    const files = filesOf(disk)
    const names = [...files.keys()]
    for (const suffix of ['.segment', '.cold', '.index', '.snapshot'])
      expect(
        names.some((name) => name.endsWith(suffix)),
        suffix,
      ).toBe(true)
    for (const [name, bytes] of files) expect(bytes.includes(SECRET), name).toBe(false)
    expect(files.size).toBeGreaterThan(5)

    const next = ending === 'kill' ? disk.kill() : disk.crash()
    const found: string[] = []
    const receiveAll = async () => {
      const ask = clientOf(await open(next, 5), 6)
      await new Promise<void>((resolve) => time.after(3_600_000, resolve))
      for (;;) {
        const { Messages = [] } = await ask('ReceiveMessage', { MaxNumberOfMessages: 10 })
        if (Messages.length === 0) return
        for (const { Body } of Messages) found.push(Body)
      }
    }
    await time.settle(receiveAll())
    expect(found.sort()).toEqual(kept.sort())
    expect(failures).toEqual([])
  },
)
