import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from './children.ts'
import type { Figure } from './figures.ts'
import { type HttpFigures, withServer } from './http-figures.ts'
import { BODY_BYTES, CONNECTIONS, WARM_UP_SECONDS } from './loader-process.ts'
import type { Options } from './options.ts'
import { idle, type Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import { ServerProcess } from './server-process.ts'
import { percentile } from './statistics.ts'
import type { StreamPlan, StreamResult, StreamWork } from './streams/plan.ts'
import type { PartitionKeys } from './streams/put-records.ts'
import { CREDENTIALS, ceilingCommand, MEMORY_PROBE_FLAGS, millraceCommand, REGION } from './targets.ts'
import type { PutWork } from './turns/plan.ts'
import { measureInTurns } from './turns-process.ts'

const LOADER = fileURLToPath(new URL('../dist/bench/src/streams/main.js', import.meta.url))

/** What there is to be read. */
const READ_RECORDS = 100_000
const COLD_RECORDS = 1_000_000
const MANY_SHARDS = 100

/** Put before the first look at the memory, so that code, caches and buffers are not counted as records. */
const WARM_UP_RECORDS = 1_000_000
/** One loader's share of a fill: done well before its signatures expire. */
const FILL_RECORDS = 10_000_000

/** Measures streams over HTTP: puts beside the bare server and with many shards, reads, and how long a record is under way. */
export async function measureStreams(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const { seconds, runs } = options
  const [get, cold]: number[][] = [[], []]
  const latencies = { subscriber: [] as number[][], poller: [] as number[][] }
  let loaderCpu = 0
  const load = async (port: number, shards: number, work: StreamWork, connections = CONNECTIONS) => {
    const result = await runStreams(port, { shards, work, seconds, connections }, pinning)
    loaderCpu = Math.max(loaderCpu, work.kind === 'fill' ? 0 : result.ownCpu)
    return result
  }
  const put = await measureInTurns(
    [
      { command: ceilingCommand, work: puts(1, 'one a record', false) },
      { command: millraceCommand, work: puts(1, 'one a record') },
      { command: millraceCommand, work: puts(MANY_SHARDS, 'one a record') },
      { command: millraceCommand, work: puts(MANY_SHARDS, 'one a request') },
    ],
    options,
    pinning,
  )
  loaderCpu = Math.max(loaderCpu, put.loaderCpu)
  const [ceiling, toOne, toMany, toOneOfMany] = put.rates
  for (let run = 0; run < runs; run++) {
    await withServer(millraceCommand, pinning, async ({ port }) => {
      await load(port, 1, { kind: 'fill', records: READ_RECORDS })
      get!.push(rateOf(await load(port, 1, { kind: 'get' })))
    })
    for (const to of ['subscriber', 'poller'] as const) {
      await withServer(millraceCommand, idle(pinning), async ({ port }) => {
        latencies[to].push([...(await load(port, 1, { kind: 'propagate', to }, 2)).latenciesMs])
      })
    }
    cold!.push(await scanAfterRestart(load, pinning))
  }
  const latency = (to: 'subscriber' | 'poller', rank: number, budget?: number): Figure => ({
    name: `idle, PutRecord to ${to === 'subscriber' ? 'SubscribeToShard event' : 'polling GetRecords'}, p${rank * 100}`,
    unit: 'ms',
    millrace: latencies[to].map((values) => percentile(values, rank)),
    ...(budget !== undefined && { budget: { kind: 'at most', value: budget } }),
  })
  return {
    loaderCpu,
    figures: [
      {
        ...{ name: 'PutRecords of 100', unit: 'records/s', millrace: toOne!, ceiling: ceiling! },
        budget: { kind: 'of ceiling', atLeast: 0.7 },
      },
      {
        ...{ name: 'PutRecords of 100, each to any of 100 shards (ceiling: 1 shard)', unit: 'records/s' },
        ...{ millrace: toMany!, ceiling: toOne! },
        budget: { kind: 'of ceiling', atLeast: 1 },
      },
      {
        ...{ name: 'PutRecords of 100, all to one of 100 shards (ceiling: 1 shard)', unit: 'records/s' },
        ...{ millrace: toOneOfMany!, ceiling: toOne! },
        budget: { kind: 'of ceiling', atLeast: 1 },
      },
      {
        ...{ name: 'GetRecords of 1,000', unit: 'records/s', millrace: get! },
        budget: { kind: 'at least', value: 100_000 },
      },
      { name: 'GetRecords of 1,000, 1 of 100 shards after a restart', unit: 'records/s', millrace: cold! },
      latency('subscriber', 0.5, 5),
      latency('subscriber', 0.99),
      latency('poller', 0.5),
      latency('poller', 0.99),
    ],
  }
}

function puts(shards: number, keys: PartitionKeys, isChecked = true): PutWork {
  return { kind: 'put', shards, keys, isChecked }
}

/** What a record costs in memory, once there are very many; `--messages` says how many. */
export async function measureStreamMemory(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const records = options.messages
  return withServer(
    (port, data) => millraceCommand(port, data, MEMORY_PROBE_FLAGS),
    pinning,
    async (server) => {
      const fill = (count: number) =>
        runStreams(
          server.port,
          { shards: 1, work: { kind: 'fill', records: count }, seconds: 0, connections: CONNECTIONS },
          pinning,
        )
      await fill(WARM_UP_RECORDS)
      const before = await server.measureMemory()
      for (let left = records; left > 0; left -= FILL_RECORDS) await fill(Math.min(left, FILL_RECORDS))
      const after = await server.measureMemory()
      const grown = (kind: 'heapAndExternal' | 'resident') =>
        (after.afterCollection[kind] - before.afterCollection[kind]) / records
      const resident = after.afterCollection.resident / 2 ** 20
      const figure = (name: string, value: number, unit: Figure['unit']): Figure => ({
        name,
        unit,
        millrace: [value],
      })
      return [
        figure(
          `memory per record of ${records.toLocaleString('en')}: heap and external`,
          grown('heapAndExternal'),
          'bytes',
        ),
        figure(`memory per record of ${records.toLocaleString('en')}: resident`, grown('resident'), 'bytes'),
        figure('resident memory of the process then', resident, 'MiB'),
      ]
    },
  )
}

type Load = (port: number, shards: number, work: StreamWork, connections?: number) => Promise<StreamResult>

/** Reads one of many shards from a server that was started on what another one left: nothing is in its caches. */
async function scanAfterRestart(load: Load, pinning: Pinning | undefined): Promise<number> {
  const directory = makeRunDirectory()
  const start = () =>
    ServerProcess.start(
      (port) => millraceCommand(port, join(directory, 'data')),
      pinning?.measured,
      directory,
    )
  try {
    const first = await start()
    await first.during(load(first.port, MANY_SHARDS, { kind: 'fill', records: COLD_RECORDS }))
    await first.stop('SIGTERM')
    const second = await start()
    const result = await second.during(load(second.port, MANY_SHARDS, { kind: 'scan' }, 1))
    await second.stop('SIGTERM')
    return rateOf(result)
  } finally {
    removeRunDirectory(directory)
  }
}

function rateOf({ messages, seconds }: StreamResult): number {
  return messages / seconds
}

async function runStreams(
  port: number,
  load: Pick<StreamPlan, 'shards' | 'work' | 'seconds' | 'connections'>,
  pinning: Pinning | undefined,
): Promise<StreamResult> {
  const plan: StreamPlan = {
    ...{ port, credentials: CREDENTIALS, region: REGION, ...load },
    ...{ recordBytes: BODY_BYTES, warmUpSeconds: WARM_UP_SECONDS },
  }
  return JSON.parse(await runNode([LOADER, JSON.stringify(plan)], pinning?.others))
}
