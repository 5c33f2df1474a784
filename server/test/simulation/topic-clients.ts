import { wordsOf } from '../../src/core/keys.ts'
import type { SnsCommand, SnsReplies, TopicAddress } from '../../src/services/sns/commands.ts'
import { decodeOrigin } from '../../src/services/sns/landing-origin.ts'
import { decodePublishedMessage, encodePublishedMessage } from '../../src/services/sns/published-message.ts'
import { subscriptionArn, topicArn } from '../../src/services/sns/topic-arn.ts'
import type { ReceivedMessage } from '../../src/services/sqs/commands.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'
import { address, ask, type ClientContext, dispose, pause, placeOf } from './clients.ts'
import type { History } from './history.ts'
import { bodyOf, readBody } from './message-bodies.ts'

/** The queues that are subscribed to the topic; the messages of the second are raw. */
export const NEWS_QUEUES = ['news-a', 'news-b'] as const
export type NewsQueue = (typeof NEWS_QUEUES)[number]

const TOPIC: TopicAddress = { accountId: '000000000000', region: 'us-east-1', name: 'news' }

const UUIDS: Readonly<Record<NewsQueue, string>> = {
  'news-a': '00000000-0000-4000-8000-00000000000a',
  'news-b': '00000000-0000-4000-8000-00000000000b',
}

async function askTopics<Kind extends SnsCommand['kind']>(
  { cell }: Pick<ClientContext, 'cell'>,
  command: SnsCommand<Kind>,
): Promise<SnsReplies[Kind]> {
  // The cell answers a command of a kind with a reply of that kind.
  return (await cell.execute(command)) as SnsReplies[Kind]
}

/** What is there already is not changed. A topic without subscribers comes first: nobody publishes to it before all is there. */
export async function createNews(context: Pick<ClientContext, 'cell'>): Promise<void> {
  for (const name of NEWS_QUEUES) {
    const settings = { visibilityTimeoutSeconds: 30, policy: FROM_TOPICS }
    await ask(context.cell, { service: 'sqs', kind: 'createQueue', queue: address(name), settings, tags: {} })
  }
  await askTopics(context, { service: 'sns', kind: 'createTopic', topic: TOPIC, settings: {}, tags: null })
  for (const name of NEWS_QUEUES) {
    await askTopics(context, {
      ...{ service: 'sns', kind: 'subscribe', topic: TOPIC, protocol: 'sqs', token: null },
      endpoint: `arn:aws:sqs:us-east-1:000000000000:${name}`,
      settings: { rawMessageDelivery: name === 'news-b' },
      ...{ owner: TOPIC.accountId, principal: 'p', id: UUIDS[name] },
    })
  }
}

/** Publishes until told to stop; one request at a time. What lands in each queue is in the history as if it was sent there. */
export async function publishNews(context: ClientContext, producer: number): Promise<void> {
  const { random, history, places, time } = context
  while (!context.stopping()) {
    const messages = Array.from({ length: 1 + random.below(3) }, () => {
      const key = `news ${producer}`
      const place = (places.get(key) ?? 0) + 1
      places.set(key, place)
      return { id: `news-${producer}-${place}`, place }
    })
    const sent = messages.flatMap(({ id, place }) =>
      NEWS_QUEUES.map((queue) => history.send({ id: landingName(queue, id), queue, producer, place })),
    )
    const bodies = messages.map(({ id }) => published(id, random.bytes(16)))
    await askTopics(context, {
      ...{ service: 'sns', kind: 'publish', heldAgainst: null, topic: TOPIC, bodies },
      messages: bodies.map((bytes, body) => ({
        body,
        messageId: wordsOf(bytes.subarray(2, 18)),
        landingSeed: new Uint32Array(4),
        ...{ groupKey: null, deduplicationKey: null, deduplicatesByContent: false },
        inQueue: { envelopeBytes: 1, rawBytes: 1, rawProblem: null },
        protection: null,
        filterable: { attributes: [], texts: new Map([['', '']]) },
      })),
    })
    for (const entry of sent) entry.acknowledged = true
    await pause(time, random.below(30))
  }
}

