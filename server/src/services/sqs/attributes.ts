import { ServiceError } from '../../api/service-error.ts'
import { isWithin, type Range } from '../../base/range.ts'
import type { QueueAddress, QueueDescription } from './commands.ts'
import { InvalidAttributeName, invalidAttributeValue, unknownAttribute } from './errors.ts'
import {
  DELAY_SECONDS,
  KMS_DATA_KEY_REUSE_SECONDS,
  KMS_KEY_ID_CHARACTERS_MAX,
  MAXIMUM_MESSAGE_SIZE_BYTES,
  MESSAGE_RETENTION_SECONDS,
  VISIBILITY_TIMEOUT_SECONDS,
  WAIT_SECONDS,
} from './limits.ts'
import {
  parsePolicy,
  parseRedriveAllowPolicy,
  parseRedrivePolicy,
  renderRedriveAllowPolicy,
  renderRedrivePolicy,
} from './policies.ts'
import { queueArn } from './queue-arn.ts'
import { isFifoName } from './queue-name.ts'
import type { QueueSettings } from './queue-settings.ts'

/** How one setting of a queue is written on the wire. */
interface SettingAttribute<Value> {
  readonly name: string
  /** Throws SQS's error for a value it doesn't take. */
  parse(text: string): Value
  /** An empty string where the attribute isn't to be seen. */
  render(value: Value, settings: QueueSettings): string
}

/** The attributes a queue's owner sets, in the order in which SQS returns them. */
const SETTINGS: { readonly [Setting in keyof QueueSettings]: SettingAttribute<QueueSettings[Setting]> } = {
  visibilityTimeoutSeconds: wholeNumber('VisibilityTimeout', VISIBILITY_TIMEOUT_SECONDS),
  maximumMessageSizeBytes: wholeNumber('MaximumMessageSize', MAXIMUM_MESSAGE_SIZE_BYTES),
  messageRetentionSeconds: wholeNumber('MessageRetentionPeriod', MESSAGE_RETENTION_SECONDS),
  delaySeconds: wholeNumber('DelaySeconds', DELAY_SECONDS),
  receiveWaitSeconds: wholeNumber('ReceiveMessageWaitTimeSeconds', WAIT_SECONDS),
  policy: { name: 'Policy', parse: parsePolicy, render: (policy) => policy },
  redrivePolicy: { name: 'RedrivePolicy', parse: parseRedrivePolicy, render: renderRedrivePolicy },
  redriveAllowPolicy: {
    name: 'RedriveAllowPolicy',
    parse: parseRedriveAllowPolicy,
    render: renderRedriveAllowPolicy,
  },
  kmsMasterKeyId: { name: 'KmsMasterKeyId', parse: parseKeyId, render: (id) => id },
  kmsDataKeyReusePeriodSeconds: {
    ...wholeNumber('KmsDataKeyReusePeriodSeconds', KMS_DATA_KEY_REUSE_SECONDS),
    render: (seconds, { kmsMasterKeyId }) => (kmsMasterKeyId === '' ? '' : String(seconds)),
  },
  sqsManagedSseEnabled: switchAttribute('SqsManagedSseEnabled'),
  contentBasedDeduplication: switchAttribute('ContentBasedDeduplication'),
  deduplicationScope: choice('DeduplicationScope', ['queue', 'messageGroup']),
  fifoThroughputLimit: choice('FifoThroughputLimit', ['perQueue', 'perMessageGroupId']),
}

type ReadOnly = (queue: QueueAddress, description: QueueDescription) => string

/** What SQS itself knows of a queue. Times are whole seconds since the epoch. */
const READ_ONLY: ReadonlyMap<string, ReadOnly> = new Map<string, ReadOnly>([
  ['QueueArn', (queue) => queueArn(queue)],
  ['FifoQueue', (queue) => (isFifoName(queue.name) ? 'true' : '')],
  ['ApproximateNumberOfMessages', (_, { waitingMessages }) => String(waitingMessages)],
  ['ApproximateNumberOfMessagesNotVisible', (_, { inFlightMessages }) => String(inFlightMessages)],
  ['ApproximateNumberOfMessagesDelayed', (_, { delayedMessages }) => String(delayedMessages)],
  ['CreatedTimestamp', (_, { createdAt }) => String(Math.floor(createdAt / 1000))],
  ['LastModifiedTimestamp', (_, { modifiedAt }) => String(Math.floor(modifiedAt / 1000))],
])

const SETTING_NAMES = Object.keys(SETTINGS).filter(isSetting)
const SETTING_BY_ATTRIBUTE = new Map(SETTING_NAMES.map((setting) => [SETTINGS[setting].name, setting]))

/** The attributes of the model that only FIFO queues have. */
const FIFO_ONLY = new Set([
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
])

