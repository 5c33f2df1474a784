/** `npm run bench`: measures Millrace beside its ceiling, one after the other on this machine, and prints a table. */
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

const options = readOptions()
buildBench()
const pinning = pin()
if (options.profile) await profile(options, pinning)
else await measure(options, pinning)

function readOptions(): Options {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

async function measure(options: Options, pinning: Pinning | undefined): Promise<void> {
  const machine = await describeMachine(scratchDirectory)
  const figures: Figure[] = []
  let loaderCpu = 0
  for (const work of WORKS.filter(isHttpWork)) {
    if (!options.only.has(work)) continue
    announce(work)
    const measured = await measureHttp(work, options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  if (options.only.has('cell')) {
    announce('cell')
    figures.push(...(await measureCell(options, pinning)))
  }
  if (options.only.has('encryption')) {
    announce('encryption')
    const measured = await measureEncryption(options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  if (options.only.has('fifo')) {
    announce('fifo')
    const measured = await measureFifo(options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  if (options.only.has('filter')) {
    announce('filter')
    figures.push(...(await measureFilters(options, pinning)))
  }
  if (options.only.has('topics')) {
    announce('topics')
    const measured = await measureTopics(options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  if (options.only.has('streams')) {
    announce('streams')
    const measured = await measureStreams(options, pinning)
    figures.push(...measured.figures)
    loaderCpu = Math.max(loaderCpu, measured.loaderCpu)
  }
  if (options.only.has('records')) {
    announce('records')
    figures.push(...(await measureStreamMemory(options, pinning)))
  }
  if (options.only.has('redrive')) {
    announce('redrive')
    figures.push(...(await measureRedrive(options, pinning)))
  }
  if (options.only.has('ticks')) {
    announce('ticks')
    figures.push(...(await measureTicks(options, pinning)))
  }
  if (options.only.has('memory') || options.only.has('restart')) {
    announce('memory and restart')
    figures.push(...(await measureWaiting(options, pinning)))
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
