import type { Landing } from '../../../core/landing.ts'
import type { Step } from '../../../core/service-state.ts'
import { deadLetterTarget } from '../redrive-policy.ts'
import type { SnsContext } from './context.ts'
import { EVENT, type SnsEvent } from './events.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

/** A message on its way to a queue that is subscribed. */
export interface DeliverableMessage {
  /** Why there is none, where the key that the queue has could not be used. */
  readonly landing: Landing | string
  /** Why it can't be delivered as the subscription wants it, or null. */
  readonly problem: string | null
  /** How it lands in another queue than the one that is subscribed; left out where that is the same. */
  readonly elsewhere?: (target: string) => Landing | string
}

/**
 * Delivers messages to the queue that is subscribed, in their order. What does not land there is counted, or becomes a dead
 * letter of the subscription.
 */
export function deliver(
  topic: Topic,
  subscription: Subscription,
  origin: string,
  messages: readonly DeliverableMessage[],
  step: Step<SnsEvent>,
): void {
  const { endpoint, settings } = subscription.record
  const undeliverable: { readonly message: DeliverableMessage; readonly reason: string }[] = []
  const delivered: DeliverableMessage[] = []
  const landings: Landing[] = []
  for (const message of messages) {
    const { landing, problem } = message
    if (problem !== null) undeliverable.push({ message, reason: problem })
    else if (typeof landing === 'string') undeliverable.push({ message, reason: landing })
    else {
      delivered.push(message)
      landings.push(landing)
    }
  }
  if (landings.length > 0) {
    const outcomes = step.deliver({ target: endpoint, sender: topic.sender, origin, landings })
    for (const [i, reason] of outcomes.entries()) {
      if (reason !== null) undeliverable.push({ message: delivered[i]!, reason })
    }
  }
  if (undeliverable.length === 0) return
  const target = deadLetterTarget(settings.redrivePolicy)
  for (const { message, reason } of undeliverable) {
    const isBuried = target !== null && bury(topic, message, target, origin, step)
    countFailed(topic, subscription, 1, isBuried ? 'dead letter' : reason, step)
  }
}

function bury(
  topic: Topic,
  { landing, elsewhere }: DeliverableMessage,
  target: string,
  origin: string,
  step: Step<SnsEvent>,
): boolean {
  const there = elsewhere === undefined ? landing : elsewhere(target)
  if (typeof there === 'string') return false
  return step.deliver({ target, sender: topic.sender, origin, landings: [there] })[0] === null
}

export function countFailed(
  topic: Topic,
  { record }: Subscription,
  messages: number,
  reason: string,
  step: Step<SnsEvent>,
): void {
  const { number: subscription } = record
  step.emit({ kind: EVENT.deliveriesFailed, topic: topic.number, subscription, messages, reason })
}

/** What is kept beside messages that land by the subscription; `replay` is the number of the replay that they come by. */
export function originOf(
  { smsAccounts }: SnsContext,
  topic: Topic,
  subscription: Subscription,
  replay = 0,
): string {
  const sms = subscription.record.protocol === 'sms' ? smsAccounts.defaultsOf(topic.address) : null
  return subscription.origin(topic.settings.signatureVersion === '2' ? '2' : '1', sms, replay)
}
