import fc from 'fast-check'
import { test } from 'vitest'

/** How often each property is tried, and from which seed: set by run.ts for the long form. */
const runsAsked = Number(process.env.FUZZ_RUNS ?? 0)
// The same in every run of the suite, so that a change is what makes it fail.
const seed = Number(process.env.FUZZ_SEED ?? 1)

/**
 * A test of a property, with so many runs in the short form. When it fails, it says how to see it fail again; what it failed with is made as
 * small as it gets. `values` may be what makes them, once the suite is set up.
 */
export function fuzz<Value>(
  name: string,
  runs: number,
  values: fc.Arbitrary<Value> | (() => fc.Arbitrary<Value>),
  property: (value: Value) => void | Promise<void>,
): void {
  test(name, async () => {
    const numRuns = runsAsked > 0 ? runsAsked : runs
    const outcome = await fc.check(
      fc.asyncProperty(typeof values === 'function' ? values() : values, async (value) => property(value)),
      {
        ...{ numRuns, seed },
        // What is not small after this long is shown as it is.
        interruptAfterTimeLimit: runsAsked > 0 ? LONG_FORM_LIMIT_MS : SHORT_FORM_LIMIT_MS,
        markInterruptAsFailure: false,
      },
    )
    if (!outcome.failed) return
    const again = `again with: npm run fuzz -- --seed ${seed} --runs ${numRuns} --only ${JSON.stringify(name)}`
    throw new Error(`${again}\n${fc.defaultReportMessage(outcome)}`, { cause: outcome.errorInstance })
  })
}

/** A property is given up without a failure after this time, where a busy machine takes it so long. */
const SHORT_FORM_LIMIT_MS = 15_000
const LONG_FORM_LIMIT_MS = 24 * 3_600_000
