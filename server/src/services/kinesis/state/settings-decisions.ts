import type { Step } from '../../../core/service-state.ts'
import type { ResourceAddress } from '../commands.ts'
import {
  policyNotFound,
  retentionLonger,
  retentionShorter,
  tooManyChanges,
  tooManyTags,
  warmThroughputNeedsOnDemand,
} from '../errors.ts'
import { ENCRYPTION_CHANGES_MAX, MODE_CHANGES_MAX, TAGS_MAX } from '../limits.ts'
import { resourceArn } from '../stream-arn.ts'
import type { KinesisContext } from './context.ts'
import type { Decisions } from './decision.ts'
import { EVENT, type KinesisEvent } from './events.ts'
import { activeConsumer, existingConsumer } from './find-consumer.ts'
import { activeStream, existingStream } from './find-stream.ts'
import { withChange } from './rolling-limit.ts'
import type { Stream } from './stream.ts'
import { checkCommitment, checkRoom } from './stream-decisions.ts'
import type { StreamSettings } from './stream-settings.ts'

/** What can be set for streams, and for consumers where it's the same. What is set already is left as it is. */
export const settingsDecisions: Decisions<
  | 'setRetention'
  | 'setMode'
  | 'setWarmThroughput'
  | 'setMaxRecordSize'
  | 'setMonitoring'
  | 'setEncryption'
  | 'tagResource'
  | 'untagResource'
  | 'listTags'
  | 'setPolicy'
  | 'getPolicy'
> = {
  setRetention(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    const retention = { requested: command.hours, existing: stream.settings.retentionHours }
    const { requested, existing } = retention
    if (command.direction === 'increase' && requested < existing)
      throw retentionShorter(retention, stream.address)
    if (command.direction === 'decrease' && requested > existing)
      throw retentionLonger(retention, stream.address)
    if (requested === existing) return null
    const trimmedBefore = stream.trimmedBefore(step.now)
    return change(stream, { retentionHours: requested, trimmedBefore }, command.settleMs, step)
  },

  setMode(context, command, step) {
    const { mode, warmThroughput, stream: address } = command
    const stream = activeStream(context, address, step.now)
    if (warmThroughput !== null) {
      if (mode === 'PROVISIONED') throw warmThroughputNeedsOnDemand(address)
      checkCommitment(context, address, step.now)
    }
    if (mode === stream.settings.mode) {
      if (warmThroughput === null) return null
      return change(stream, { warmThroughput }, command.settleMs, step)
    }
    checkRoom(context, address, mode, stream.openShardCount)
    const changed = withChange(stream.settings.changes.mode, step.now, MODE_CHANGES_MAX)
    if (changed === null) throw tooManyChanges('UpdateStreamMode', address, MODE_CHANGES_MAX)
    const changes = { ...stream.settings.changes, mode: changed }
    return change(stream, { mode, warmThroughput, changes }, command.settleMs, step)
  },

  setWarmThroughput(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    if (stream.settings.mode === 'PROVISIONED') throw warmThroughputNeedsOnDemand(command.stream)
    checkCommitment(context, command.stream, step.now)
    const before = stream.settings.warmThroughput ?? 0
    change(stream, { warmThroughput: command.warmThroughput }, command.settleMs, step)
    return { before }
  },

  setMaxRecordSize(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    const { maxRecordKiB } = command
    if (maxRecordKiB === stream.settings.maxRecordKiB) return null
    return change(stream, { maxRecordKiB }, command.settleMs, step, context.root.nextMap)
  },

  setMonitoring(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    const before = stream.settings.monitored
    const added = command.enable.filter((metric) => !before.includes(metric))
    const after = [...before, ...new Set(added)].filter((metric) => !command.disable.includes(metric))
    if (after.length !== before.length || added.length > 0) {
      change(stream, { monitored: after }, command.settleMs, step)
    }
    return { before, after }
  },

  setEncryption(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    const { keyId } = command
    const { keyId: existing, changes } = stream.settings
    if (keyId === existing) return null
    const [kind, operation] =
      keyId === null
        ? (['encryptionStop', 'StopStreamEncryption'] as const)
        : (['encryptionStart', 'StartStreamEncryption'] as const)
    const changed = withChange(changes[kind], step.now, ENCRYPTION_CHANGES_MAX)
    if (changed === null) throw tooManyChanges(operation, command.stream, ENCRYPTION_CHANGES_MAX)
    const settings = { keyId, changes: { ...changes, [kind]: changed } }
    return change(stream, settings, command.settleMs, step, context.root.nextMap)
  },

  tagResource(context, { resource, tags }, step) {
    return changeResource(context, resource, step, (before) => {
      const all = { ...before.tags, ...tags }
      if (Object.keys(all).length > TAGS_MAX) throw tooManyTags(resource.stream, TAGS_MAX)
      return { tags: all }
    })
  },

  untagResource(context, { resource, keys }, step) {
    return changeResource(context, resource, step, ({ tags }) => {
      const kept = Object.entries(tags).filter(([key]) => !keys.includes(key))
      return { tags: Object.fromEntries(kept) }
    })
  },

  listTags(context, { resource }) {
    return resourceSettings(context, resource).tags
  },

  setPolicy(context, { resource, policy }, step) {
    return changeResource(context, resource, step, (before) => {
      if (policy === null && before.policy === '') throw policyNotFound(resourceArn(resource))
      return { policy: policy ?? '' }
    })
  },

  getPolicy(context, { resource }) {
    return { policy: resourceSettings(context, resource).policy }
  },
}

/** `map` is the new version of the shard map, where it's another one. */
function change(
  stream: Stream,
  changes: Partial<StreamSettings>,
  settleMs: number,
  step: Step<KinesisEvent>,
  map: number | null = null,
): null {
  const settledAt = step.now + settleMs
  step.emit({ kind: EVENT.streamChanged, stream: stream.number, settledAt, map, changes })
  return null
}

/** What streams and consumers have alike. */
type ResourceSettings = Pick<StreamSettings, 'tags' | 'policy'>

function resourceSettings(
  context: KinesisContext,
  { stream: address, consumer }: ResourceAddress,
): ResourceSettings {
  const stream = existingStream(context, address)
  return consumer === null ? stream.settings : existingConsumer(stream, consumer).record
}

function changeResource(
  context: KinesisContext,
  { stream: address, consumer: name }: ResourceAddress,
  step: Step<KinesisEvent>,
  changed: (before: ResourceSettings) => Partial<ResourceSettings>,
): null {
  if (name === null) {
    const stream = activeStream(context, address, step.now)
    const changes = changed(stream.settings)
    step.emit({ kind: EVENT.streamChanged, stream: stream.number, settledAt: null, map: null, changes })
    return null
  }
  const stream = existingStream(context, address)
  const consumer = activeConsumer(stream, name, step.now)
  const changes = changed(consumer.record)
  step.emit({ kind: EVENT.consumerChanged, stream: stream.number, consumer: consumer.name, changes })
  return null
}
