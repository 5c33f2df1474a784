import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { expect, test } from 'vitest'
import { Machine } from '../../../core/machine.ts'
import { Units } from '../../../core/units.ts'
import type { SqsCommand, SqsReplies } from '../commands.ts'
import { SqsState } from './sqs-state.ts'

const NOW = 1_700_000_000_000
const SQS_ROOT = 1
const queue = { accountId: '000000000000', region: 'us-east-1', name: 'q' }

/** What snapshots of version 0.1.0 do not have, by the kind of unit. */
const ADDED_TO_QUEUES = ['moveTasks', 'purgedAt']
const ADDED_TO_ROOT = ['deletions', 'origins']

function newLife() {
  const units = new Units()
  const host = { release: () => {}, read: () => [], wake: () => {} }
  const machine = new Machine([new SqsState(units, host)])
  const execute = (command: object) =>
    machine.execute({ service: 'sqs', queue, ...command } as SqsCommand, 0).reply
  return { units, machine, execute }
}

function without(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const record: Record<string, unknown> = decodeCbor(bytes)
  for (const name of names) {
    expect(record).toHaveProperty(name)
    delete record[name]
  }
  return encodeCbor(record)
}

test('a snapshot that was written before there were tasks and cooldowns is read', () => {
  const first = newLife()
  first.machine.advance(NOW)
  first.execute({ kind: 'createQueue', settings: {}, tags: {} })
  const cut = first.units.cut()
  const older = new Map<number, Uint8Array>()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) {
    const names = unit.id === SQS_ROOT ? ADDED_TO_ROOT : ADDED_TO_QUEUES
    older.set(unit.id, without(unit.bytes!, names))
  }
  const second = newLife()
  second.machine.restore(older, second.units, NOW)
  expect(second.execute({ kind: 'listMoveTasks', source: queue, limit: 10 })).toEqual([])
  expect(second.machine.chore()).toBeNull()
  expect(second.execute({ kind: 'purgeQueue', cooldownSeconds: 60 })).toBeNull()
  const described = second.execute({ kind: 'getQueue' }) as SqsReplies['getQueue']
  expect(described.createdAt).toBe(NOW)
})
