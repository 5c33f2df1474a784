import { ServiceError } from '../../../api/service-error.ts'
import { haveSameContent } from '../../../base/same-content.ts'
import type { NamePage } from '../../../core/name-list.ts'
import type { Step } from '../../../core/service-state.ts'
import { attributeName } from '../attributes.ts'
import type { QueueAddress, QueueDescription, SqsCommand, SqsReplies } from '../commands.ts'
import {
  InvalidParameterValue,
  invalidAttributeValue,
  PurgeQueueInProgress,
  QueueDeletedRecently,
  QueueNameExists,
  queueDoesNotExist,
} from '../errors.ts'
import { TAGS_MAX } from '../limits.ts'
import { parseQueueArn, queueArn } from '../queue-arn.ts'
import { isFifoName } from '../queue-name.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings, type RedrivePolicy } from '../queue-settings.ts'
import { tooManyTags } from '../tags.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import type { Queue } from './queue.ts'

export function queueAt(context: SqsContext, address: QueueAddress): Queue | undefined {
  return context.directory.at(address)
}

export function existingQueue(context: SqsContext, address: QueueAddress): Queue {
  const queue = context.directory.at(address)
  if (queue === undefined) throw queueDoesNotExist()
  return queue
}

export function createQueue(
  context: SqsContext,
  command: SqsCommand<'createQueue'>,
  step: Step<SqsEvent>,
): QueueAddress {
  const existing = queueAt(context, command.queue)
  if (existing !== undefined) {
    const differing = differingSetting(existing.settings, command.settings)
    if (differing === null) return existing.address
    throw new ServiceError(
      QueueNameExists,
      `A queue already exists with the same name and a different value for attribute ${attributeName(differing)}`,
    )
  }
  const { cooldownSeconds = 0 } = command
  const deletedAt = context.root.deletions.at(command.queue)
  if (step.now < deletedAt + cooldownSeconds * 1000) {
    throw new ServiceError(
      QueueDeletedRecently,
      `You must wait ${cooldownSeconds} seconds after deleting a queue before you can create another with the same name.`,
    )
  }
  const settings = changedSettings(DEFAULT_QUEUE_SETTINGS, command.settings)
  checkThroughputLimit(settings)
  checkRedrive(context, command.queue, command.settings.redrivePolicy ?? null)
  step.emit({
    kind: EVENT.queueCreated,
    queue: context.root.nextQueue,
    address: command.queue,
    settings,
    tags: command.tags,
  })
  return command.queue
}

export function deleteQueue(
  context: SqsContext,
  command: SqsCommand<'deleteQueue'>,
  step: Step<SqsEvent>,
): null {
  step.emit({ kind: EVENT.queueDeleted, queue: existingQueue(context, command.queue).number })
  return null
}

export function purgeQueue(
  context: SqsContext,
  command: SqsCommand<'purgeQueue'>,
  step: Step<SqsEvent>,
): null {
  const queue = existingQueue(context, command.queue)
  const { cooldownSeconds = 0 } = command
  if (step.now < queue.purgedAt + cooldownSeconds * 1000) {
    throw new ServiceError(
      PurgeQueueInProgress,
      `Only one PurgeQueue operation on ${queue.address.name} is allowed every ${cooldownSeconds} seconds.`,
    )
  }
  step.emit({ kind: EVENT.queuePurged, queue: queue.number })
  return null
}

export function reset(context: SqsContext, step: Step<SqsEvent>): SqsReplies['reset'] {
  const queues = context.directory.size
  if (queues > 0) step.emit({ kind: EVENT.allQueuesDeleted })
  return { queues }
}

export function describeQueue(context: SqsContext, command: SqsCommand<'getQueue'>): QueueDescription {
  const queue = existingQueue(context, command.queue)
  return {
    settings: queue.settings,
    tags: queue.tags,
    createdAt: queue.createdAt,
    modifiedAt: queue.modifiedAt,
    waitingMessages: queue.waiting,
    delayedMessages: queue.delayed,
    inFlightMessages: queue.inFlight,
  }
}

export function listQueues(context: SqsContext, command: SqsCommand<'listQueues'>): NamePage {
  return context.directory.page(command, command.prefix, command.after, command.limit)
}

