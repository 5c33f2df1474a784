import type { Request } from '../../api/operation.ts'
import { DataKeyRefused, type DataKeyUse, type KeyUser } from '../../core/data-keys.ts'
import { nameOfKey, type TargetKey } from '../../core/landing.ts'
import type { BodySeals } from '../../core/sealed-body.ts'
import type { PublishSeal, TopicAddress, WantedSeals } from './commands.ts'
import { keyRefusal } from './errors.ts'
import { KEY_CHANGES_MAX } from './limits.ts'
import type { SnsPorts, TopicEncryption } from './ports.ts'
import { CLEAR_BYTES } from './published-message.ts'
import { topicArn } from './topic-arn.ts'

/** The bodies of a publish command, with what was sealed of them. */
export interface SealedBodies {
  readonly bodies: readonly Uint8Array[]
  readonly seals?: readonly PublishSeal[]
}

/**
 * Publishes messages that are sealed as their topic, and the queues that it sends to, want it. Who gets them only the cell knows: it
 * publishes, or says under which keys they are to be sealed, which is remembered and offered at once the next time. What is wrong with
 * the topic's key refuses the request; what is wrong with a queue's key is the fate of what would have landed there.
 */
export async function publishSealed<Outcomes extends object>(
  { encryption }: Pick<SnsPorts, 'encryption'>,
  topic: TopicAddress,
  bodies: readonly Uint8Array[],
  request: Request,
  publish: (sealed: SealedBodies) => Promise<Outcomes | WantedSeals>,
): Promise<Outcomes> {
  const plain = { bodies }
  const remembered = encryption?.remembered.get(topic)
  let sealed: SealedBodies = plain
  if (encryption !== undefined && remembered !== undefined) {
    // The topic may have another key by now: whether that is any good, is told below.
    sealed = await sealAll(encryption, remembered, topic, bodies, request).catch((error: unknown) => {
      if (error instanceof DataKeyRefused) return plain
      throw error
    })
  }
  for (let changes = 0; ; changes++) {
    const reply = await publish(sealed)
    if (!isWanted(reply)) return reply
    if (encryption === undefined || changes === KEY_CHANGES_MAX)
      throw new Error(`what ${topicArn(topic)} publishes can't be sealed as it wants it`)
    encryption.remembered.set(topic, reply)
    sealed = await sealAll(encryption, reply, topic, bodies, request).catch((error: unknown) => {
      throw error instanceof DataKeyRefused ? keyRefusal(error) : error
    })
  }
}

function isWanted<Outcomes extends object>(reply: Outcomes | WantedSeals): reply is WantedSeals {
  return 'kind' in reply && reply.kind === 'seals wanted'
}

/** Once for each key. Rejects with `DataKeyRefused` where the topic's own can't be used. */
async function sealAll(
  { seals, publisher, topic: asTopic }: TopicEncryption,
  wanted: WantedSeals,
  topic: TopicAddress,
  plain: readonly Uint8Array[],
  request: Request,
): Promise<SealedBodies> {
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html: what lands in a queue is sealed for all queues with that key.
  const context = { 'aws:sns:topicArn': topicArn(topic) }
  const bodies = [...plain]
  const done: PublishSeal[] = []
  const add = (seal: Omit<PublishSeal, 'firstBody'>, sealed: readonly Uint8Array[] | null) => {
    done.push({ ...seal, firstBody: sealed === null ? null : bodies.length })
    bodies.push(...(sealed ?? []))
  }
  const ofTopic = wanted.topic
  const topicName = ofTopic === null ? null : nameOfKey(ofTopic)
  const ofTopicAsTarget = wanted.targets.find((key) => nameOfKey(key) === topicName)
  if (ofTopic !== null) {
    const sealed = await sealOnce(seals, { ...ofTopic, context, user: publisher(request) }, plain)
    const problem =
      ofTopicAsTarget === undefined ? null : await problemOf(seals, ofTopicAsTarget, context, asTopic(topic))
    add({ key: ofTopic, isForTopic: true, problem }, sealed)
  }
  for (const key of wanted.targets) {
    if (key === ofTopicAsTarget) continue
    try {
      const sealed = await sealOnce(seals, { ...key, context, user: asTopic(topic) }, plain)
      add({ key, isForTopic: false, problem: '' }, sealed)
    } catch (error) {
      if (!(error instanceof DataKeyRefused)) throw error
      add({ key, isForTopic: false, problem: problemText(error) }, null)
    }
  }
  return { bodies, seals: done }
}

/** Whoever has something sealed must be able to decrypt too, as at AWS. */
async function sealOnce(
  seals: BodySeals,
  use: DataKeyUse,
  plain: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  const sealed = await seals.seal(use, plain, CLEAR_BYTES)
  await seals.check(use)
  return sealed
}

/** Why a topic may not use the key of a queue that is its own too; empty where it may. */
async function problemOf(
  seals: BodySeals,
  key: TargetKey,
  context: DataKeyUse['context'],
  user: KeyUser | null,
): Promise<string> {
  try {
    await sealOnce(seals, { ...key, context, user }, [])
    return ''
  } catch (error) {
    if (error instanceof DataKeyRefused) return problemText(error)
    throw error
  }
}

/** By which failures of a subscription are counted. */
function problemText({ problem }: DataKeyRefused): string {
  return `key ${problem}`
}
