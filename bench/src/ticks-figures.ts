import { fileURLToPath } from 'node:url'
import { STORED_BYTES } from './cell-figures.ts'
import { runNode } from './children.ts'
import type { Figure } from './figures.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import type { Phase } from './ticks/phases.ts'
import type { TicksPlan } from './ticks/plan.ts'

const TICKS = fileURLToPath(new URL('../dist/bench/src/ticks/main.js', import.meta.url))

/** The design's: no tick takes longer. */
const LONGEST_MS = 10

/** Measures the longest turn of the event loop under a cell, whatever happens to very many messages at once. */
export async function measureTicks(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const runs: (readonly Phase[])[] = []
  for (let run = 0; run < options.runs; run++) {
    const { messages, seconds } = options
    const directory = makeRunDirectory()
    const plan: TicksPlan = { directory, messages, bodyBytes: STORED_BYTES, seconds }
    runs.push(JSON.parse(await runNode([TICKS, JSON.stringify(plan)], pinning?.measured)))
    removeRunDirectory(directory)
  }
  const count = options.messages.toLocaleString('en')
  const [first] = runs
  const figures: Figure[] = []
  for (const [i, { name }] of first!.entries()) {
    figures.push({
      name: `longest turn of the event loop, ${count} messages: ${name}`,
      unit: 'ms',
      millrace: runs.map((phases) => phases[i]!.longestTurnMs),
      budget: { kind: 'at most', value: LONGEST_MS },
    })
  }
  const worst = (phases: readonly Phase[]) => Math.max(...phases.map((each) => each.longestCollectionMs))
  figures.push({
    name: `longest pause of the garbage collector meanwhile, ${count} messages`,
    unit: 'ms',
    millrace: runs.map(worst),
  })
  return figures
}
