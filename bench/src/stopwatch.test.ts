import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Stopwatch } from './stopwatch.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

test('what is done while warming up, or after the time, is not counted', () => {
  const stopwatch = new Stopwatch(2, 5)
  vi.advanceTimersByTime(1999)
  stopwatch.count(1000)
  vi.advanceTimersByTime(1)
  // The first count after the warm-up opens the window: when this work began, it was still closed.
  stopwatch.count(1000)
  vi.advanceTimersByTime(4000)
  stopwatch.count(30)
  expect(stopwatch.running).toBe(true)
  vi.advanceTimersByTime(1500)
  stopwatch.count(3)
  expect(stopwatch.running).toBe(false)
  stopwatch.count(1000)
  expect(stopwatch.lap).toMatchObject({ messages: 33, seconds: 5.5 })
})

test('without a warm-up the window is open from the start', () => {
  const stopwatch = new Stopwatch(0, Number.POSITIVE_INFINITY)
  vi.advanceTimersByTime(3000)
  stopwatch.count(7)
  expect(stopwatch.running).toBe(true)
  vi.advanceTimersByTime(1000)
  stopwatch.stop()
  stopwatch.stop()
  expect(stopwatch.lap).toMatchObject({ messages: 7, seconds: 4 })
})

test('work that ends before it is warm gives no figure', () => {
  const stopwatch = new Stopwatch(2, 5)
  stopwatch.count(10)
  expect(() => stopwatch.stop()).toThrow('before it was warm')
  expect(() => stopwatch.lap).toThrow('still running')
})

test('a warm-up of messages is over with the count that brings the last of them', () => {
  const stopwatch = new Stopwatch(0, 5, 100)
  vi.advanceTimersByTime(9000)
  stopwatch.count(99)
  stopwatch.count(10)
  vi.advanceTimersByTime(4000)
  stopwatch.count(30)
  vi.advanceTimersByTime(1000)
  stopwatch.count(3)
  expect(stopwatch.lap).toMatchObject({ messages: 33, seconds: 5 })
})
