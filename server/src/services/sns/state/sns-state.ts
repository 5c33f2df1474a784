import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Command } from '../../../core/command.ts'
import { unpackIds } from '../../../core/packed-lists.ts'
import type { Chore, ServiceState, StateHost, Step } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { SnsCommand, SnsReplies } from '../commands.ts'
import type { Protocol } from '../subscription-settings.ts'
import { ActiveReplays } from './active-replays.ts'
import { applyEvent } from './apply.ts'
import { Cleanup } from './cleanup.ts'
import type { SnsContext } from './context.ts'
import { decodeEvent, encodeEvent, type SnsEvent } from './events.ts'
import { publish } from './publish-decisions.ts'
import { replayChore, replayMessages } from './replay-decisions.ts'
import { decodeRoot, Root } from './root.ts'
import {
  confirmSubscription,
  countFailure,
  describePushTarget,
  describeSubscription,
  endPushes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionSettings,
  subscribe,
  unsubscribe,
} from './subscription-decisions.ts'
import { Topic } from './topic.ts'
import {
  addPermission,
  createTopic,
  deleteTopic,
  describeTopic,
  listTopics,
  listTopicTags,
  removePermission,
  reset,
  setTopicSettings,
  tagTopic,
  untagTopic,
} from './topic-decisions.ts'
import { Topics } from './topics.ts'

/** All topics of one cell, and who is subscribed to them. */
export class SnsState implements ServiceState<SnsEvent> {
  readonly service = 'sns'
  readonly number = 2
  /** Nothing becomes due as time passes. */
  readonly nextWakeAt = Number.POSITIVE_INFINITY
  readonly #context: SnsContext

  /**
   * A state without topics. To go on from a snapshot, call `restore` before anything else. `pushed` names the protocols for
   * which somebody takes messages out of their internal queues; what is for others beside `sqs` is not kept.
   */
  constructor(units: Units, host: StateHost, pushed: readonly Protocol[] = []) {
    const topics = new Topics()
    const root = new Root(units, topics)
    const cleanup = new Cleanup(units, host, topics)
    const activeReplays = new ActiveReplays()
    this.#context = { units, topics, root, cleanup, activeReplays, pushed: new Set(pushed) }
    units.addAs(this.number, root)
    units.touch(root)
  }

  execute(command: Command, step: Step<SnsEvent>): SnsReplies[keyof SnsReplies] {
    // The operations of this service are the only ones that make its commands.
    const sns = command as SnsCommand
    const context = this.#context
    switch (sns.kind) {
      case 'publish':
        return publish(context, sns, step)
      case 'createTopic':
        return createTopic(context, sns, step)
      case 'deleteTopic':
        return deleteTopic(context, sns, step)
      case 'getTopic':
        return describeTopic(context, sns, step.now)
      case 'setTopicSettings':
        return setTopicSettings(context, sns, step)
      case 'listTopics':
        return listTopics(context, sns)
      case 'tagTopic':
        return tagTopic(context, sns, step)
      case 'untagTopic':
        return untagTopic(context, sns, step)
      case 'listTopicTags':
        return listTopicTags(context, sns)
      case 'addPermission':
        return addPermission(context, sns, step)
      case 'removePermission':
        return removePermission(context, sns, step)
      case 'subscribe':
        return subscribe(context, sns, step)
      case 'confirmSubscription':
        return confirmSubscription(context, sns, step)
      case 'unsubscribe':
        return unsubscribe(context, sns, step)
      case 'getSubscription':
        return describeSubscription(context, sns)
      case 'setSubscriptionSettings':
        return setSubscriptionSettings(context, sns, step)
      case 'listSubscriptions':
        return listSubscriptions(context, sns)
      case 'listSubscriptionsByTopic':
        return listSubscriptionsByTopic(context, sns)
      case 'getPushTarget':
        return describePushTarget(context, sns)
      case 'endPushes':
        return endPushes(context, sns, step)
      case 'countFailure':
        return countFailure(context, sns, step)
      case 'replayMessages':
        return replayMessages(context, sns, step)
      case 'reset':
        return reset(context, step)
    }
  }

  advance(): void {}

  apply(event: SnsEvent, now: number): void {
    applyEvent(this.#context, event, now)
  }

  encode(event: SnsEvent, writer: ByteWriter): void {
    encodeEvent(event, writer)
  }

  decode(kind: number, version: number, reader: ByteReader): SnsEvent {
    return decodeEvent(kind, version, reader)
  }

  waitFor(): null {
    return null
  }

  grows(command: Command): boolean {
    const { kind } = command as SnsCommand
    return kind === 'publish' || kind === 'createTopic' || kind === 'subscribe'
  }

  chore(): Chore | null {
    return replayChore(this.#context)
  }

  tidy(now: number): boolean {
    return this.#context.cleanup.tidy(now)
  }

  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units): void {
    const rootBytes = snapshot.get(this.number)
    // Snapshots from before there were topics have none.
    if (rootBytes === undefined) return
    const { root, topics, activeReplays } = this.#context
    const record = decodeRoot(rootBytes)
    root.nextTopic = record.nextTopic
    root.nextSubscription = record.nextSubscription
    const contentOf = (unit: number) => {
      const bytes = snapshot.get(unit)
      if (bytes === undefined) throw new Error(`the snapshot lacks unit ${unit} of the SNS state`)
      return bytes
    }
    for (const unit of unpackIds(record.topics)) {
      const topic = Topic.restore(units, unit, contentOf(unit), contentOf)
      topics.add(topic)
      for (const subscription of topic.subscriptions) activeReplays.note(topic, subscription)
    }
    units.touch(root)
  }

  /** What is published is referred to where it lands, and in the topic's archive. */
  live(visit: (bodyId: number, bytes: number) => void): void {
    const { topics, cleanup } = this.#context
    for (const { archive } of topics) archive?.visitBodies(visit)
    cleanup.live(visit)
  }
}
