/** The process that looks for the longest turn of the event loop under a cell: takes a `TicksPlan`, prints `Phase`s. */
import { letHeapGrow } from '../../../server/src/cli/heap-growth.ts'
import { openCell } from '../cell/open-cell.ts'
import { MovableClock } from './movable-clock.ts'
import { measurePhases } from './phases.ts'
import type { TicksPlan } from './plan.ts'

letHeapGrow()
const plan: TicksPlan = JSON.parse(process.argv[2]!)
const clock = new MovableClock()
const cell = await openCell(plan.directory, clock)
const phases = await measurePhases(cell, clock, plan)
await cell.close()
process.stdout.write(`${JSON.stringify(phases)}\n`)
