import { expect, test } from 'vitest'
import { SimulatedTime } from '../../test/simulation/simulated-time.ts'
import { ManualClock } from './manual-clock.ts'

const START = 1_700_000_000_000

function rig() {
  const time = new SimulatedTime(START)
  const clock = new ManualClock(time, time)
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} at ${clock.now() - START}`)
  return { time, clock, ran, note }
}

test('it runs with the clock behind it, from wherever it was set to', async () => {
  const { time, clock } = rig()
  await time.runFor(10)
  expect(clock.now()).toBe(START + 10)
  clock.setForward(START + 1000)
  await time.runFor(5)
  expect(clock.now()).toBe(START + 1005)
})

test('it never goes back', () => {
  const { clock } = rig()
  clock.setForward(START + 1000)
  clock.setForward(START + 500)
  expect(clock.now()).toBe(START + 1000)
})

test('frozen it stands still until it is set, and goes on from there without catching up', async () => {
  const { time, clock } = rig()
  clock.freeze()
  clock.freeze()
  await time.runFor(60_000)
  expect([clock.now(), clock.isFrozen]).toEqual([START, true])
  clock.setForward(START + 7)
  expect(clock.now()).toBe(START + 7)
  clock.resume()
  expect([clock.now(), clock.isFrozen]).toEqual([START + 7, false])
  clock.resume()
  await time.runFor(3)
  expect(clock.now()).toBe(START + 10)
})

test('timers run by themselves while time passes', async () => {
  const { time, clock, ran, note } = rig()
  clock.after(20, note('late'))
  clock.after(10, note('early'))
  await time.runFor(30)
  expect(ran).toEqual(['early at 10', 'late at 20'])
  expect(time.pending).toBe(0)
})

test('timers wait while it is frozen, but for those that are due', async () => {
  const { time, clock, ran, note } = rig()
  clock.after(10, note('before'))
  clock.freeze()
  clock.after(10, note('after'))
  clock.after(0, note('at once'))
  await time.runFor(1000)
  expect(ran).toEqual(['at once at 0'])
  clock.resume()
  await time.runFor(10)
  expect(ran).toEqual(['at once at 0', 'before at 10', 'after at 10'])
})

test('what it was set past runs when asked, in order, and the rest at its time', async () => {
  for (const isFrozen of [true, false]) {
    const { time, clock, ran, note } = rig()
    if (isFrozen) clock.freeze()
    clock.after(300, note('third'))
    clock.after(100, () => {
      note('first')()
      clock.after(0, note('set by the first'))
    })
    clock.after(200, note('second'))
    clock.setForward(START + 250)
    expect(ran).toEqual([])
    clock.runDue()
    expect(ran).toEqual(['first at 250', 'second at 250', 'set by the first at 250'])
    clock.resume()
    await time.runFor(60)
    expect(ran.at(-1)).toBe('third at 300')
    expect([ran.length, time.pending]).toEqual([4, 0])
  }
})

test('a timer that was called off does not run, whatever happens to the clock', async () => {
  const { time, clock, ran, note } = rig()
  const cancel = [clock.after(10, note('a')), clock.after(10, note('b')), clock.after(10, note('c'))]
  cancel[0]!()
  clock.freeze()
  cancel[1]!()
  clock.setForward(START + 100)
  cancel[2]!()
  clock.runDue()
  clock.resume()
  await time.runFor(1000)
  expect(ran).toEqual([])
  expect(time.pending).toBe(0)
})
