import type { Landing } from '../../../core/landing.ts'
import type { Step } from '../../../core/service-state.ts'
import { deadLetterTarget } from '../redrive-policy.ts'
import type { SnsContext } from './context.ts'
import { EVENT, type SnsEvent } from './events.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

/** A message on its way to a queue that is subscribed. */
export interface DeliverableMessage {
  readonly landing: Landing
  /** Why it can't be delivered as the subscription wants it, or null. */
  readonly problem: string | null
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
  const undeliverable: { readonly landing: Landing; readonly reason: string }[] = []
  const landings: Landing[] = []
  for (const { landing, problem } of messages) {
    if (problem === null) landings.push(landing)
    else undeliverable.push({ landing, reason: problem })
  }
  if (landings.length > 0) {
    const outcomes = step.deliver({ target: endpoint, sender: topic.sender, origin, landings })
    for (const [i, reason] of outcomes.entries()) {
      if (reason !== null) undeliverable.push({ landing: landings[i]!, reason })
    }
  }
  if (undeliverable.length === 0) return
  const target = deadLetterTarget(settings.redrivePolicy)
  for (const { landing, reason } of undeliverable) {
    const isBuried =
      target !== null &&
      step.deliver({ target, sender: topic.sender, origin, landings: [landing] })[0] === null
    countFailed(topic, subscription, 1, isBuried ? 'dead letter' : reason, step)
  }
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
