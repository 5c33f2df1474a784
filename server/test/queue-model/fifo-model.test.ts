import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FifoOperation, fifoOperation } from './fifo-operations.ts'
import { contentOf } from './machine-rig.ts'
import { runFifoOperations } from './run-fifo-operations.ts'

const operations = fc.array(fifoOperation, { maxLength: 80, size: 'max' })

/** A machine that is busy with other things makes for fewer runs, not for a failure. */
const LIMITED = { interruptAfterTimeLimit: 15_000 }

test('the state does what a plain model of FIFO queues allows, through clock steps, snapshots and restarts', () => {
  fc.assert(
    fc.property(operations, (list) => {
      runFifoOperations(list)
    }),
    { numRuns: 400, ...LIMITED },
  )
}, 60_000)

test('the same operations give the same bytes', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const journal = (each: readonly FifoOperation[]) =>
        Buffer.concat(runFifoOperations(each).rig.log.map(({ events }) => events))
      expect(journal(list).equals(journal(list))).toBe(true)
    }),
    { numRuns: 30, ...LIMITED },
  )
}, 60_000)

test('time that passed in steps and time that passed at once leave the same', () => {
  const steps = fc.array(fc.constantFrom(1, 999, 3000, 10_000, 40_000), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(operations, steps, (list, spans) => {
      const { rig } = runFifoOperations(list, { drain: false })
      const [stepped, atOnce] = [rig.replayed(), rig.replayed()]
      let { now } = rig
      for (const span of spans) {
        now += span
        stepped.advance(now)
      }
      atOnce.advance(now)
      const inSteps = contentOf(stepped)
      expect(inSteps).toEqual(contentOf(atOnce))
      rig.now = now
      rig.machine.advance(now)
      expect(contentOf(rig.machine)).toEqual(inSteps)
    }),
    { numRuns: 60, ...LIMITED },
  )
}, 60_000)
