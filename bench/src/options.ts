import { parseArgs } from 'node:util'

/** Every kind of work, in the order of the table. */
export const WORKS = [
  'send-1',
  'send-10',
  'drain',
  'latency',
  'cell',
  'encryption',
  'authorization',
  'redrive',
  'fifo',
  'ticks',
  'filter',
  'topics',
  'streams',
  'records',
  'memory',
  'restart',
] as const

export type Work = (typeof WORKS)[number]

export interface Options {
  /** How often each figure is taken; the middle one counts. */
  readonly runs: number
  /** How long each run is measured, after its warm-up. */
  readonly seconds: number
  readonly only: ReadonlySet<Work>
  /** How many messages wait while memory, restarts, FIFO queues, ticks and records are measured; a multiple of 100. */
  readonly messages: number
  /** Instead of measuring: runs the server once per work under V8's profiler, and says where the time went. */
  readonly profile: boolean
  readonly json: boolean
}

export const USAGE = `Usage: npm run bench -- [options]

  --runs N        how often each figure is taken; the median counts (default 5)
  --seconds N     how long each run is measured (default 5)
  --only LIST     some of ${WORKS.join(',')}
  --messages N    how many messages wait for fifo, ticks, memory and restart, and records there are for records (default 1000000)
  --profile       run the server under V8's profiler and print where the time goes
  --json          print everything that was measured as JSON`

/** What is wrong with the command line, in a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function parseOptions(args: readonly string[]): Options {
  const { values } = parseFlags(args)
  return {
    runs: wholeNumber('runs', values.runs, 1, 100),
    seconds: wholeNumber('seconds', values.seconds, 1, 300),
    only: works(values.only),
    messages: wholeBatches(wholeNumber('messages', values.messages, 10_000, 100_000_000)),
    profile: values.profile,
    json: values.json,
  }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '5' },
        only: { type: 'string', default: WORKS.join(',') },
        messages: { type: 'string', default: '1000000' },
        profile: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function works(list: string): ReadonlySet<Work> {
  return new Set(
    list.split(',').map((name) => {
      const work = WORKS.find((known) => known === name)
      if (work === undefined) throw new UsageError(`--only: ${name} is not one of ${WORKS.join(', ')}`)
      return work
    }),
  )
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not ${text}`)
  }
  return value
}

function wholeBatches(messages: number): number {
  if (messages % 100 !== 0) throw new UsageError(`--messages takes a multiple of 100, not ${messages}`)
  return messages
}
