import { consumerExists, tooManyConsumers, tooManyConsumersCreating, tooManyTags } from '../errors.ts'
import { CONSUMERS_CREATING_MAX, CONSUMERS_MAX, CONSUMERS_MAX_WITH_COMMITMENT, TAGS_MAX } from '../limits.ts'
import type { KinesisContext } from './context.ts'
import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'
import { activeConsumer, existingConsumer } from './find-consumer.ts'
import { activeStream, existingStream, streamCreatedAt } from './find-stream.ts'
import type { Stream } from './stream.ts'

/** Those who read a stream with a throughput of their own. */
export const consumerDecisions: Decisions<
  'registerConsumer' | 'deregisterConsumer' | 'getConsumer' | 'listConsumers'
> = {
  registerConsumer(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    const { name, tags } = command
    const existing = stream.consumer(name)
    if (existing !== undefined) {
      const { createdSecond } = existing.record
      throw consumerExists({ consumer: name, createdSecond, stream: stream.address })
    }
    if (Object.keys(tags).length > TAGS_MAX) throw tooManyTags(stream.address, TAGS_MAX)
    const max = consumersMax(context, stream, step.now)
    if (stream.consumerCount >= max) throw tooManyConsumers(stream.address, max)
    const creating = [...stream.consumers].filter((each) => each.statusAt(step.now) === 'CREATING')
    if (creating.length >= CONSUMERS_CREATING_MAX) {
      throw tooManyConsumersCreating(stream.address, CONSUMERS_CREATING_MAX)
    }
    step.emit({
      kind: EVENT.consumerRegistered,
      stream: stream.number,
      consumer: name,
      createdSecond: Math.floor(step.now / 1000),
      settledAt: step.now + command.settleMs,
      tags,
    })
    return stream.consumer(name)!.description(step.now)
  },

  deregisterConsumer(context, command, step) {
    const stream = existingStream(context, command.stream)
    const { name: consumer } = activeConsumer(stream, command.consumer, step.now)
    const settledAt = step.now + command.settleMs
    step.emit({ kind: EVENT.consumerDeregistered, stream: stream.number, consumer, settledAt })
    return null
  },

  getConsumer(context, command, step) {
    return existingConsumer(existingStream(context, command.stream), command.consumer).description(step.now)
  },

  listConsumers(context, command, step) {
    const stream = streamCreatedAt(context, command.stream, command.created)
    const { consumers, next } = stream.consumerPage(command.after, command.limit)
    const described = consumers.map((consumer) => consumer.description(step.now))
    return { consumers: described, next, created: stream.createdAt }
  },
}

/** A commitment to a minimum of throughput allows more, for on-demand streams. */
function consumersMax({ accounts }: KinesisContext, { address, settings }: Stream, now: number): number {
  const hasCommitment = settings.mode === 'ON_DEMAND' && accounts.stateOf(address, now).commitment
  return hasCommitment ? CONSUMERS_MAX_WITH_COMMITMENT : CONSUMERS_MAX
}
