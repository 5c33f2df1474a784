import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Command } from '../../../core/command.ts'
import type { GuardedResource } from '../../../core/guarded-resource.ts'
import { unpackIds } from '../../../core/packed-lists.ts'
import type { Chore, ServiceState, StateHost, Step } from '../../../core/service-state.ts'
import type { Unit, Units } from '../../../core/units.ts'
import type { SnsCommand, SnsReplies, TopicAddress } from '../commands.ts'
import type { ProtectedTopic } from '../data-protection/message-protection.ts'
import type { Protocol } from '../subscription-settings.ts'
import { ActiveReplays } from './active-replays.ts'
import { applyEvent } from './apply.ts'
import { Cleanup } from './cleanup.ts'
import type { SnsContext } from './context.ts'
import type { AnyDecision } from './decision.ts'
import { decodeEvent, encodeEvent, type SnsEvent } from './events.ts'
import { OptedOutNumber, PhoneNumbers, SandboxEntry } from './phone-numbers.ts'
import { PlatformApplication, PlatformApplications } from './platform-application.ts'
import { platformDecisions } from './platform-decisions.ts'
import { publish } from './publish-decisions.ts'
import { replayChore, replayMessages } from './replay-decisions.ts'
import { decodeRoot, Root } from './root.ts'
import { SmsAccount, SmsAccounts } from './sms-account.ts'
import { smsDecisions } from './sms-decisions.ts'
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

const NONE = new Uint8Array(0)

/** Those for mobile push and for what accounts say of text messages. */
const FURTHER_DECISIONS = { ...platformDecisions, ...smsDecisions }

/** What makes the journal grow for good. */
const GROWING: ReadonlySet<SnsCommand['kind']> = new Set([
  'publish',
  'createTopic',
  'subscribe',
  'createPlatformApplication',
  'createPlatformEndpoint',
  'addSandboxNumber',
  'publishText',
])

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
    const applications = new PlatformApplications()
    const smsAccounts = new SmsAccounts()
    const optedOut = new PhoneNumbers<OptedOutNumber>()
    const sandbox = new PhoneNumbers<SandboxEntry>()
    const held = { topics, applications, smsAccounts, optedOut, sandbox }
    const root = new Root(units, held)
    const cleanup = new Cleanup(units, host, topics)
    const activeReplays = new ActiveReplays()
    this.#context = { units, ...held, root, cleanup, activeReplays, pushed: new Set(pushed) }
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
      default: {
        const decide: AnyDecision = FURTHER_DECISIONS[sns.kind]
        return decide(context, sns as never, step)
      }
    }
  }

  /** Undefined where there is no such topic; the default policy is none. */
  guarded(arn: string): GuardedResource | undefined {
    const topic = this.#context.topics.withArn(arn)
    return topic && { policy: topic.settings.policy, tags: topic.tags }
  }

  /** What a topic's messages are to be held against, as it is at the moment. */
  protectionOf(address: TopicAddress): ProtectedTopic | undefined {
    const topic = this.#context.topics.at(address)
    if (topic === undefined) return undefined
    return { policy: topic.settings.dataProtectionPolicy, subscribers: () => topic.subscribers }
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
    return GROWING.has(kind)
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
    const { root, topics, activeReplays, applications, smsAccounts, optedOut, sandbox } = this.#context
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
    root.nextApplication = record.nextApplication ?? 1
    root.nextPlatformEndpoint = record.nextPlatformEndpoint ?? 1
    for (const unit of unpackIds(record.applications ?? NONE)) {
      applications.add(PlatformApplication.restore(units, unit, contentOf))
    }
    root.nextPhoneNumber = record.nextPhoneNumber ?? 1
    for (const unit of unpackIds(record.smsAccounts ?? NONE)) {
      smsAccounts.add(placed(units, unit, SmsAccount.restore(contentOf(unit))))
    }
    for (const unit of unpackIds(record.optedOut ?? NONE)) {
      optedOut.add(placed(units, unit, OptedOutNumber.restore(contentOf(unit))))
    }
    for (const unit of unpackIds(record.sandbox ?? NONE)) {
      sandbox.add(placed(units, unit, SandboxEntry.restore(contentOf(unit))))
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

/** The restored unit, under the id that it had. */
function placed<Restored extends Unit>(units: Units, id: number, unit: Restored): Restored {
  units.addAs(id, unit)
  return unit
}
