import type { ServiceError } from '../../api/service-error.ts'
import { isWithin } from '../../base/range.ts'
import { parseArchivePolicy } from './archive-policy.ts'
import type { TopicAddress, TopicDescription } from './commands.ts'
import { effectiveTopicPolicy, InvalidDeliveryPolicy, parseTopicDeliveryPolicy } from './delivery-policy.ts'
import { invalidParameter } from './errors.ts'
import { DISPLAY_NAME_CHARACTERS_MAX, KMS_KEY_ID_CHARACTERS_MAX, SAMPLE_PERCENT } from './limits.ts'
import { topicArn } from './topic-arn.ts'
import { isFifoTopicName } from './topic-name.ts'
import { defaultPolicy, parsePolicy } from './topic-policy.ts'
import type { TopicSettings } from './topic-settings.ts'

export type Attributes = Readonly<Record<string, string>>

/** What an attribute sets. Texts that it can't have are refused with what `invalid` makes of the reason. */
type Parse = (text: string, invalid: Invalid) => Partial<TopicSettings>
type Invalid = (what: string, reason?: string) => ServiceError

const FEEDBACK =
  /^(?:Application|Firehose|HTTP|Lambda|SQS)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/
const ROLE_ARN = /^(?:arn:aws:iam::\d{12}:role\/[\w+=,.@/-]{1,576})?$/

const SETTABLE: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  [
    'DisplayName',
    (text, invalid) => {
      if (text.length > DISPLAY_NAME_CHARACTERS_MAX) throw invalid('DisplayName')
      return { displayName: text }
    },
  ],
  ['Policy', (text) => ({ policy: parsePolicy(text) })],
  [
    'DeliveryPolicy',
    (text, invalid) => {
      if (text !== '') checkDeliveryPolicy(text, invalid)
      return { deliveryPolicy: text }
    },
  ],
  [
    'KmsMasterKeyId',
    (text, invalid) => {
      if (text.length > KMS_KEY_ID_CHARACTERS_MAX || !/^[A-Za-z0-9/_:-]*$/.test(text)) {
        throw invalid('KmsMasterKeyId')
      }
      return { kmsMasterKeyId: text }
    },
  ],
  [
    'SignatureVersion',
    (text, invalid) => ({ signatureVersion: choice(text, ['1', '2'], 'SignatureVersion', invalid) }),
  ],
  [
    'TracingConfig',
    (text, invalid) => ({ tracingConfig: choice(text, ['PassThrough', 'Active'], 'TracingConfig', invalid) }),
  ],
])

const SETTABLE_FIFO: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  [
    'ArchivePolicy',
    (text, invalid) => ({
      archivePolicy: parseArchivePolicy(text, (reason) => invalid('ArchivePolicy', reason)),
    }),
  ],
  [
    'ContentBasedDeduplication',
    (text, invalid) => ({
      contentBasedDeduplication:
        choice(text, ['true', 'false'], 'ContentBasedDeduplication', invalid) === 'true',
    }),
  ],
  [
    'FifoThroughputScope',
    (text, invalid) => ({
      fifoThroughputScope: choice(text, ['Topic', 'MessageGroup'], 'FifoThroughputScope', invalid),
    }),
  ],
])

/** Whether attributes of CreateTopic ask for a FIFO topic. */
export function asksForFifo({ FifoTopic }: Attributes): boolean {
  if (FifoTopic === undefined || FifoTopic === 'false') return false
  if (FifoTopic === 'true') return true
  throw invalidParameter('FifoTopic')
}

/** The settings that CreateTopic names; FifoTopic goes by the topic's name. */
export function parseTopicAttributes(attributes: Attributes, isFifo: boolean): Partial<TopicSettings> {
  const settings: Partial<TopicSettings>[] = []
  let feedback: Attributes | undefined
  for (const [name, text] of Object.entries(attributes)) {
    if (name === 'FifoTopic') continue
    const parsed = parseTopicAttribute(name, text, isFifo, (what, reason) =>
      invalidParameter('Attributes', `${what}${reason === undefined ? '' : `: ${reason}`}`),
    )
    if (parsed.feedback !== undefined) feedback = { ...feedback, ...parsed.feedback }
    else settings.push(parsed)
  }
  return Object.assign({}, ...settings, feedback === undefined ? {} : { feedback })
}

/** What SetTopicAttributes sets. */
export function parseTopicAttribute(
  name: string,
  text: string,
  isFifo: boolean,
  invalid: Invalid = invalidParameter,
): Partial<TopicSettings> {
  const parse = SETTABLE.get(name) ?? (isFifo ? SETTABLE_FIFO.get(name) : undefined)
  if (parse !== undefined) return parse(text, invalid)
  if (FEEDBACK.test(name)) return { feedback: { [name]: checkFeedback(name, text, invalid) } }
  throw invalidParameter('AttributeName')
}

/** All attributes of a topic, as GetTopicAttributes returns them: what was never set is mostly left out. */
export function renderTopicAttributes(topic: TopicAddress, description: TopicDescription): Attributes {
  const { settings, confirmed, pending, deleted, archiveBeginsAt } = description
  const { deliveryPolicy } = settings
  const policy = deliveryPolicy === '' ? undefined : parseTopicDeliveryPolicy(deliveryPolicy)
  const isFifo = isFifoTopicName(topic.name)
  const optional = {
    DeliveryPolicy: policy === undefined ? '' : JSON.stringify(policy),
    KmsMasterKeyId: settings.kmsMasterKeyId,
    SignatureVersion: settings.signatureVersion,
    TracingConfig: settings.tracingConfig,
    ...settings.feedback,
    ...(isFifo && {
      ArchivePolicy: settings.archivePolicy,
      BeginningArchiveTime: archiveBeginsAt === null ? '' : new Date(archiveBeginsAt).toISOString(),
      FifoTopic: 'true',
      ContentBasedDeduplication: String(settings.contentBasedDeduplication),
      FifoThroughputScope: settings.fifoThroughputScope,
    }),
  }
  return {
    TopicArn: topicArn(topic),
    DisplayName: settings.displayName,
    Owner: topic.accountId,
    Policy: settings.policy === '' ? defaultPolicy(topic) : settings.policy,
    EffectiveDeliveryPolicy: JSON.stringify(effectiveTopicPolicy(policy)),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: String(deleted),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== '')),
  }
}

function checkDeliveryPolicy(text: string, invalid: Invalid): void {
  try {
    parseTopicDeliveryPolicy(text)
  } catch (error) {
    if (error instanceof InvalidDeliveryPolicy) throw invalid(error.message)
    throw error
  }
}

function checkFeedback(name: string, text: string, invalid: Invalid): string {
  const isRate = name.endsWith('SampleRate')
  const isSound = isRate
    ? text === '' || (/^\d{1,3}$/.test(text) && isWithin(Number(text), SAMPLE_PERCENT))
    : ROLE_ARN.test(text)
  if (!isSound) throw invalid(name)
  return text
}

function choice<const Word extends string>(
  text: string,
  words: readonly Word[],
  name: string,
  invalid: Invalid,
): Word {
  const word = words.find((each) => each === text)
  if (word === undefined) throw invalid(name)
  return word
}
