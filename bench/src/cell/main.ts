/** The process that measures a cell and its journal without a server: takes a `CellPlan`, prints a `Lap`. */
import { Stopwatch } from '../stopwatch.ts'
import { runCellWorkload } from './cell-workload.ts'
import { openCell } from './open-cell.ts'
import type { CellPlan } from './plan.ts'

const plan: CellPlan = JSON.parse(process.argv[2]!)
const cell = await openCell(plan.directory)
const stopwatch = new Stopwatch(plan.warmUpSeconds, plan.seconds)
await runCellWorkload(cell, plan.loops, plan.bodyBytes, stopwatch)
await cell.close()
process.stdout.write(`${JSON.stringify(stopwatch.lap)}\n`)
