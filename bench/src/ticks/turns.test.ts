import { expect, test } from 'vitest'
import { TurnMeter, timeWithin } from './turns.ts'

test('what overlaps a stretch of time is counted as far as it does', () => {
  const span = { start: 100, duration: 10 }
  const within = (start: number, duration: number) => timeWithin(span, [{ start, duration }])
  expect(within(90, 10)).toBe(0)
  expect(within(95, 10)).toBe(5)
  expect(within(102, 3)).toBe(3)
  expect(within(108, 10)).toBe(2)
  expect(within(90, 100)).toBe(10)
  expect(timeWithin(span, [])).toBe(0)
  expect(
    timeWithin(span, [
      { start: 101, duration: 1 },
      { start: 105, duration: 2 },
    ]),
  ).toBe(3)
})

test('a turn that keeps everybody waiting is found, also where a promise brings it along', async () => {
  const meter = new TurnMeter()
  await meter.report()
  await new Promise((resolve) => setImmediate(resolve)).then(() => {
    const before = process.cpuUsage()
    while (process.cpuUsage(before).user < 60_000);
  })
  await new Promise((resolve) => setTimeout(resolve, 5))
  const { longestTurnMs } = await meter.report()
  meter.stop()
  expect(longestTurnMs).toBeGreaterThan(10)
})
