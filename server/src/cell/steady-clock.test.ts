import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SteadyClock } from './steady-clock.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const START = 1_700_000_000_000

/** A machine whose two clocks a test turns by hand. */
class Machine {
  elapsed = 0
  wallError = 0
  readonly jumps: number[] = []
  readonly clock: SteadyClock

  constructor() {
    this.clock = new SteadyClock(
      { monotonic: () => 123.4 + this.elapsed, wall: () => this.wall() },
      (milliseconds) => this.jumps.push(milliseconds),
    )
  }

  wall(): number {
    return START + this.elapsed + this.wallError
  }

  /** Lets time pass in steps, the clock being read after each; returns the last reading. */
  pass(milliseconds: number, step = 500): number {
    let now = this.clock.now()
    for (let passed = 0; passed < milliseconds; passed += step) {
      this.elapsed += Math.min(step, milliseconds - passed)
      now = this.clock.now()
    }
    return now
  }
}

test('the clock begins with the wall clock and runs with the monotonic one', () => {
  const machine = new Machine()
  expect(machine.clock.now()).toBe(START)
  machine.elapsed = 999
  machine.wallError = 50
  expect(machine.clock.now()).toBe(START + 999)
})

test('the clock never goes back, whatever the wall clock does', () => {
  const step = fc.record({
    passed: fc.oneof(fc.nat(3000), fc.nat(10 * HOUR)),
    wallError: fc.oneof(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -1e10, max: 1e10 })),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const machine = new Machine()
      let last = machine.clock.now()
      for (const { passed, wallError } of steps) {
        machine.elapsed += passed
        machine.wallError = wallError
        const now = machine.clock.now()
        expect(now).toBeGreaterThanOrEqual(last)
        expect(Number.isInteger(now)).toBe(true)
        last = now
      }
    }),
  )
})

test('a wall clock that is a little ahead is followed at once', () => {
  const machine = new Machine()
  machine.pass(500)
  machine.wallError = 4 * MINUTE
  expect(machine.pass(1500)).toBe(machine.wall())
  expect(machine.jumps).toEqual([])
})

test('a wall clock that is a little behind is waited for at half speed', () => {
  const machine = new Machine()
  const before = machine.pass(1000)
  machine.wallError = -10_000
  const now = machine.pass(10_000)
  expect(now).toBeGreaterThan(before + 4000)
  expect(now).toBeLessThan(before + 6000)
  expect(machine.pass(15_000)).toBe(machine.wall())
  expect(machine.jumps).toEqual([])
})

test.each([HOUR, -HOUR])('a jump by %i ms is reported once and followed by a tenth of the time', (jump) => {
  const machine = new Machine()
  const before = machine.pass(1000)
  machine.wallError = jump
  const now = machine.pass(10 * MINUTE)
  expect(machine.jumps).toEqual([jump])
  const followed = now - before - 10 * MINUTE
  expect(followed / Math.sign(jump)).toBeGreaterThan(0.9 * MINUTE)
  expect(followed / Math.sign(jump)).toBeLessThan(1.01 * MINUTE)
  machine.pass(12 * HOUR, 5000)
  expect(Math.abs(machine.clock.now() - machine.wall())).toBeLessThan(1000)
  expect(machine.jumps).toEqual([jump])
})

test('a jump that is taken back leaves time as it is, and another one is reported again', () => {
  const machine = new Machine()
  machine.pass(1000)
  machine.wallError = HOUR
  machine.pass(3000)
  machine.wallError = 0
  machine.pass(10_000)
  expect(machine.clock.now()).toBe(machine.wall())
  machine.wallError = 2 * HOUR
  machine.pass(3000)
  expect(machine.jumps).toEqual([HOUR, 2 * HOUR])
})
