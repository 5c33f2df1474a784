import { DEFAULT_SUBSCRIPTION_SETTINGS } from '../subscription-settings.ts'
import { DEFAULT_TOPIC_SETTINGS } from '../topic-settings.ts'
import { applyPlatformEvent } from './apply-platform.ts'
import { applySmsEvent } from './apply-sms.ts'
import type { SnsContext } from './context.ts'
import { EVENT, type SnsEvent, type Subscribed } from './events.ts'
import { Subscription } from './subscription.ts'
import { Topic } from './topic.ts'

/** Changes the state as the event says, at the time it happened. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: SnsContext, event: SnsEvent, now: number): void {
  const { units, root, topics, cleanup } = context
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
      return
    }
    case EVENT.topicChanged:
      changeTopic(topicNumbered(context, event.topic), event.settings, event.tags, now)
      return
    case EVENT.topicDeleted: {
      const topic = topicNumbered(context, event.topic)
      root.touch()
      topics.remove(topic)
      cleanup.add(topic)
      return
    }
    case EVENT.allTopicsDeleted:
      root.touch()
      for (const topic of topics.takeAll()) cleanup.add(topic)
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
      topic.change(subscriptionNumbered(topic, event.subscription), { settings: event.settings })
      return
    }
    case EVENT.unsubscribed: {
      const topic = topicNumbered(context, event.topic)
      const subscription = subscriptionNumbered(topic, event.subscription)
      topic.remove(subscription)
      units.remove(subscription)
      return
    }
    case EVENT.tokenRenewed: {
      const topic = topicNumbered(context, event.topic)
      topic.setToken(subscriptionNumbered(topic, event.subscription), event.token, now)
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
    topic.settings = settings
  }
  if (tags !== null) topic.tags = tags
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
