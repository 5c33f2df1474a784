import { fileURLToPath } from 'node:url'
import type { FilterScope } from '../../server/src/services/sns/filter/filter-scope.ts'
import { runNode } from './children.ts'
import type { Figure } from './figures.ts'
import type { FilterPlan } from './filter/plan.ts'
import { WARM_UP_SECONDS } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import type { Lap } from './stopwatch.ts'

const MAIN = fileURLToPath(new URL('../dist/bench/src/filter/main.js', import.meta.url))

const SCOPES: readonly FilterScope[] = ['MessageAttributes', 'MessageBody']
/** Null is one policy without an index, which all others are held to. */
const SUBSCRIPTIONS = [null, 1000, 10_000] as const

/** Measures what filters cost a publish, beside one policy that is evaluated by itself, run by run in turns. */
export async function measureFilters(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const scope of SCOPES) {
    const rates = new Map<number | null, number[]>(SUBSCRIPTIONS.map((subscriptions) => [subscriptions, []]))
    for (let run = 0; run < options.runs; run++) {
      for (const subscriptions of SUBSCRIPTIONS) {
        const { seconds } = options
        const plan: FilterPlan = { scope, subscriptions, warmUpSeconds: WARM_UP_SECONDS, seconds }
        const lap: Lap = JSON.parse(await runNode([MAIN, JSON.stringify(plan)], pinning?.measured))
        rates.get(subscriptions)!.push(lap.messages / lap.seconds)
      }
    }
    for (const subscriptions of [1000, 10_000]) {
      figures.push({
        name: `filters by ${scope}, ${subscriptions.toLocaleString('en')} of them (ceiling: one by itself)`,
        unit: 'messages/s',
        millrace: rates.get(subscriptions)!,
        ceiling: rates.get(null)!,
      })
    }
  }
  return figures
}
