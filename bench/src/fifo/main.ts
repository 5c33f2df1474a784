/** The process that measures what queues of one kind cost without a server: takes a `FifoPlan`, prints `FifoRates`. */
import { letHeapGrow } from '../../../server/src/cli/heap-growth.ts'
import { openCell } from '../cell/open-cell.ts'
import { runFifoWorkload } from './fifo-workload.ts'
import type { FifoPlan } from './plan.ts'
import { StateClient } from './state-client.ts'

letHeapGrow()
const plan: FifoPlan = JSON.parse(process.argv[2]!)
const cell = plan.directory === null ? null : await openCell(plan.directory)
const rates = await runFifoWorkload(cell ?? new StateClient(), plan)
await cell?.close()
process.stdout.write(`${JSON.stringify(rates)}\n`)
