import type { KeyPair } from '../auth/root-key.ts'
import type { AwsCredentials } from '../delivery/aws-caller.ts'
import { LOG_LEVELS, type LogLevel } from '../observe/logger.ts'
import { BEHAVIOUR_SETTINGS, type BehaviourSettings } from './behaviour-settings.ts'
import { DELIVERY_SETTINGS, type DeliveryConfig, deliveryConflicts } from './delivery-settings.ts'
import { LISTENING_SETTINGS, type ListeningSettings, listeningConflicts } from './listening-settings.ts'
import { oneOf, parseSwitch } from './parse-values.ts'
import type { SettingsTable } from './setting.ts'
import { STORAGE_SETTINGS, type StorageSettings } from './storage-settings.ts'

/** What a server is started with, checked. */
export interface Config extends Settings {
  /** The root key to use from now on; undefined to use the stored one, or to make one at the first start. */
  readonly rootKey: KeyPair | undefined
  /** The master key, 32 bytes; undefined where it comes from a command or a file. */
  readonly masterKey: Uint8Array | undefined
  /** The one before, which files may still be wrapped with. */
  readonly oldMasterKey: Uint8Array | undefined
  /** What requests to AWS's services are signed with that no key of their own is given for. */
  readonly awsCredentials: AwsCredentials | undefined
  /** The queues that are to be there, in the order of the config file. */
  readonly queues: readonly DeclaredQueue[]
}

/** A queue as the config file declares it. Its shape was checked; what SQS says of its values wasn't. */
export interface DeclaredQueue {
  /** Twelve digits. */
  readonly accountId: string
  readonly region: string
  readonly name: string
  /**
   * As CreateQueue takes them, but that a queue's name may stand for its ARN in `deadLetterTargetArn` and
   * `sourceQueueArns`.
   */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Where it stands, for messages: `millrace.yaml: queues[0]`. */
  readonly place: string
}

/** Every setting that has a flag. */
export interface Settings extends ListeningSettings, StorageSettings, DeliveryConfig, BehaviourSettings {
  readonly logLevel: LogLevel
  readonly dryRun: boolean
}

export const SETTINGS: SettingsTable<Settings> = {
  ...LISTENING_SETTINGS,
  ...STORAGE_SETTINGS,
  logLevel: {
    name: 'log-level',
    placeholder: LOG_LEVELS.join('|'),
    help: 'least level of what is logged, as JSON lines on standard error',
    default: 'info',
    why: 'what happens now and then; single requests are of level debug',
    parse: (text) => oneOf(LOG_LEVELS, text),
  },
  dryRun: {
    name: 'dry-run',
    placeholder: null,
    help: 'print how the declared queues differ from those that are there, change nothing, and exit',
    default: false,
    why: 'a start is meant to serve',
    flagOnly: true,
    parse: parseSwitch,
  },
  ...DELIVERY_SETTINGS,
  ...BEHAVIOUR_SETTINGS,
}

/** What is wrong with settings that are fine one by one; empty when they fit. */
export function conflictsIn(settings: Settings): readonly string[] {
  return [...listeningConflicts(settings), ...deliveryConflicts(settings)]
}
