import { fileURLToPath } from 'node:url'
import { STORED_BYTES } from './cell-figures.ts'
import { runNode } from './children.ts'
import type { FifoPlan, FifoRates } from './fifo/plan.ts'
import type { Budget, Figure } from './figures.ts'
import { type HttpFigures, withServer } from './http-figures.ts'
import { CONNECTIONS, runLoad } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import type { Lap } from './stopwatch.ts'
import { millraceCommand } from './targets.ts'

const MAIN = fileURLToPath(new URL('../dist/bench/src/fifo/main.js', import.meta.url))

const BUDGET: Budget = { kind: 'of ceiling', atLeast: 0.8 }

/** Over HTTP; the cell with its journal, without HTTP; or the state of a cell, without a journal. */
const FORMS = ['over HTTP', 'cell and journal', 'state alone'] as const
type Form = (typeof FORMS)[number]

/**
 * Measures FIFO queues of few and of many groups beside a standard queue, run by run in turns: over HTTP as clients see them, and
 * what is below.
 */
export async function measureFifo(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const figures: Figure[] = []
  let loaderCpu = 0
  for (const form of FORMS) {
    const measured = await measureForm(form, options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  return { figures, loaderCpu }
}

async function measureForm(form: Form, options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  // How many groups; null is a standard queue, which all others are held to.
  const kinds = [null, 1, 1000, options.messages]
  const rates = new Map<number | null, FifoRates[]>(kinds.map((groups) => [groups, []]))
  let loaderCpu = 0
  for (let run = 0; run < options.runs; run++) {
    for (const groups of kinds) {
      if (form === 'over HTTP') {
        const { ownCpu, ...measured } = await runServer(groups, options, pinning, [])
        rates.get(groups)!.push(measured)
        loaderCpu = Math.max(loaderCpu, ownCpu)
      } else {
        rates.get(groups)!.push(await runInProcess(form, groups, options, pinning))
      }
    }
  }
  const series = (groups: number | null, phase: keyof FifoRates) =>
    rates.get(groups)!.map((each) => each[phase])
  const figures = kinds.flatMap((groups): Figure[] => {
    if (groups === null) return []
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
  return { figures, loaderCpu }
}

/** One run with a server, under these flags of Node's: what it did, and the most that the loader used of its core meanwhile. */
async function runServer(
  groups: number | null,
  { messages, seconds }: Options,
  pinning: Pinning | undefined,
  nodeFlags: readonly string[],
): Promise<FifoRates & { readonly ownCpu: number }> {
  const command = (port: number, dataDirectory: string) => millraceCommand(port, dataDirectory, nodeFlags)
  const [sent, taken] = await withServer(command, pinning, async ({ port }) => [
    // Also to the standard queue: a loader that signs less, and the same few requests again and again, would be another measure.
    await runLoad({ kind: 'fill', messages, isSignedAnew: true }, port, seconds, pinning?.others, { groups }),
    await runLoad({ kind: 'take' }, port, seconds, pinning?.others, { groups }),
  ])
  return { send: rate(sent!), drain: rate(taken!), ownCpu: Math.max(sent!.ownCpu, taken!.ownCpu) }
}

async function runInProcess(
  form: Exclude<Form, 'over HTTP'>,
  groups: number | null,
  { messages, seconds }: Options,
  pinning: Pinning | undefined,
): Promise<FifoRates> {
  const directory = form === 'state alone' ? null : makeRunDirectory()
  const loops = form === 'state alone' ? 1 : CONNECTIONS
  const plan: FifoPlan = { directory, groups, messages, loops, bodyBytes: STORED_BYTES, seconds }
  const rates: FifoRates = JSON.parse(await runNode([MAIN, JSON.stringify(plan)], pinning?.measured))
  if (directory !== null) removeRunDirectory(directory)
  return rates
}

function rate({ messages, seconds }: Lap): number {
  return messages / seconds
}