export function listDeadLetterSources(
  context: SqsContext,
  command: SqsCommand<'listDeadLetterSourceQueues'>,
): NamePage {
  const { address } = existingQueue(context, command.queue)
  return context.directory.pageOfSources(address, command.after, command.limit)
}

export function setSettings(
  context: SqsContext,
  command: SqsCommand<'setQueueSettings'>,
  step: Step<SqsEvent>,
): null {
  const queue = existingQueue(context, command.queue)
  const settings = changedSettings(queue.settings, command.settings)
  checkThroughputLimit(settings)
  checkRedrive(context, command.queue, command.settings.redrivePolicy ?? null)
  step.emit({
    kind: EVENT.queueChanged,
    queue: queue.number,
    settings,
    tags: null,
  })
  return null
}

export function tagQueue(context: SqsContext, command: SqsCommand<'tagQueue'>, step: Step<SqsEvent>): null {
  const queue = existingQueue(context, command.queue)
  const tags = { ...queue.tags, ...command.tags }
  if (Object.keys(tags).length > TAGS_MAX) throw tooManyTags(command.queue.name)
  step.emit({ kind: EVENT.queueChanged, queue: queue.number, settings: null, tags })
  return null
}

export function untagQueue(
  context: SqsContext,
  command: SqsCommand<'untagQueue'>,
  step: Step<SqsEvent>,
): null {
  const queue = existingQueue(context, command.queue)
  const kept = Object.entries(queue.tags).filter(([key]) => !command.keys.includes(key))
  step.emit({ kind: EVENT.queueChanged, queue: queue.number, settings: null, tags: Object.fromEntries(kept) })
  return null
}

/** A queue has one kind of server-side encryption: naming a key ends the other kind, and the other way round. */
function changedSettings(before: QueueSettings, changes: Partial<QueueSettings>): QueueSettings {
  const settings = { ...before, ...changes }
  if (changes.sqsManagedSseEnabled === true) return { ...settings, kmsMasterKeyId: '' }
  if (changes.kmsMasterKeyId !== undefined && changes.kmsMasterKeyId !== '') {
    return { ...settings, sqsManagedSseEnabled: false }
  }
  return settings
}

/** The limit per group goes with deduplication per group alone, however the queue came to have the one and not the other. */
function checkThroughputLimit({ fifoThroughputLimit, deduplicationScope }: QueueSettings): void {
  if (fifoThroughputLimit === 'perQueue' || deduplicationScope === 'messageGroup') return
  throw invalidAttributeValue(
    'FifoThroughputLimit',
    'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
  )
}

function differingSetting(
  settings: QueueSettings,
  wanted: Partial<QueueSettings>,
): keyof QueueSettings | null {
  for (const name of Object.keys(wanted) as (keyof QueueSettings)[]) {
    if (!haveSameContent(settings[name], wanted[name])) return name
  }
  return null
}

/** Refuses a dead-letter target that isn't there or doesn't take this queue's dead letters. */
function checkRedrive(context: SqsContext, source: QueueAddress, policy: RedrivePolicy | null): void {
  if (policy === null) return
  const address = parseQueueArn(policy.deadLetterTargetArn)
  if (address?.accountId !== source.accountId || address.region !== source.region) {
    throw invalidRedrive(policy, 'Dead-letter target owner should be same as the source.')
  }
  const target = queueAt(context, address)
  if (target === undefined) throw invalidRedrive(policy, 'Dead letter target does not exist.')
  if (isFifoName(address.name) !== isFifoName(source.name)) {
    throw invalidRedrive(policy, 'Dead-letter queue must be same type of queue as the source.')
  }
  const allow = target.settings.redriveAllowPolicy
  const allowed =
    allow === null ||
    allow.redrivePermission === 'allowAll' ||
    (allow.redrivePermission === 'byQueue' && allow.sourceQueueArns.includes(queueArn(source)))
  if (!allowed) {
    throw invalidRedrive(
      policy,
      "The dead-letter queue's RedriveAllowPolicy does not allow this source queue.",
    )
  }
}

function invalidRedrive(policy: RedrivePolicy, reason: string): ServiceError {
  const value = JSON.stringify({
    deadLetterTargetArn: policy.deadLetterTargetArn,
    maxReceiveCount: policy.maxReceiveCount,
  })
  return new ServiceError(
    InvalidParameterValue,
    `Value ${value} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
  )
}
