/** `npm run bench`: measures Millrace beside its ceiling, one after the other on this machine, and prints a table. */

import { measureAuthorization } from './authorization-figures.ts'
import { buildBench } from './build.ts'
import { measureCell, measureRedrive } from './cell-figures.ts'
import { measureEncryption } from './encryption-figures.ts'
import { measureFifo } from './fifo-figures.ts'
import type { Figure } from './figures.ts'
import { measureFilters } from './filter-figures.ts'
import { type HttpWork, measureHttp } from './http-figures.ts'
import { CONNECTIONS } from './loader-process.ts'
import { describeMachine } from './machine.ts'
import { type Options, parseOptions, USAGE, UsageError, WORKS, type Work } from './options.ts'
import { type Pinning, pin } from './pinning.ts'
import { profileWork } from './profiling.ts'
import { ratioOf, renderMachine, renderTable } from './report.ts'
import { scratchDirectory } from './scratch.ts'
import { measureStreamMemory, measureStreams } from './stream-figures.ts'
import { measureTicks } from './ticks-figures.ts'
import { measureTopics } from './topic-figures.ts'
import { measureWaiting } from './waiting-figures.ts'

interface Measured {
  readonly figures: readonly Figure[]
  /** The most that the load generator used of its own core; none where there is no load generator. */
  readonly loaderCpu?: number
}

type Measure = (options: Options, pinning: Pinning | undefined) => Promise<Measured>

const MEASUREMENTS: readonly { readonly works: readonly Work[]; readonly measure: Measure }[] = [
  ...WORKS.filter(isHttpWork).map((work) => ({
    works: [work],
    measure: (options: Options, pinning: Pinning | undefined) => measureHttp(work, options, pinning),
  })),
  { works: ['cell'], measure: alone(measureCell) },
  { works: ['encryption'], measure: measureEncryption },
  { works: ['authorization'], measure: measureAuthorization },
  { works: ['fifo'], measure: measureFifo },
  { works: ['filter'], measure: alone(measureFilters) },
  { works: ['topics'], measure: measureTopics },
  { works: ['streams'], measure: measureStreams },
  { works: ['records'], measure: alone(measureStreamMemory) },
  { works: ['redrive'], measure: alone(measureRedrive) },
  { works: ['ticks'], measure: alone(measureTicks) },
  { works: ['memory', 'restart'], measure: alone(measureWaiting) },
]

const options = readOptions()
buildBench()
const pinning = pin()
if (options.profile) await profile(options, pinning)
else await measureAll(options, pinning)

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

async function measureAll(options: Options, pinning: Pinning | undefined): Promise<void> {
  const machine = await describeMachine(scratchDirectory)
  const figures: Figure[] = []
  let loaderCpu = 0
  for (const { works, measure } of MEASUREMENTS) {
    if (!works.some((work) => options.only.has(work))) continue
    announce(works.join(' and '))
    const measured = await measure(options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu ?? 0)
  }
  const { runs, seconds, messages } = options
  if (options.json) {
    const withRatios = figures.map((figure) => ({ ...figure, ratio: ratioOf(figure) }))
    console.log(
      JSON.stringify({ machine, pinning, runs, seconds, messages, loaderCpu, figures: withRatios }, null, 2),
    )
    return
  }
  console.log(
    `\n${renderMachine(machine, pinning)}\n` +
      `${runs} runs of ${seconds} s, ${CONNECTIONS} connections; ` +
      `the load generator used at most ${(loaderCpu * 100).toFixed(0)} % of its core\n\n` +
      renderTable(figures),
  )
}

function alone(
  figuresOf: (options: Options, pinning: Pinning | undefined) => Promise<readonly Figure[]>,
): Measure {
  return async (options, pinning) => ({ figures: await figuresOf(options, pinning) })
}

async function profile(options: Options, pinning: Pinning | undefined): Promise<void> {
  for (const work of WORKS) {
    if (!options.only.has(work) || !(isHttpWork(work) || work === 'cell')) continue
    announce(work)
    console.log(`${await profileWork(work, options, pinning)}\n`)
  }
}

function isHttpWork(work: Work): work is HttpWork {
  return work === 'send-1' || work === 'send-10' || work === 'drain' || work === 'latency'
}

/** To standard error: standard output is the table's, or JSON's. */
function announce(work: string): void {
  console.error(`measuring ${work} ...`)
}
