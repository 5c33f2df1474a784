import { oneOf, parseOnOff, parseSwitch, wholeNumber } from './parse-values.ts'
import type { SettingsTable } from './setting.ts'

/** What the server does as AWS does it, or lets test suites do. */
export interface BehaviourSettings {
  readonly purgeCooldown: boolean
  readonly deleteCooldown: boolean
  readonly fifoQuota: boolean
  readonly standardOrder: 'in-order' | 'shuffled'
  /** Of a hundred deliveries, and of a hundred deletions; 0 to 50. */
  readonly twicePercent: number
  /** 0 has one drawn. */
  readonly seed: number
  /** How long streams and their consumers take from one status to the next, in milliseconds. */
  readonly kinesisTransitionMs: number
  /** Whether shards are as slow as AWS's. */
  readonly kinesisThroughputLimits: boolean
  readonly allowReset: boolean
  readonly allowClockControl: boolean
}

export const BEHAVIOUR_SETTINGS: SettingsTable<BehaviourSettings> = {
  purgeCooldown: {
    name: 'purge-cooldown',
    placeholder: 'on|off',
    help: 'refuse a purge within 60 seconds of the one before, as AWS does',
    default: false,
    why: 'a purge is done at once here: there is nothing to wait for, and tests purge often',
    parse: parseOnOff,
  },
  deleteCooldown: {
    name: 'delete-cooldown',
    placeholder: 'on|off',
    help: 'refuse a queue named like one that was deleted within 60 seconds, as AWS does',
    default: false,
    why: 'a deletion is done at once here too, and tests create queues anew all the time',
    parse: parseOnOff,
  },
  fifoQuota: {
    name: 'fifo-quota',
    placeholder: 'on|off',
    help: 'refuse calls to a FIFO queue beyond the rates that AWS allows, as AWS does',
    default: false,
    why: 'nothing here needs such a limit; who wants to know whether a program bears it can ask for it',
    parse: parseOnOff,
  },
  standardOrder: {
    name: 'standard-order',
    placeholder: 'in-order|shuffled',
    help: 'whether standard queues stray from order and from one delivery, as at AWS they may',
    default: 'in-order',
    why: 'order costs nothing here; who wants to know whether a program relies on it can ask for disorder',
    parse: (text) => oneOf(['in-order', 'shuffled'], text),
  },
  twicePercent: {
    name: 'twice-percent',
    placeholder: 'number',
    help: 'with --standard-order shuffled: how many messages of a hundred are delivered twice, 0 to 50',
    default: 1,
    why: 'seldom enough for a suite to get on, and often enough to be met in it',
    parse: (text) => wholeNumber(text, 50),
  },
  seed: {
    name: 'seed',
    placeholder: 'number',
    help: 'with --standard-order shuffled: the seed of the order, to repeat a run; 0 draws one and logs it',
    default: 0,
    why: 'every run tries another order, and the log says which',
    parse: (text) => wholeNumber(text, 2 ** 32 - 1),
  },
  kinesisTransitionMs: {
    name: 'kinesis-transition-ms',
    placeholder: 'number',
    help: 'milliseconds that a stream stays CREATING, UPDATING or DELETING, 0 to 3600000',
    default: 0,
    why: 'nothing here takes time; who wants to know whether a program waits can ask for it',
    parse: (text) => wholeNumber(text, 3_600_000),
  },
  kinesisThroughputLimits: {
    name: 'kinesis-throughput-limits',
    placeholder: 'on|off',
    help: 'refuse what goes beyond the throughput of a shard of AWS, as AWS does',
    default: false,
    why: 'a shard here takes and gives what the machine can; who wants to know whether a program bears less can ask for it',
    parse: parseOnOff,
  },
  allowReset: {
    name: 'allow-reset',
    placeholder: null,
    help: 'let POST /_millrace/reset delete all that there is, for test suites',
    default: false,
    why: 'one request that deletes everything has no place in production',
    parse: parseSwitch,
  },
  allowClockControl: {
    name: 'allow-clock-control',
    placeholder: null,
    help: 'let POST /_millrace/clock set the time that queues and streams go by, for test suites',
    default: false,
    why: 'one request that lets every message expire has no place in production',
    parse: parseSwitch,
  },
}
