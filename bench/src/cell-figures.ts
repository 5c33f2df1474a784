import { fileURLToPath } from 'node:url'
import type { CellPlan, CellWork } from './cell/plan.ts'
import { runNode } from './children.ts'
import type { Figure } from './figures.ts'
import { CONNECTIONS, WARM_UP_SECONDS } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import type { Lap } from './stopwatch.ts'

const CELL = fileURLToPath(new URL('../dist/bench/src/cell/main.js', import.meta.url))

/** A body of 300 bytes with what the front stores beside it. */
export const STORED_BYTES = 400

/** Enough for a second or more. */
const REDRIVEN_MESSAGES = 200_000

/** Measures a cell with its journal on the disk, answers waiting for the fsync, without HTTP around it. */
export async function measureCell(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const millrace: number[] = []
  for (let run = 0; run < options.runs; run++) millrace.push(await runCell(options, pinning, []))
  const name = 'cell and journal alone, batches of 10: send + receive + delete'
  return [{ name, unit: 'messages/s', millrace, budget: { kind: 'at least', value: 150_000 } }]
}

/** Measures how fast a move task without a rate takes dead letters back, in a cell of its own. */
export async function measureRedrive(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const millrace: number[] = []
  for (let run = 0; run < options.runs; run++) {
    millrace.push(await runWork({ kind: 'redrive', messages: REDRIVEN_MESSAGES }, pinning, []))
  }
  const name = `cell and journal alone: ${REDRIVEN_MESSAGES.toLocaleString('en')} dead letters moved back by one task`
  return [{ name, unit: 'messages/s', millrace, budget: { kind: 'at least', value: 20_000 } }]
}

/** One run, in a process of its own with these flags of Node's. Returns messages/s. */
export async function runCell(
  options: Options,
  pinning: Pinning | undefined,
  nodeFlags: readonly string[],
  encrypted = false,
): Promise<number> {
  const { seconds } = options
  const work: CellWork = { kind: 'cycle', warmUpSeconds: WARM_UP_SECONDS, seconds }
  return runWork(work, pinning, nodeFlags, encrypted)
}

async function runWork(
  work: CellWork,
  pinning: Pinning | undefined,
  nodeFlags: readonly string[],
  encrypted = false,
): Promise<number> {
  const directory = makeRunDirectory()
  const plan: CellPlan = { directory, encrypted, loops: CONNECTIONS, bodyBytes: STORED_BYTES, work }
  const lap: Lap = JSON.parse(await runNode([...nodeFlags, CELL, JSON.stringify(plan)], pinning?.measured))
  removeRunDirectory(directory)
  return lap.messages / lap.seconds
}
