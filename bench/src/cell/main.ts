/** The process that measures a cell and its journal without a server: takes a `CellPlan`, prints a `Lap`. */
import { letHeapGrow } from '../../../server/src/cli/heap-growth.ts'
import { type Lap, Stopwatch } from '../stopwatch.ts'
import { runCellWorkload } from './cell-workload.ts'
import { newEncryption, openCell } from './open-cell.ts'
import type { CellPlan, CellWork } from './plan.ts'
import { runRedriveWorkload } from './redrive-workload.ts'

letHeapGrow()
const plan: CellPlan = JSON.parse(process.argv[2]!)
const cell = await openCell(plan.directory, undefined, plan.encrypted ? newEncryption() : undefined)
const lap = await run(plan.work)
await cell.close()
process.stdout.write(`${JSON.stringify(lap)}\n`)

async function run(work: CellWork): Promise<Lap> {
  if (work.kind === 'redrive') return runRedriveWorkload(cell, plan.loops, plan.bodyBytes, work.messages)
  const stopwatch = new Stopwatch(work.warmUpSeconds, work.seconds)
  await runCellWorkload(cell, plan.loops, plan.bodyBytes, stopwatch)
  return stopwatch.lap
}
