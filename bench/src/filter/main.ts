/** The process that measures filter policies alone: takes a `FilterPlan`, prints a `Lap`. */
import { runFilterWorkload } from './filter-workload.ts'
import type { FilterPlan } from './plan.ts'

const plan: FilterPlan = JSON.parse(process.argv[2]!)
process.stdout.write(`${JSON.stringify(runFilterWorkload(plan))}\n`)
