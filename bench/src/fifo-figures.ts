import { fileURLToPath } from 'node:url'
import { STORED_BYTES } from './cell-figures.ts'
import { runNode } from './children.ts'
import type { FifoPlan, FifoRates } from './fifo/plan.ts'
import type { Budget, Figure } from './figures.ts'
import { CONNECTIONS } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'

const MAIN = fileURLToPath(new URL('../dist/bench/src/fifo/main.js', import.meta.url))

/** Null is a standard queue, which all others are held to. */
const GROUPS = [null, 1, 1000, 1_000_000] as const

const BUDGET: Budget = { kind: 'of ceiling', atLeast: 0.8 }

/**
 * Measures FIFO queues of few and of many groups beside a standard queue, run by run in turns: with a journal on the disk, and
 * the state alone.
 */
export async function measureFifo(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  return [
    ...(await measureForm('cell and journal', CONNECTIONS, options, pinning)),
    ...(await measureForm('state alone', 1, options, pinning)),
  ]
}

async function measureForm(
  form: 'cell and journal' | 'state alone',
  loops: number,
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const rates = new Map<number | null, FifoRates[]>(GROUPS.map((groups) => [groups, []]))
  for (let run = 0; run < options.runs; run++) {
    for (const groups of GROUPS) {
      const directory = form === 'state alone' ? null : makeRunDirectory()
      const { messages, seconds } = options
      const plan: FifoPlan = { directory, groups, messages, loops, bodyBytes: STORED_BYTES, seconds }
      rates.get(groups)!.push(JSON.parse(await runNode([MAIN, JSON.stringify(plan)], pinning?.measured)))
      if (directory !== null) removeRunDirectory(directory)
    }
  }
  const series = (groups: number | null, phase: keyof FifoRates) =>
    rates.get(groups)!.map((each) => each[phase])
  return [1, 1000, 1_000_000].flatMap((groups): Figure[] => {
    const words = `${form}, FIFO, ${groups.toLocaleString('en')} ${groups === 1 ? 'group' : 'groups'}`
    const ceiling = '(ceiling: a standard queue)'
    return [
      {
        name: `${words}: send 10 ${ceiling}`,
        unit: 'messages/s',
        millrace: series(groups, 'send'),
        ceiling: series(null, 'send'),
        budget: BUDGET,
      },
      {
        name: `${words}: receive 10 + delete 10 ${ceiling}`,
        unit: 'messages/s',
        millrace: series(groups, 'drain'),
        ceiling: series(null, 'drain'),
        // One group is with one receiver at a time, and each waits for the disk: it has no budget there.
        ...((groups > 1 || form === 'state alone') && { budget: BUDGET }),
      },
    ]
  })
}