/** Receives news, and deletes most of what comes, until told to stop. */
export async function consumeNews(context: ClientContext): Promise<void> {
  const { random, time } = context
  while (!context.stopping()) {
    const queue = random.pick(NEWS_QUEUES)
    const visibilityTimeoutSeconds = random.chance(0.3) ? 0 : random.below(20)
    const asked = time.now()
    const { messages, ids } = await receive(context, queue, visibilityTimeoutSeconds, random.below(4))
    const hiddenUntil = asked + visibilityTimeoutSeconds * 1000
    for (const [i, id] of ids.entries()) {
      const sent = context.history.find(id)!
      sent.hiddenUntil = hiddenUntil
      sent.hiddenBy = messages[i]!.receiveCount
    }
    const receipts = messages.map(({ receipt }) => receipt)
    if (receipts.length > 0) await dispose(context, { queue, receipts, ids, hiddenUntil })
    await pause(time, random.below(60))
  }
}

/** Receives all news there are, each message once. */
export async function receiveAllNews(context: Omit<ClientContext, 'stopping' | 'places'>): Promise<void> {
  const full = { ...context, stopping: () => true, places: new Map() }
  for (const queue of NEWS_QUEUES) {
    for (let empty = 0; empty < 2; ) {
      const { ids } = await context.time.settle(receive(full, queue, 43_200, 0))
      empty = ids.length === 0 ? empty + 1 : 0
      for (const id of ids) context.history.found(id)
    }
  }
}

/**
 * The publishes of which one queue got the message and another did not, as far as nobody took it away: there is to be none. To
 * be called after the last round.
 */
export function halfPublished(history: History): readonly string[] {
  const found = new Set(history.foundIds)
  const halves: string[] = []
  for (const { id, slot } of history.everIn(NEWS_QUEUES[0])) {
    const message = id.slice(id.indexOf(' ') + 1)
    const landings = NEWS_QUEUES.map((queue) => history.find(landingName(queue, message))!)
    const wasThere = landings.some((each) => each.slot !== null || found.has(each.id)) || slot !== null
    const isMissing = landings.some((each) => !each.mayBeGone && !found.has(each.id))
    if (wasThere && isMissing) halves.push(message)
  }
  return halves
}

interface ReceivedNews {
  readonly messages: readonly ReceivedMessage[]
  readonly ids: readonly string[]
}

async function receive(
  { cell, random, history, time }: ClientContext,
  queue: NewsQueue,
  visibilityTimeoutSeconds: number,
  waitSeconds: number,
): Promise<ReceivedNews> {
  const asked = time.now()
  const { messages, bodies } = await ask(cell, {
    ...{ service: 'sqs', kind: 'receiveMessages', queue: address(queue), limit: 10 },
    ...{ visibilityTimeoutSeconds, waitSeconds, tags: random.bytes(80) },
  })
  const contents = await bodies
  const known: ReceivedMessage[] = []
  const ids: string[] = []
  for (const [i, message] of messages.entries()) {
    const { id, intact } = readNews(contents[i]!, message, queue)
    const name = landingName(queue, id)
    const { receiveCount } = message
    const place = placeOf(message)
    if (history.received(name, intact, place, time.now(), asked, receiveCount) === undefined) continue
    known.push(message)
    ids.push(name)
  }
  return { messages: known, ids }
}

function landingName(queue: NewsQueue, id: string): string {
  return `${queue} ${id}`
}

function published(id: string, messageId: Uint8Array): Uint8Array {
  return encodePublishedMessage({
    ...{ id: messageId, landingSeed: new Uint8Array(16), baseUrl: 'u', topicArn: topicArn(TOPIC) },
    ...{ subject: undefined, groupId: undefined, deduplicationId: undefined, traceHeader: undefined },
    attributes: [{ name: 'content', type: 'Binary', value: bodyOf(id) }],
    texts: new Map([['', id]]),
  })
}

/** The message that a body says it is; intact only if it was stamped, and landed by the subscription of this queue. */
function readNews(
  body: Uint8Array,
  { origin, sentAt }: ReceivedMessage,
  queue: NewsQueue,
): { readonly id: string; readonly intact: boolean } {
  const message = decodePublishedMessage(body)
  const content = readBody(message.attributes[0]!.value as Uint8Array)
  const landed = decodeOrigin(origin ?? '')
  const isRight =
    landed.subscriptionArn === subscriptionArn(TOPIC, UUIDS[queue]) &&
    landed.isRaw === (queue === 'news-b') &&
    message.publishedAt === sentAt
  return { id: content.id, intact: content.intact && isRight }
}
