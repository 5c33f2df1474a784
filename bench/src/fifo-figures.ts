import { fileURLToPath } from 'node:url'
import { STORED_BYTES } from './cell-figures.ts'
import { runNode } from './children.ts'
import type { FifoPlan, FifoRates } from './fifo/plan.ts'
import type { Budget, Figure } from './figures.ts'
import type { HttpFigures } from './http-figures.ts'
import { CONNECTIONS } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import { millraceCommand } from './targets.ts'
import type { TurnWork } from './turns/plan.ts'
import { measureInTurns } from './turns-process.ts'

const MAIN = fileURLToPath(new URL('../dist/bench/src/fifo/main.js', import.meta.url))

/** For what clients see. What lies below tells where the difference comes from. */
const BUDGET: Budget = { kind: 'of ceiling', atLeast: 0.8 }

const SEND = 'send 10'
const DRAIN = 'receive 10 + delete 10'

/** The cell with its journal, without HTTP; or the state of a cell, without a journal. */
const FORMS = ['cell and journal', 'state alone'] as const
type Form = (typeof FORMS)[number]

/** How many groups a FIFO queue has; null is a standard queue, which all others are held to. */
type Groups = number | null

/**
 * Measures FIFO queues of few and of many groups beside a standard queue: over HTTP as clients see them, in turns, and what is below, run by
 * run.
 */
export async function measureFifo(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const overHttp = await measureOverHttp(options, pinning)
  const figures = [...overHttp.figures]
  for (const form of FORMS) figures.push(...(await measureForm(form, options, pinning)))
  return { figures, loaderCpu: overHttp.loaderCpu }
}

/** Sends on all connections, receives and deletes on all of them, and the same on one. */
async function measureOverHttp(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const figures: Figure[] = []
  let loaderCpu = 0
  const measure = async (
    workOn: (groups: Groups) => TurnWork,
    figureOf: (groups: number, fifo: readonly number[], standard: readonly number[]) => Figure,
  ) => {
    const kinds = kindsOf(options)
    const sides = kinds.map((groups) => ({ command: millraceCommand, work: workOn(groups) }))
    const measured = await measureInTurns(sides, options, pinning)
    const standard = measured.rates[kinds.indexOf(null)]!
    for (const [i, groups] of kinds.entries()) {
      if (groups !== null) figures.push(figureOf(groups, measured.rates[i]!, standard))
    }
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  await measure(
    (groups) => ({ kind: 'grouped send', groups }),
    (groups, fifo, standard) => figure('over HTTP', groups, SEND, fifo, standard, BUDGET),
  )
  await measure(
    (groups) => ({ kind: 'grouped drain', groups, receivers: CONNECTIONS }),
    (groups, fifo, standard) => figure('over HTTP', groups, DRAIN, fifo, standard, sharedBudget(groups)),
  )
  await measure(
    (groups) => ({ kind: 'grouped drain', groups, receivers: 1 }),
    (groups, fifo, standard) => figure('over HTTP, one receiver', groups, DRAIN, fifo, standard, BUDGET),
  )
  return { figures, loaderCpu }
}

async function measureForm(
  form: Form,
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const kinds = kindsOf(options)
  const rates = new Map<Groups, FifoRates[]>(kinds.map((groups) => [groups, []]))
  for (let run = 0; run < options.runs; run++) {
    for (const groups of kinds) rates.get(groups)!.push(await runInProcess(form, groups, options, pinning))
  }
  const series = (groups: Groups, phase: keyof FifoRates) => rates.get(groups)!.map((each) => each[phase])
  return kinds.flatMap((groups): Figure[] => {
    if (groups === null) return []
    return [
      figure(form, groups, SEND, series(groups, 'send'), series(null, 'send')),
      figure(form, groups, DRAIN, series(groups, 'drain'), series(null, 'drain')),
    ]
  })
}

function kindsOf({ messages }: Options): readonly Groups[] {
  return [null, 1, 1000, messages]
}

/** Where many receive at once: one group is with one of them at a time, and each waits for the disk. */
function sharedBudget(groups: number): Budget | undefined {
  return groups > 1 ? BUDGET : undefined
}

function figure(
  where: string,
  groups: number,
  phase: string,
  fifo: readonly number[],
  standard: readonly number[],
  budget?: Budget,
): Figure {
  const groupsInWords = `${groups.toLocaleString('en')} ${groups === 1 ? 'group' : 'groups'}`
  return {
    name: `${where}, FIFO, ${groupsInWords}: ${phase} (ceiling: a standard queue)`,
    unit: 'messages/s',
    millrace: fifo,
    ceiling: standard,
    ...(budget !== undefined && { budget }),
  }
}

async function runInProcess(
  form: Form,
  groups: Groups,
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
