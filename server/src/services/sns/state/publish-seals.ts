import { nameOfKey, type TargetKey } from '../../../core/landing.ts'
import type { Step } from '../../../core/service-state.ts'
import type { PublishSeal, SnsCommand, WantedSeals } from '../commands.ts'
import { DATA_KEY_REUSE_MS } from '../limits.ts'
import { deadLetterTarget } from '../redrive-policy.ts'
import type { SnsEvent } from './events.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

/** The name of no key: what is kept under it is not sealed. */
export const UNSEALED = ''

/** Under the name of which key the topic keeps what it keeps itself. */
export function keyNameOfTopic(topic: Topic): string {
  const key = keyOf(topic)
  return key === null ? UNSEALED : nameOfKey(key)
}

/** Under the name of which key a message lies in a target. */
export function keyNameAt(target: string, step: Step<SnsEvent>): string {
  const key = step.isSealing ? step.keyOf(target) : null
  return key === null ? UNSEALED : nameOfKey(key)
}

/** What the command lacks; null where nothing is missing, which is all that is looked at where no topic and no queue has a key. */
export function missingSeals(
  topic: Topic,
  { seals = [] }: SnsCommand<'publish'>,
  recipients: () => Iterable<Subscription>,
  step: Step<SnsEvent>,
): WantedSeals | null {
  const ofTopic = keyOf(topic)
  if (ofTopic === null && !step.isSealing) return null
  // With the same key a topic may do what its publishers may not, and the other way round.
  const forTopic = namesOf(seals.filter(({ isForTopic }) => isForTopic))
  const forTargets = namesOf(seals.filter(({ problem }) => problem !== null))
  const targets = new Map<string, TargetKey>()
  let isComplete = ofTopic === null || forTopic.has(nameOfKey(ofTopic))
  const want = (target: string) => {
    const key = step.keyOf(target)
    if (key === null) return
    const name = nameOfKey(key)
    targets.set(name, key)
    isComplete &&= forTargets.has(name)
  }
  if (step.isSealing) {
    for (const { pushQueue, record } of recipients()) {
      // What is pushed waits as the topic keeps it, and becomes a dead letter as it is.
      if (pushQueue !== null) continue
      want(record.endpoint)
      const deadLetters = deadLetterTarget(record.settings.redrivePolicy)
      if (deadLetters !== null) want(deadLetters)
    }
  }
  return isComplete ? null : { kind: 'seals wanted', topic: ofTopic, targets: [...targets.values()] }
}

function namesOf(seals: readonly PublishSeal[]): ReadonlySet<string> {
  return new Set(seals.map(({ key }) => nameOfKey(key)))
}

function keyOf({ address: { accountId, region }, settings }: Topic): TargetKey | null {
  const { kmsMasterKeyId: keyId } = settings
  return keyId === '' ? null : { accountId, region, keyId, reuseMs: DATA_KEY_REUSE_MS }
}
