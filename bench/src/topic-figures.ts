import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from './children.ts'
import type { Figure } from './figures.ts'
import { type HttpFigures, withServer } from './http-figures.ts'
import { BODY_BYTES, CONNECTIONS, WARM_UP_SECONDS } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { CREDENTIALS, millraceCommand, REGION } from './targets.ts'
import type { TopicPlan, TopicResult, TopicWork } from './topics/plan.ts'

const LOADER = fileURLToPath(new URL('../dist/bench/src/topics/main.js', import.meta.url))

const LARGE_BODY_BYTES = 10_240
/** Enough for what is written once to count for nothing. */
const LARGE_BODY_SECONDS = 2

/** What lies in queues before it is received: a tenth of it warms up, and the rest is more than the time is for. */
const LANDED_MESSAGES = 100_000

/** What one load is, and what is to be made of its outcome. */
interface Load {
  readonly work: TopicWork
  readonly subscribers: number | null
  readonly isFiltered?: boolean
  readonly bodyBytes?: number
}

interface Comparison {
  readonly name: string
  readonly load: Load
  /** A queue without a topic, unless it says otherwise. */
  readonly ceiling: Load
  /** What each message counts as: those who get it. */
  readonly counts: number
  /** Of the ceiling, at least; null for none. */
  readonly budget: number | null
}

const PUBLISH: TopicWork = { kind: 'publish' }
const SEND: Load = { work: PUBLISH, subscribers: null }
const TAKE_PLAIN: Load = { work: { kind: 'take', messages: LANDED_MESSAGES }, subscribers: null }

const COMPARISONS: readonly Comparison[] = [
  {
    name: 'Publish to 10 queues (ceiling: SendMessage)',
    load: { work: PUBLISH, subscribers: 10 },
    ceiling: SEND,
    counts: 1,
    budget: 1 / 2,
  },
  {
    name: 'Publish, 1,000 subscriptions, filters let 1 have it (ceiling: SendMessage)',
    load: { work: PUBLISH, subscribers: 1000, isFiltered: true },
    ceiling: SEND,
    counts: 1,
    budget: 1 / 5,
  },
  {
    name: 'Publish, 10,000 subscriptions, filters let 1 have it (ceiling: SendMessage)',
    load: { work: PUBLISH, subscribers: 10_000, isFiltered: true },
    ceiling: SEND,
    counts: 1,
    budget: null,
  },
  {
    name: 'Publish to 10,000 queues, each counts (ceiling: SendMessage)',
    load: { work: PUBLISH, subscribers: 10_000 },
    ceiling: SEND,
    counts: 10_000,
    budget: null,
  },
  {
    name: 'receive 10 + delete 10, envelopes in 1 queue (ceiling: what was sent)',
    load: { work: { kind: 'take', messages: LANDED_MESSAGES }, subscribers: 1 },
    ceiling: TAKE_PLAIN,
    counts: 1,
    budget: 1 / 2,
  },
  {
    name: 'receive 10 + delete 10, envelopes in 100 queues (ceiling: what was sent)',
    load: { work: { kind: 'take', messages: LANDED_MESSAGES / 100 }, subscribers: 100 },
    ceiling: TAKE_PLAIN,
    counts: 1,
    budget: 1 / 2,
  },
]

/**
 * Measures what a topic costs: publishing to its queues and receiving from them, beside sending to one queue, over HTTP, run
 * by run in turns; and what the journal grows by.
 */
export async function measureTopics(options: Options, pinning: Pinning | undefined): Promise<HttpFigures> {
  const figures: Figure[] = []
  let loaderCpu = 0
  for (const { name, load, ceiling, counts, budget } of COMPARISONS) {
    const millrace: number[] = []
    const below: number[] = []
    for (let run = 0; run < options.runs; run++) {
      const base = await runTopic(ceiling, options.seconds, pinning)
      const ours = await runTopic(load, options.seconds, pinning)
      below.push(base.messages / base.seconds)
      millrace.push((ours.messages * counts) / ours.seconds)
      loaderCpu = Math.max(loaderCpu, base.ownCpu, ours.ownCpu)
    }
    figures.push({
      ...{ name, unit: 'messages/s', millrace, ceiling: below },
      ...(budget !== null && { budget: { kind: 'of ceiling', atLeast: budget } }),
    })
  }
  figures.push(await measureJournal(options, pinning))
  return { figures, loaderCpu }
}

/** What one message adds to the journal: it is stored once, however many queues it is for. */
async function measureJournal(options: Options, pinning: Pinning | undefined): Promise<Figure> {
  const [millrace, ceiling]: [number[], number[]] = [[], []]
  for (let run = 0; run < options.runs; run++) {
    for (const [subscribers, series] of [[null, ceiling] as const, [10, millrace] as const]) {
      const load: Load = { work: PUBLISH, subscribers, bodyBytes: LARGE_BODY_BYTES }
      const { published, journalBytes } = await runTopic(load, LARGE_BODY_SECONDS, pinning)
      series.push(journalBytes / published)
    }
  }
  return {
    name: 'journal, Publish of 10 KiB to 10 queues (ceiling: SendMessage)',
    unit: 'bytes',
    ...{ millrace, ceiling },
    budget: { kind: 'times ceiling', atMost: 1.2 },
  }
}

/** One run with a server of its own: what it did, and how large its segments were then. */
async function runTopic(
  { work, subscribers, isFiltered = false, bodyBytes = BODY_BYTES }: Load,
  seconds: number,
  pinning: Pinning | undefined,
): Promise<TopicResult & { readonly journalBytes: number }> {
  let data = ''
  const command = (port: number, dataDirectory: string) => {
    data = dataDirectory
    return millraceCommand(port, dataDirectory)
  }
  return withServer(command, pinning, async ({ port }) => {
    const plan: TopicPlan = {
      ...{ work, port, credentials: CREDENTIALS, region: REGION },
      ...{ subscribers, isFiltered, connections: CONNECTIONS, bodyBytes },
      ...{ warmUpSeconds: WARM_UP_SECONDS, seconds },
    }
    const result: TopicResult = JSON.parse(await runNode([LOADER, JSON.stringify(plan)], pinning?.others))
    return { ...result, journalBytes: segmentBytes(data) }
  })
}

function segmentBytes(dataDirectory: string): number {
  return readdirSync(dataDirectory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.segment'))
    .reduce((sum, name) => sum + statSync(join(dataDirectory, name)).size, 0)
}
