import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentOf } from './machine-rig.ts'
import { DEAD_LETTER_QUEUES, type ModelOperation, movingOperation, operation } from './operations.ts'
import { runOperations } from './run-operations.ts'

const operations = fc.array(operation, { maxLength: 80, size: 'max' })

/** A machine that is busy with other things makes for fewer runs, not for a failure. */
const LIMITED = { interruptAfterTimeLimit: 15_000 }

test('the state does what a plain model of a queue allows, through clock steps, snapshots and restarts', () => {
  fc.assert(
    fc.property(operations, (list) => {
      runOperations(list)
    }),
    { numRuns: 400, ...LIMITED },
  )
}, 60_000)

test('every message is in one queue, and one only, while tasks move dead letters about', () => {
  fc.assert(
    fc.property(fc.array(movingOperation, { maxLength: 60, size: 'max' }), (list) => {
      runOperations([...DEAD_LETTER_QUEUES, ...list])
    }),
    { numRuns: 300, ...LIMITED },
  )
}, 60_000)

test('the same operations give the same bytes', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const journal = (each: readonly ModelOperation[]) =>
        Buffer.concat(runOperations(each).rig.log.map(({ events }) => events))
      expect(journal(list).equals(journal(list))).toBe(true)
    }),
    { numRuns: 40, ...LIMITED },
  )
}, 60_000)

test('time that passed in steps and time that passed at once leave the same', () => {
  const steps = fc.array(fc.constantFrom(1, 999, 3000, 10_000, 40_000), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(operations, steps, (list, spans) => {
      const { rig } = runOperations(list, { drain: false })
      const [stepped, atOnce] = [rig.replayed(), rig.replayed()]
      let { now } = rig
      for (const span of spans) {
        now += span
        stepped.advance(now)
      }
      atOnce.advance(now)
      const inSteps = contentOf(stepped)
      expect(inSteps).toEqual(contentOf(atOnce))
      // The original went through every moment; nothing but the log told the others of it.
      rig.now = now
      rig.machine.advance(now)
      expect(contentOf(rig.machine)).toEqual(inSteps)
    }),
    { numRuns: 100, ...LIMITED },
  )
}, 60_000)
