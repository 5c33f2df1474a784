import { expect, test } from 'vitest'
import { afterMoving, allowance, type MoveTask, nextStepAt, STEP_MESSAGES_MAX } from './move-task.ts'

const START = 1_700_000_000_000

const taskOf = (fields: Partial<MoveTask> = {}): MoveTask => ({
  id: 'task',
  destination: null,
  messagesPerSecond: null,
  startedAt: START,
  messagesToMove: 1_000_000,
  messagesMoved: 0,
  status: 'RUNNING',
  failureReason: '',
  nextMoveAt: START,
  ...fields,
})

/** The times at which the messages of a task move, when every step comes `late` milliseconds after it is due. */
function timesOf(task: MoveTask, untilMs: number, late: (step: number) => number): number[] {
  const times: number[] = []
  let now = START
  for (let step = 0; task.messagesMoved < task.messagesToMove; step++) {
    now = Math.max(now, nextStepAt(task) + late(step))
    if (now > START + untilMs) return times
    const count = allowance(task, now)
    if (count === 0) throw new Error('a step was due and may move nothing')
    for (let i = 0; i < count; i++) times.push(now - START)
    task = afterMoving(task, count, now)
  }
  return times
}

const punctual = () => 0

test('one message a second moves at once, and then one each second', () => {
  const times = timesOf(taskOf({ messagesPerSecond: 1, messagesToMove: 4 }), 10_000, punctual)
  expect(times).toEqual([0, 1000, 2000, 3000])
})

test.each([1, 3, 7, 49, 50, 51, 333, 499, 500])('%i a second is what moves in a long time', (rate) => {
  for (const late of [punctual, (step: number) => step % 3]) {
    const times = timesOf(taskOf({ messagesPerSecond: rate }), 60_000, late)
    expect(times.length).toBeLessThanOrEqual(rate * 60 + 1)
    expect(times.length).toBeGreaterThanOrEqual(rate * 60 * 0.99 - 1)
  }
})

test('no second sees more than the rate and what a late timer makes up for', () => {
  // Timers that are sometimes late by half a second, as on a machine that stood still.
  const times = timesOf(taskOf({ messagesPerSecond: 500 }), 60_000, (step) => (step % 100 === 0 ? 500 : 1))
  let first = 0
  for (const [last, time] of times.entries()) {
    while (times[first]! <= time - 1000) first++
    expect(last - first + 1).toBeLessThanOrEqual(500 + 20 + 1)
  }
})

test('a task with a rate moves what is due in one go, fifty times a second at most', () => {
  const times = timesOf(taskOf({ messagesPerSecond: 500 }), 1000, punctual)
  expect(new Set(times).size).toBeLessThanOrEqual(51)
})

test('the last few messages are not waited for to fill a step', () => {
  const task = taskOf({ messagesPerSecond: 500, messagesToMove: 2 })
  expect(nextStepAt(task)).toBe(START + 2)
})

test('a task without a rate may always move a piece, and is due since its last one', () => {
  const task = taskOf()
  expect(nextStepAt(task)).toBe(START)
  expect(allowance(task, START)).toBe(STEP_MESSAGES_MAX)
  const later = afterMoving(task, STEP_MESSAGES_MAX, START + 5)
  expect(nextStepAt(later)).toBe(START + 5)
  expect(allowance(later, START + 5)).toBe(STEP_MESSAGES_MAX)
  expect(allowance({ ...later, messagesToMove: STEP_MESSAGES_MAX + 7 }, START + 5)).toBe(7)
})

test('a cancelled task is due at once, whatever its rate', () => {
  const task = afterMoving(taskOf({ messagesPerSecond: 1 }), 1, START)
  expect(nextStepAt(task)).toBe(START + 1000)
  expect(nextStepAt({ ...task, status: 'CANCELLING' })).toBe(START)
})
