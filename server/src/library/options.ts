import { resolve } from 'node:path'
import { DEFAULT_REGION, isRegion } from '../auth/region.ts'
import { suggestion } from '../base/closest-word.ts'
import { type Config, SETTINGS } from '../config/config.ts'
import { masterKeyFileIn } from '../config/storage-settings.ts'
import type { LogLevel } from '../observe/logger.ts'
import { readDeclaredQueues } from '../read-declared-queues.ts'

/** How a server is started; whatever is left out is right for most tests. */
export interface MillraceOptions {
  /** Queues that are there from the start, and again after each reset. */
  readonly queues?: readonly (string | QueueDeclaration)[] | undefined
  /** The region of `clientConfig`, and of queues that name none; `us-east-1` if left out. */
  readonly region?: string | undefined
  /** Whether requests must be signed with `credentials`; they must if left out. */
  readonly auth?: boolean | undefined
  /** On 127.0.0.1; a free one if left out. */
  readonly port?: number | undefined
  /** Where messages are kept; in memory alone if left out. */
  readonly dataDirectory?: string | undefined
  /** What an answer waits for, with a data directory: the disk (`fsync`, if left out) or the operating system (`os`). */
  readonly durability?: 'fsync' | 'os' | undefined
  /** What is logged to standard error; nothing (`silent`) if left out. */
  readonly logLevel?: LogLevel | undefined
  /** AWS's wait of 60 seconds between two purges of a queue; none if left out. */
  readonly purgeCooldown?: boolean | undefined
  /** AWS's wait of 60 seconds before a queue of the same name is created again; none if left out. */
  readonly deleteCooldown?: boolean | undefined
  /** How many events are kept of each queue, the newest; 10,000 if left out. */
  readonly historyEntries?: number | undefined
}

/** As in the config file of a server. */
export interface QueueDeclaration {
  readonly name: string
  readonly region?: string | undefined
  /** Twelve digits. */
  readonly account?: string | undefined
  /**
   * As CreateQueue takes them; numbers, truth values and policies need not be written as text, and `deadLetterTargetArn` may be
   * a queue's name.
   */
  readonly attributes?: Readonly<Record<string, string | number | boolean | object>> | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** What a server is started with, checked. */
export interface LibrarySettings {
  readonly config: Config
  readonly region: string
  readonly historyEntries: number
  readonly isInMemory: boolean
}

const HISTORY_ENTRIES = 10_000
const DEFAULTS = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, setting]) => [name, setting.default]),
) as { [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['default'] }

const KINDS: Readonly<Record<keyof MillraceOptions, string>> = {
  queues: 'object',
  region: 'string',
  auth: 'boolean',
  port: 'number',
  dataDirectory: 'string',
  durability: 'string',
  logLevel: 'string',
  purgeCooldown: 'boolean',
  deleteCooldown: 'boolean',
  historyEntries: 'number',
}

/** Throws a `TypeError` that names everything that is wrong: callers may not have a type checker. */
export function readOptions(options: MillraceOptions): LibrarySettings {
  const problems: string[] = []
  for (const [name, value] of Object.entries(options)) {
    const kind = new Map(Object.entries(KINDS)).get(name)
    if (kind === undefined) problems.push(`${name}: unknown option${suggestion(name, Object.keys(KINDS))}`)
    else if (value !== undefined && typeof value !== kind) problems.push(`${name} must be of type ${kind}`)
  }
  const { region = DEFAULT_REGION, dataDirectory, historyEntries = HISTORY_ENTRIES } = options
  const { auth = true, port = 0, durability = 'fsync', logLevel = 'silent' } = options
  const { purgeCooldown = false, deleteCooldown = false } = options
  const check = (name: string, isRight: boolean, rule: string) => {
    if (!isRight) problems.push(`${name} ${rule}`)
  }
  check('region', isRegion(region), 'must be the name of a region, like eu-west-1')
  check('historyEntries', Number.isInteger(historyEntries) && historyEntries >= 0, 'must be a whole number')
  check('durability', ['fsync', 'os'].includes(durability), 'must be fsync or os')
  check(
    'durability',
    dataDirectory !== undefined || options.durability === undefined,
    'needs a dataDirectory: without one nothing is stored',
  )
  check('dataDirectory', dataDirectory !== '', 'must not be empty')
  for (const [setting, value] of [
    [SETTINGS.port, port],
    [SETTINGS.logLevel, logLevel],
  ] as const) {
    try {
      setting.parse(String(value), '')
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      check(setting === SETTINGS.port ? 'port' : 'logLevel', false, error.message)
    }
  }
  const declared = options.queues?.map((queue) => withRegion(queue, region))
  const queues = readDeclaredQueues(declared, 'queues', problems)
  if (problems.length > 0) throw new TypeError(`startMillrace: ${problems.join('; ')}`)
  const isInMemory = dataDirectory === undefined
  const config: Config = {
    ...DEFAULTS,
    ...{ auth, port, logLevel, purgeCooldown, deleteCooldown, queues },
    host: '127.0.0.1',
    dataDirectory: isInMemory ? '' : resolve(dataDirectory),
    durability: isInMemory ? 'memory' : durability,
    allowReset: true,
    allowClockControl: true,
    rootKey: undefined,
    masterKey: undefined,
    oldMasterKey: undefined,
    awsCredentials: undefined,
    masterKeyFile: isInMemory ? '' : masterKeyFileIn(resolve(dataDirectory)),
  }
  return { config, region, historyEntries, isInMemory }
}

function withRegion(queue: unknown, region: string): unknown {
  if (typeof queue === 'string') return { name: queue, region }
  return typeof queue === 'object' && queue !== null ? { region, ...queue } : queue
}
