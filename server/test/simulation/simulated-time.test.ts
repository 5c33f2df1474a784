import { expect, test } from 'vitest'
import { SeededRandom } from '../../src/base/random.ts'
import { SimulatedTime } from './simulated-time.ts'

const START = 1_700_000_000_000

test('tasks run in the order of their times, and the clock stands at each', async () => {
  const time = new SimulatedTime(START)
  const ran: [string, number][] = []
  const note = (name: string) => () => ran.push([name, time.now() - START])
  time.after(30, note('third'))
  time.after(10, note('first'))
  time.after(20, note('second'))
  await time.runUntilIdle()
  expect(ran).toEqual([
    ['first', 10],
    ['second', 20],
    ['third', 30],
  ])
})

test('many tasks come out sorted, in whatever order they went in', async () => {
  const time = new SimulatedTime(START)
  const random = new SeededRandom(7)
  const ran: number[] = []
  const delays = Array.from({ length: 500 }, () => random.below(100))
  for (const delay of delays) time.after(delay, () => ran.push(delay))
  await time.runUntilIdle()
  expect(ran).toEqual(delays.toSorted((a, b) => a - b))
})

test('without a seed, tasks of one time run in the order they came', async () => {
  const time = new SimulatedTime(START)
  const ran: number[] = []
  for (let i = 0; i < 20; i++) time.soon(() => ran.push(i))
  await time.runUntilIdle()
  expect(ran).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(time.now()).toBe(START)
})

test('with a seed, tasks of one time run in an order that the seed decides', async () => {
  const order = async (seed: number) => {
    const time = new SimulatedTime(START, new SeededRandom(seed))
    const ran: number[] = []
    for (let i = 0; i < 20; i++) time.soon(() => ran.push(i))
    await time.runUntilIdle()
    return ran
  }
  expect(await order(1)).toEqual(await order(1))
  expect(await order(1)).not.toEqual(await order(2))
})

test('a task that was called off does not run', async () => {
  const time = new SimulatedTime(START)
  const ran: string[] = []
  const callOff = time.after(5, () => ran.push('called off'))
  time.after(6, () => ran.push('kept'))
  callOff()
  callOff()
  expect(time.pending).toBe(1)
  await time.runUntilIdle()
  expect(ran).toEqual(['kept'])
})

test('promise reactions run to their end between two tasks of one time', async () => {
  const time = new SimulatedTime(START)
  const ran: string[] = []
  time.soon(async () => {
    for (let i = 0; i < 50; i++) await null
    ran.push('end of the first')
  })
  time.soon(() => ran.push('second'))
  await time.runUntilIdle()
  expect(ran).toEqual(['end of the first', 'second'])
})

test('runUntil runs what is due and leaves the rest', async () => {
  const time = new SimulatedTime(START)
  const ran: number[] = []
  for (const delay of [10, 20, 21]) time.after(delay, () => ran.push(delay))
  await time.runUntil(START + 20)
  expect(ran).toEqual([10, 20])
  expect(time.now()).toBe(START + 20)
  await time.runFor(1)
  expect(ran).toEqual([10, 20, 21])
})

test('settle runs until the promise settles, and no further', async () => {
  const time = new SimulatedTime(START)
  const promise = new Promise<string>((resolve) => time.after(10, () => resolve('done')))
  time.after(11, () => expect.unreachable())
  expect(await time.settle(promise)).toBe('done')
  expect(time.now()).toBe(START + 10)
})

test('settle reports a promise that nothing will settle', async () => {
  const time = new SimulatedTime(START)
  time.after(10, () => {})
  await expect(time.settle(new Promise(() => {}))).rejects.toThrow('never settles')
})

test('the clock shows whole milliseconds', async () => {
  const time = new SimulatedTime(START)
  time.after(1.7, () => {})
  await time.runUntilIdle()
  expect(time.now()).toBe(START + 1)
})
