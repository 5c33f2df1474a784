import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentOf, type MachineRig } from './machine-rig.ts'

/** Operations of one kind, and a run of them against a model of that kind, which throws where state and model part. */
export interface ModelRuns<Operation> {
  /** What the model is of. */
  readonly what: string
  readonly operation: fc.Arbitrary<Operation>
  readonly run: (
    operations: readonly Operation[],
    options?: { readonly drain: boolean },
  ) => { readonly rig: MachineRig }
}

/** A machine that is busy with other things makes for fewer runs, not for a failure. */
export const LIMITED = { interruptAfterTimeLimit: 15_000 }

/** What holds for all kinds of queue that there is a model of. */
export function testAgainstModel<Operation>({ what, operation, run }: ModelRuns<Operation>): void {
  const operations = fc.array(operation, { maxLength: 80, size: 'max' })

  test(`the state does what a plain model of ${what} allows, through clock steps, snapshots and restarts`, () => {
    fc.assert(
      fc.property(operations, (list) => {
        run(list)
      }),
      { numRuns: 400, ...LIMITED },
    )
  }, 60_000)

  test('the same operations give the same bytes', () => {
    fc.assert(
      fc.property(operations, (list) => {
        const journal = (each: readonly Operation[]) =>
          Buffer.concat(run(each).rig.log.map(({ events }) => events))
        expect(journal(list).equals(journal(list))).toBe(true)
      }),
      { numRuns: 40, ...LIMITED },
    )
  }, 60_000)

  test('time that passed in steps and time that passed at once leave the same', () => {
    const steps = fc.array(fc.constantFrom(1, 999, 3000, 10_000, 40_000), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(operations, steps, (list, spans) => {
        const { rig } = run(list, { drain: false })
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
}
