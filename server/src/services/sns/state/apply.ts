import { DEFAULT_SUBSCRIPTION_SETTINGS } from '../subscription-settings.ts'
import { DEFAULT_TOPIC_SETTINGS } from '../topic-settings.ts'
import { applyPlatformEvent } from './apply-platform.ts'
import { applySmsEvent } from './apply-sms.ts'
import type { SnsContext } from './context.ts'
import { EVENT, type SnsEvent, type Subscribed } from './events.ts'
import type { Replay } from './replay.ts'
import { Subscription } from './subscription.ts'
import { Topic } from './topic.ts'

/** Changes the state as the event says, at the time it happened. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: SnsContext, event: SnsEvent, now: number): void {
  const { units, root, topics, cleanup, activeReplays } = context
  switch (event.kind) {
    case EVENT.topicCreated: {
      root.touch()
      root.nextTopic = event.topic + 1
      const topic = new Topic(units, {
        number: event.topic,
        address: event.address,
        // A setting that came with a later version takes its default in topics that are older.
        settings: { ...DEFAULT_TOPIC_SETTINGS, ...event.settings },
        tags: event.tags,
        createdAt: now,
      })
      units.add(topic)
      topics.add(topic)
      if (topic.retentionMs !== null) topic.beginArchive(now)
      return
    }
    case EVENT.topicChanged: {
      const topic = topicNumbered(context, event.topic)
      changeTopic(topic, event.settings, event.tags, now)
      giveUpArchive(context, topic)
      return
    }
    case EVENT.topicDeleted: {
      const topic = topicNumbered(context, event.topic)
      root.touch()
      // A standard topic may have millions of subscriptions, and no replays.
      if (topic.archive !== null) for (const each of topic.subscriptions) activeReplays.forget(each)
      topics.remove(topic)
      cleanup.addTopic(topic)
      return
    }
    case EVENT.allTopicsDeleted:
      root.touch()
      activeReplays.clear()
      for (const topic of topics.takeAll()) cleanup.addTopic(topic)
      return
    case EVENT.subscribed:
      applySubscribed(context, event, now)
      return
    case EVENT.subscriptionConfirmed: {
      const topic = topicNumbered(context, event.topic)
      const subscription = subscriptionNumbered(topic, event.subscription)
      topic.setToken(subscription, null, now)
      subscription.change(units, { confirmedBySignature: event.bySignature })
      return
    }
    case EVENT.subscriptionChanged: {
      const topic = topicNumbered(context, event.topic)
      // A setting that came with a later version is not in an event that is older.
      const settings = { ...DEFAULT_SUBSCRIPTION_SETTINGS, ...event.settings }
      topic.change(subscriptionNumbered(topic, event.subscription), { settings })
      return
    }
    case EVENT.unsubscribed: {
      const topic = topicNumbered(context, event.topic)
      const subscription = subscriptionNumbered(topic, event.subscription)
      topic.remove(subscription)
      units.remove(subscription)
      activeReplays.forget(subscription)
      giveUpArchive(context, topic)
      return
    }
    case EVENT.tokenRenewed: {
      const topic = topicNumbered(context, event.topic)
      topic.setToken(subscriptionNumbered(topic, event.subscription), event.token, now)
      return
    }
    case EVENT.subscriptionLeft: {
      const topic = topicNumbered(context, event.topic)
      topic.leave(subscriptionNumbered(topic, event.subscription), event.token, now)
      return
    }
    case EVENT.subscriptionReturned: {
      const topic = topicNumbered(context, event.topic)
      const subscription = topic.departed.numbered(event.subscription)
      if (subscription === undefined)
        throw new Error(`nothing left that has the number ${event.subscription}`)
      topic.takeBack(subscription, event.bySignature, now)
      return
    }
    case EVENT.deliveriesFailed: {
      const subscription = subscriptionNumbered(topicNumbered(context, event.topic), event.subscription)
      const { failures } = subscription.record
      const messages = (failures[event.reason] ?? 0) + event.messages
      subscription.change(units, { failures: { ...failures, [event.reason]: messages } })
      return
    }
    case EVENT.fifoMessagePublished: {
      const topic = topicNumbered(context, event.topic)
      topic.touch()
      topic.sequence = event.sequence
      topic.recent.remember(event.sendKey, event, now)
      return
    }
    case EVENT.messageArchived: {
      const { archive } = topicNumbered(context, event.topic)
      if (archive === null) throw new Error(`topic ${event.topic} has no archive`)
      archive.add(event.bodyId, event.bytes, now)
      return
    }
    case EVENT.replayStarted: {
      const change = { ...event.replay, status: 'Pending', phase: 'replaying', steppedAt: now } as const
      changeReplay(context, event, change)
      return
    }
    case EVENT.messagesReplayed: {
      const topic = topicNumbered(context, event.topic)
      const subscription = subscriptionNumbered(topic, event.subscription)
      const replay = subscription.replay!
      const status = replay.phase === 'replaying' ? 'In progress' : replay.status
      // Whether it gets what is published does not change, so nobody else has to hear of it.
      subscription.change(units, { replay: { ...replay, status, next: event.next, steppedAt: now } })
      activeReplays.note(topic, subscription)
      return
    }
    case EVENT.replayEnded: {
      const topic = topicNumbered(context, event.topic)
      const { replay } = subscriptionNumbered(topic, event.subscription)
      changeReplay(context, event, { ...replay!, ...event.replay, steppedAt: now })
      giveUpArchive(context, topic)
      return
    }
    case EVENT.applicationCreated:
    case EVENT.applicationChanged:
    case EVENT.applicationDeleted:
    case EVENT.allApplicationsDeleted:
    case EVENT.endpointCreated:
    case EVENT.endpointChanged:
    case EVENT.endpointDeleted:
    case EVENT.endpointAddressed:
      applyPlatformEvent(context, event)
      return
    default:
      applySmsEvent(context, event, now)
  }
}

function applySubscribed(
  context: SnsContext,
  { topic, subscription, content }: Subscribed,
  now: number,
): void {
  const { units, root } = context
  root.touch()
  root.nextSubscription = subscription + 1
  const found = topicNumbered(context, topic)
  const { id, settings, ...rest } = content
  const added = new Subscription(found.address, {
    ...rest,
    number: subscription,
    uuid: id,
    settings: { ...DEFAULT_SUBSCRIPTION_SETTINGS, ...settings },
    tokenSince: now,
    confirmedBySignature: content.token === null,
    replay: null,
    failures: {},
  })
  units.add(added)
  found.add(added)
}

function changeTopic(
  topic: Topic,
  settings: Topic['settings'] | null,
  tags: Topic['tags'] | null,
  now: number,
): void {
  topic.touch()
  if (settings !== null) {
    if (settings.fifoThroughputScope !== topic.settings.fifoThroughputScope) topic.recent.scopeChangedAt = now
    const wasArchiving = topic.retentionMs !== null
    topic.settings = settings
    if (!wasArchiving && topic.retentionMs !== null) topic.beginArchive(now)
  }
  if (tags !== null) topic.tags = tags
}

function changeReplay(
  context: SnsContext,
  numbers: { readonly topic: number; readonly subscription: number },
  replay: Replay,
): void {
  const topic = topicNumbered(context, numbers.topic)
  const subscription = subscriptionNumbered(topic, numbers.subscription)
  topic.change(subscription, { replay })
  context.activeReplays.note(topic, subscription)
}

/** An archive that no policy asks for goes, as soon as no subscription has to get anything out of it. */
function giveUpArchive({ cleanup }: SnsContext, topic: Topic): void {
  if (topic.archive !== null && topic.retentionMs === null && topic.neededFrom === Number.POSITIVE_INFINITY) {
    cleanup.addArchive(topic.takeArchive())
  }
}

function topicNumbered(context: SnsContext, number: number): Topic {
  const topic = context.topics.numbered(number)
  if (topic === undefined) throw new Error(`no topic has the number ${number}`)
  return topic
}

function subscriptionNumbered(topic: Topic, number: number): Subscription {
  const subscription = topic.numbered(number)
  if (subscription === undefined) {
    throw new Error(`topic ${topic.number} has no subscription with the number ${number}`)
  }
  return subscription
}
