import { join } from 'node:path'
import type { Figure } from './figures.ts'
import type { LoadResult, LoadWork, QueueWork } from './load/plan.ts'
import { runLoad } from './loader-process.ts'
import type { Options } from './options.ts'
import { idle, type Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import { type ServerCommand, ServerProcess } from './server-process.ts'
import { percentile } from './statistics.ts'
import { ceilingCommand, millraceCommand } from './targets.ts'
import { measureInTurns } from './turns-process.ts'

export type HttpWork = 'send-1' | 'send-10' | 'drain' | 'latency'

interface Comparison {
  readonly name: string
  readonly millrace: QueueWork
  readonly ceiling: QueueWork
  /** Of the ceiling, at least; null for none. */
  readonly budget: number | null
}

const COMPARISONS: Readonly<Record<Exclude<HttpWork, 'latency'>, Comparison>> = {
  'send-1': {
    name: 'SendMessage',
    millrace: { kind: 'send', batch: 1 },
    ceiling: { kind: 'send', batch: 1 },
    budget: 0.8,
  },
  'send-10': {
    name: 'SendMessageBatch of 10',
    millrace: { kind: 'send', batch: 10 },
    ceiling: { kind: 'send', batch: 10 },
    budget: 0.8,
  },
  // The ceiling keeps no messages to give out: two requests for ten messages are held to its one.
  drain: {
    name: 'receive 10 + delete 10 (ceiling: send 10)',
    millrace: { kind: 'drain' },
    ceiling: { kind: 'send', batch: 10 },
    budget: 0.6,
  },
}

/** Figures, and the most that the load generator used of its own core while they were taken. */
export interface HttpFigures {
  readonly figures: readonly Figure[]
  readonly loaderCpu: number
}

/** Measures one kind of work over HTTP. Each run has a server, a data directory and a loader of its own. */
export async function measureHttp(
  work: HttpWork,
  options: Options,
  pinning: Pinning | undefined,
): Promise<HttpFigures> {
  return work === 'latency'
    ? measureLatency(options, pinning)
    : measureThroughput(COMPARISONS[work], options, pinning)
}

/** What encryption at rest costs of sends: without it is the ceiling. */
export function measureEncryptedSends(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const name = 'SendMessageBatch of 10, encrypted (ceiling: plain)'
  const plain = (port: number, dataDirectory: string) =>
    millraceCommand(port, dataDirectory, [], ['--encryption', 'off'])
  return measureThroughput({ ...COMPARISONS['send-10'], name, budget: 0.85 }, options, pinning, plain)
}

/** What a key of KMS costs of sends to a queue: a queue without is the ceiling. */
export function measureSealedSends(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const name = 'SendMessageBatch of 10, to a queue with a key of KMS (ceiling: without)'
  const millrace: QueueWork = { kind: 'send', batch: 10, sealed: true }
  const plain = (port: number, dataDirectory: string) => millraceCommand(port, dataDirectory)
  return measureThroughput(
    { ...COMPARISONS['send-10'], name, millrace, budget: null },
    options,
    pinning,
    plain,
  )
}

async function measureThroughput(
  comparison: Comparison,
  options: Options,
  pinning: Pinning | undefined,
  ceilingServer: (port: number, dataDirectory: string) => ServerCommand = ceilingCommand,
): Promise<HttpFigures> {
  const { rates, loaderCpu } = await measureInTurns(
    [
      { command: ceilingServer, work: comparison.ceiling },
      { command: millraceCommand, work: comparison.millrace },
    ],
    options,
    pinning,
  )
  const [ceiling, millrace] = rates
  const figure: Figure = {
    ...{ name: comparison.name, unit: 'messages/s', millrace: millrace!, ceiling: ceiling! },
    ...(comparison.budget !== null && { budget: { kind: 'of ceiling', atLeast: comparison.budget } }),
  }
  return { figures: [figure], loaderCpu }
}

async function measureLatency(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const p50: number[] = []
  const p99: number[] = []
  let loaderCpu = 0
  for (let run = 0; run < options.runs; run++) {
    const result = await loadServer(millraceCommand, { kind: 'latency' }, options.seconds, idle(pinning))
    p50.push(percentile(result.latenciesMs, 0.5))
    p99.push(percentile(result.latenciesMs, 0.99))
    loaderCpu = Math.max(loaderCpu, result.ownCpu)
  }
  const figure = (rank: string, millrace: readonly number[], value: number): Figure => ({
    name: `idle, send to long poll's answer, ${rank}`,
    unit: 'ms',
    millrace,
    budget: { kind: 'at most', value },
  })
  return { figures: [figure('p50', p50, 2), figure('p99', p99, 10)], loaderCpu }
}

function loadServer(
  command: (port: number, dataDirectory: string) => ServerCommand,
  work: LoadWork,
  seconds: number,
  pinning: Pinning | undefined,
): Promise<LoadResult> {
  return withServer(command, pinning, ({ port }) => runLoad(work, port, seconds, pinning?.others))
}

/** Starts a server on an empty directory, does work that needs it, and ends it. */
export async function withServer<T>(
  command: (port: number, dataDirectory: string) => ServerCommand,
  pinning: Pinning | undefined,
  work: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const directory = makeRunDirectory()
  const server = await ServerProcess.start(
    (port) => command(port, join(directory, 'data')),
    pinning?.measured,
    directory,
  )
  try {
    return await server.during(work(server))
  } finally {
    await server.stop('SIGTERM')
    removeRunDirectory(directory)
  }
}

/** One run of Millrace alone, with these flags of Node's for the server. Returns messages/s. */
export async function runMillrace(
  work: HttpWork,
  options: Options,
  pinning: Pinning | undefined,
  nodeFlags: readonly string[],
): Promise<number> {
  const load: LoadWork = work === 'latency' ? { kind: 'latency' } : COMPARISONS[work].millrace
  const command = (port: number, dataDirectory: string) => millraceCommand(port, dataDirectory, nodeFlags)
  const { messages, seconds } = await loadServer(command, load, options.seconds, pinning)
  return messages / seconds
}
