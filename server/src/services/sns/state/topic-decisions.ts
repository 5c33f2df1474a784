import { ServiceError } from '../../../api/service-error.ts'
import { haveSameContent } from '../../../base/same-content.ts'
import type { Step } from '../../../core/service-state.ts'
import type { SnsCommand, SnsReplies, TopicAddress } from '../commands.ts'
import {
  InvalidState,
  invalidParameter,
  ResourceNotFound,
  TopicLimitExceeded,
  topicDoesNotExist,
} from '../errors.ts'
import { FIFO_TOPICS_MAX, STANDARD_TOPICS_MAX, TAGS_MAX } from '../limits.ts'
import { tooManyTags } from '../tags.ts'
import { isFifoTopicName } from '../topic-name.ts'
import { withoutPermission, withPermission } from '../topic-policy.ts'
import { DEFAULT_TOPIC_SETTINGS, type TopicSettings } from '../topic-settings.ts'
import type { SnsContext } from './context.ts'
import { EVENT, type SnsEvent } from './events.ts'
import { failReplays } from './replay-decisions.ts'
import type { Topic } from './topic.ts'

export function existingTopic(context: SnsContext, address: TopicAddress): Topic {
  const topic = context.topics.at(address)
  if (topic === undefined) throw topicDoesNotExist()
  return topic
}

export function createTopic(
  context: SnsContext,
  command: SnsCommand<'createTopic'>,
  step: Step<SnsEvent>,
): null {
  const existing = context.topics.at(command.topic)
  if (existing !== undefined) {
    checkSame(existing, command)
    return null
  }
  checkRoom(context, command.topic)
  step.emit({
    kind: EVENT.topicCreated,
    topic: context.root.nextTopic,
    address: command.topic,
    settings: { ...DEFAULT_TOPIC_SETTINGS, ...command.settings },
    tags: command.tags ?? {},
  })
  return null
}

export function deleteTopic(
  context: SnsContext,
  command: SnsCommand<'deleteTopic'>,
  step: Step<SnsEvent>,
): null {
  const topic = context.topics.at(command.topic)
  if (topic === undefined) return null
  if (topic.retentionMs !== null) {
    throw new ServiceError(InvalidState, 'Invalid state: Cannot delete a topic with an ArchivePolicy')
  }
  step.emit({ kind: EVENT.topicDeleted, topic: topic.number })
  for (const { pushQueue } of [...topic.subscriptions, ...topic.departed.all]) {
    if (pushQueue !== null) step.abandon(pushQueue)
  }
  return null
}

export function describeTopic(
  context: SnsContext,
  command: SnsCommand<'getTopic'>,
  now: number,
): SnsReplies['getTopic'] {
  const topic = existingTopic(context, command.topic)
  const { settings, size, pending, deleted } = topic
  return {
    settings,
    confirmed: size - pending,
    pending,
    deleted,
    archiveBeginsAt: topic.archiveBeginsAt(now),
  }
}

export function setTopicSettings(
  context: SnsContext,
  command: SnsCommand<'setTopicSettings'>,
  step: Step<SnsEvent>,
): null {
  const topic = existingTopic(context, command.topic)
  change(topic, { ...topic.settings, ...merged(topic.settings, command.settings) }, null, step)
  failReplays(topic, step)
  return null
}

export function listTopics(context: SnsContext, command: SnsCommand<'listTopics'>): SnsReplies['listTopics'] {
  return context.topics.page(command, '', command.after, command.limit, () => true)
}

export function tagTopic(context: SnsContext, command: SnsCommand<'tagTopic'>, step: Step<SnsEvent>): null {
  const topic = taggedTopic(context, command.topic)
  const tags = { ...topic.tags, ...command.tags }
  if (Object.keys(tags).length > TAGS_MAX) throw tooManyTags()
  return change(topic, null, tags, step)
}

export function untagTopic(
  context: SnsContext,
  command: SnsCommand<'untagTopic'>,
  step: Step<SnsEvent>,
): null {
  const topic = taggedTopic(context, command.topic)
  const kept = Object.entries(topic.tags).filter(([key]) => !command.keys.includes(key))
  return change(topic, null, Object.fromEntries(kept), step)
}

export function listTopicTags(
  context: SnsContext,
  command: SnsCommand<'listTopicTags'>,
): SnsReplies['listTopicTags'] {
  return taggedTopic(context, command.topic).tags
}

export function addPermission(
  context: SnsContext,
  command: SnsCommand<'addPermission'>,
  step: Step<SnsEvent>,
): null {
  const topic = existingTopic(context, command.topic)
  const policy = withPermission(topic.settings.policy, command.permission, topic.address)
  return change(topic, { ...topic.settings, policy }, null, step)
}

export function removePermission(
  context: SnsContext,
  command: SnsCommand<'removePermission'>,
  step: Step<SnsEvent>,
): null {
  const topic = existingTopic(context, command.topic)
  const policy = withoutPermission(topic.settings.policy, command.label, topic.address)
  return change(topic, { ...topic.settings, policy }, null, step)
}

export function reset(context: SnsContext, step: Step<SnsEvent>): SnsReplies['reset'] {
  const topics = context.topics.size
  if (topics > 0) step.emit({ kind: EVENT.allTopicsDeleted })
  if (knowsOfSms(context)) step.emit({ kind: EVENT.smsForgotten })
  if (context.applications.size > 0) step.emit({ kind: EVENT.allApplicationsDeleted })
  return { topics }
}

function knowsOfSms({ smsAccounts, optedOut, sandbox }: SnsContext): boolean {
  return smsAccounts.size > 0 || optedOut.size > 0 || sandbox.size > 0
}

function change(
  topic: Topic,
  settings: TopicSettings | null,
  tags: Readonly<Record<string, string>> | null,
  step: Step<SnsEvent>,
): null {
  step.emit({ kind: EVENT.topicChanged, topic: topic.number, settings, tags })
  return null
}

/** The operations for tags have an error of their own. */
function taggedTopic(context: SnsContext, address: TopicAddress): Topic {
  const topic = context.topics.at(address)
  if (topic === undefined) throw new ServiceError(ResourceNotFound, 'Resource does not exist')
  return topic
}

/** Attributes of delivery status logging are set one by one. */
function merged(before: TopicSettings, changes: Partial<TopicSettings>): Partial<TopicSettings> {
  if (changes.feedback === undefined) return changes
  return { ...changes, feedback: { ...before.feedback, ...changes.feedback } }
}

/** A topic is created again only as it is, as far as the caller says what it is to be. */
function checkSame(topic: Topic, { settings, tags }: SnsCommand<'createTopic'>): void {
  for (const name of Object.keys(settings) as (keyof TopicSettings)[]) {
    if (!haveSameContent(topic.settings[name], settings[name])) {
      throw invalidParameter('Attributes', 'Topic already exists with different attributes')
    }
  }
  if (tags !== null && !haveSameContent(topic.tags, tags)) {
    throw invalidParameter('Tags', 'Topic already exists with different tags')
  }
}

function checkRoom({ topics }: SnsContext, { accountId, region, name }: TopicAddress): void {
  const isFifo = isFifoTopicName(name)
  const max = isFifo ? FIFO_TOPICS_MAX : STANDARD_TOPICS_MAX
  // Hardly a cell has that many in all: only there they are counted.
  if (topics.size < max) return
  let count = 0
  for (const topic of topics) {
    const { address } = topic
    if (topic.isFifo === isFifo && address.accountId === accountId && address.region === region) count++
  }
  if (count >= max) throw new ServiceError(TopicLimitExceeded, 'Topic limit exceeded')
}