/** Whether the name is one of the model's queue attributes, or `All`. */
export function isQueueAttributeName(name: string): boolean {
  return name === 'All' || SETTING_BY_ATTRIBUTE.has(name) || READ_ONLY.has(name)
}

/** The wire name of a setting, e.g. `DelaySeconds`. */
export function attributeName(setting: keyof QueueSettings): string {
  return SETTINGS[setting].name
}

/** Whether a queue is to be created as a FIFO queue. */
export function asksForFifo(attributes: Readonly<Record<string, string>>): boolean {
  const text = attributes.FifoQueue
  if (text !== undefined && text !== 'true' && text !== 'false') throw invalidAttributeValue('FifoQueue')
  return text === 'true'
}

/** The settings that a request names. Refuses unknown and read-only attributes, and values out of range. */
export function parseQueueAttributes(
  attributes: Readonly<Record<string, string>>,
  queue: { readonly isFifo: boolean },
): Partial<QueueSettings> {
  const settings: Partial<Writable<QueueSettings>> = {}
  for (const [name, text] of Object.entries(attributes)) {
    if (FIFO_ONLY.has(name) && !queue.isFifo) throw fifoOnly(name)
    if (name === 'FifoQueue') {
      if (text === 'true') continue
      throw invalidAttributeValue('FifoQueue', 'Modifying queue type is not supported.')
    }
    const setting = SETTING_BY_ATTRIBUTE.get(name)
    if (setting === undefined) throw unknownAttribute(name)
    parseInto(settings, setting, text)
  }
  if (settings.sqsManagedSseEnabled === true && (settings.kmsMasterKeyId ?? '') !== '') {
    throw new ServiceError(
      InvalidAttributeName,
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
  }
  return settings
}

/** What GetQueueAttributes returns for the names asked: what is not set on the queue is left out. */
export function renderQueueAttributes(
  names: readonly string[],
  queue: QueueAddress,
  description: QueueDescription,
): Readonly<Record<string, string>> {
  const isFifo = isFifoName(queue.name)
  const all = [...READ_ONLY.keys(), ...SETTING_BY_ATTRIBUTE.keys()].filter(
    (name) => isFifo || !FIFO_ONLY.has(name),
  )
  const asked = names.includes('All') ? all : names
  const rendered = asked.map((name) => [name, renderAttribute(name, queue, description)] as const)
  return Object.fromEntries(rendered.filter(([, value]) => value !== ''))
}

/** Refuses names that the queue has not, for its kind. */
export function checkAskedAttributes(names: readonly string[], queue: QueueAddress): void {
  const isFifo = isFifoName(queue.name)
  for (const name of names) {
    if (!isQueueAttributeName(name) || (FIFO_ONLY.has(name) && !isFifo)) throw unknownAttribute(name)
  }
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

function parseInto<Setting extends keyof QueueSettings>(
  settings: Partial<Writable<QueueSettings>>,
  setting: Setting,
  text: string,
): void {
  settings[setting] = SETTINGS[setting].parse(text)
}

function renderAttribute(name: string, queue: QueueAddress, description: QueueDescription): string {
  const setting = SETTING_BY_ATTRIBUTE.get(name)
  if (setting !== undefined) return renderSetting(setting, description.settings)
  return READ_ONLY.get(name)?.(queue, description) ?? ''
}

function renderSetting<Setting extends keyof QueueSettings>(
  setting: Setting,
  settings: QueueSettings,
): string {
  return SETTINGS[setting].render(settings[setting], settings)
}

function fifoOnly(name: string): ServiceError {
  if (name === 'DeduplicationScope' || name === 'FifoThroughputLimit') {
    return new ServiceError(
      InvalidAttributeName,
      `You can specify the ${name} only when FifoQueue is set to true.`,
    )
  }
  return unknownAttribute(name)
}

function wholeNumber(name: string, range: Range): SettingAttribute<number> {
  return {
    name,
    parse: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
      if (!isWithin(value, range)) throw invalidAttributeValue(name)
      return value
    },
    render: String,
  }
}

function parseKeyId(text: string): string {
  if (text.length > KMS_KEY_ID_CHARACTERS_MAX || !/^[A-Za-z0-9/_:-]*$/.test(text)) {
    throw invalidAttributeValue('KmsMasterKeyId')
  }
  return text
}

function switchAttribute(name: string): SettingAttribute<boolean> {
  const { parse } = choice(name, ['true', 'false'])
  return { name, parse: (text) => parse(text) === 'true', render: String }
}

function choice<const Word extends string>(name: string, words: readonly Word[]): SettingAttribute<Word> {
  return {
    name,
    parse: (text) => {
      const word = words.find((each) => each === text)
      if (word === undefined) throw invalidAttributeValue(name)
      return word
    },
    render: (word) => word,
  }
}

function isSetting(name: string): name is keyof QueueSettings {
  return Object.hasOwn(SETTINGS, name)
}
