import { expect, test } from 'vitest'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { journalContract } from '../../journal/contract.ts'
import { openMemoryJournal } from './memory-journal.ts'

journalContract('memory', () => {
  const time = new SimulatedTime(0)
  return {
    open: async (_recovery, listener) => openMemoryJournal(time, listener),
    settle: (promise) => time.settle(promise),
    step: () => time.step(),
  }
})

test('bodies that nobody refers to leave nothing behind', () => {
  const time = new SimulatedTime(0)
  const journal = openMemoryJournal(time, { onDurable: () => {}, onFailure: () => {} })
  const bodies = Array.from({ length: 10_000 }, () => new Uint8Array(3))
  const first = journal.nextBodyId
  journal.append(1, new Uint8Array(0), bodies)
  expect(journal.stats().liveBytes).toBe(30_000)
  for (let i = 0; i < bodies.length; i++) journal.release(first + i, 3)
  expect(journal.stats().liveBytes).toBe(0)
  journal.append(1, new Uint8Array(0), [Uint8Array.of(7)])
  expect(journal.read([first + 10_000])).toEqual([Uint8Array.of(7)])
})

test('appends of one turn of the event loop are durable together', async () => {
  const time = new SimulatedTime(0)
  const durable: number[] = []
  const journal = openMemoryJournal(time, {
    onDurable: (frame) => durable.push(frame),
    onFailure: () => expect.unreachable(),
  })
  const frame = journal.append(1, new Uint8Array(1), [])
  expect(journal.append(1, new Uint8Array(1), [])).toBe(frame)
  await time.runUntilIdle()
  expect(durable).toEqual([frame])
  expect(journal.append(1, new Uint8Array(1), [])).toBe(frame + 1)
})
