import { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { deduplicationKey, groupKey, wordsOf } from '../../src/core/keys.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { SnsCommand, SnsReplies, TopicAddress } from '../../src/services/sns/commands.ts'
import { decodeOrigin } from '../../src/services/sns/landing-origin.ts'
import { decodePublishedMessage, encodePublishedMessage } from '../../src/services/sns/published-message.ts'
import { topicArn } from '../../src/services/sns/topic-arn.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'
import { ask, pause } from './clients.ts'
import { liveOnce } from './mortal-life.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'

const START = Date.UTC(2026, 0, 1)
const TOPIC: TopicAddress = { accountId: '000000000000', region: 'us-east-1', name: 'ledger.fifo' }
const QUEUE = { ...TOPIC, name: 'replayed.fifo' }
const SUBSCRIPTION = '00000000-0000-4000-8000-000000000001'
const GROUPS = ['a', 'b', 'c'] as const

/** A message as it came out of the queue. */
interface CameOut {
  readonly text: string
  readonly group: string
  readonly sequence: number
  readonly publishedAt: number
  /** The number of the replay that it came by; 0 where it came as it was published. */
  readonly replay: number
}

/**
 * A FIFO topic with an archive and a queue that is subscribed, in a server that is killed again and again; a client publishes,
 * another has the archive replayed from any time on. In the end everything in the queue is held against what was published.
 */
export class ReplayWorld {
  readonly #random: SeededRandom
  readonly #time: SimulatedTime
  readonly #acknowledged: string[] = []
  #disk: SimulatedDisk
  #published = 0
  /** Replays that were begun, and answered or not. */
  replays = 0

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
    this.#time = new SimulatedTime(START, new SeededRandom(seed ^ 0x5eed))
    this.#disk = new SimulatedDisk({ random: new SeededRandom(seed ^ 0xd15c), timers: this.#time })
  }

  /** What is wrong, in words. */
  async run(): Promise<readonly string[]> {
    const lives = 3 + this.#random.below(4)
    for (let life = 0; life < lives; life++) {
      const { disk } = await liveOnce({
        ...{ disk: this.#disk, time: this.#time, random: this.#random, ends: 700 },
        serve: (isOver) => this.#serve(isOver),
      })
      this.#disk = disk
    }
    return this.#time.settle(this.#lastLife())
  }

  async #serve(isOver: () => boolean): Promise<void> {
    const time = this.#time
    const cell = await this.#open()
    await setUp(cell)
    const end = time.now() + 100 + this.#random.below(1500)
    const goesOn = () => time.now() < end && !isOver()
    const clients = Promise.all([this.#publish(cell, goesOn), this.#replay(cell, goesOn)])
    // A client whose request fails ends, as its server did.
    clients.catch(() => {})
    while (goesOn()) await pause(time, 20)
    if (isOver()) return
    await clients
    await cell.close()
  }

  /** A server that nothing happens to: replays come to their end, one more is begun, and all is received. */
  async #lastLife(): Promise<readonly string[]> {
    const cell = await this.#open()
    await setUp(cell)
    await this.#untilComplete(cell)
    const before = await receiveAll(cell, this.#random)
    const from = before[this.#random.below(before.length)]?.publishedAt ?? START
    const number = await this.#beginReplay(cell, from)
    await this.#untilComplete(cell)
    const after = await receiveAll(cell, this.#random)
    await cell.close()
    return [...this.#judge(before), ...judgeLast(before, after, from, number)]
  }

  #open(): Promise<Cell> {
    return openServer({
      disk: this.#disk,
      time: this.#time,
      random: this.#random,
      limits: SMALL_FILES,
      onFailure: () => {},
    })
  }

  async #publish(cell: Cell, goesOn: () => boolean): Promise<void> {
    const random = this.#random
    while (goesOn()) {
      const texts = Array.from({ length: 1 + random.below(10) }, () => `m${++this.#published}`)
      const groups = texts.map(() => random.pick(GROUPS))
      const bodies = texts.map((text, i) => published(text, groups[i]!, random))
      await askTopics(cell, {
        ...{ service: 'sns', kind: 'publish', heldAgainst: null, topic: TOPIC, bodies },
        messages: bodies.map((bytes, body) => ({
          body,
          messageId: wordsOf(bytes.subarray(2, 18)),
          landingSeed: wordsOf(bytes.subarray(18, 34)),
          groupKey: groupKey(groups[body]!),
          deduplicationKey: deduplicationKey(texts[body]!),
          deduplicatesByContent: false,
          inQueue: { envelopeBytes: 1, rawBytes: 1, rawProblem: null },
          protection: null,
          filterable: { attributes: [], texts: new Map([['', '']]) },
        })),
      })
      this.#acknowledged.push(...texts)
      await pause(this.#time, random.below(15))
    }
  }

  /** Has messages replayed, and gives replays up. */
  async #replay(cell: Cell, goesOn: () => boolean): Promise<void> {
    while (goesOn()) {
      await pause(this.#time, this.#random.below(100))
      if (!goesOn()) return
      if (this.#random.chance(0.2)) await setReplayPolicy(cell, '{}')
      else await this.#beginReplay(cell, START + this.#random.below(this.#time.now() - START))
    }
  }

  async #beginReplay(cell: Cell, from: number): Promise<number> {
    this.replays++
    const StartingPoint = new Date(from).toISOString()
    await setReplayPolicy(cell, JSON.stringify({ PointType: 'Timestamp', StartingPoint }))
    return this.replays
  }

  async #untilComplete(cell: Cell): Promise<void> {
    for (;;) {
      const get = { service: 'sns', kind: 'getSubscription', topic: TOPIC, id: SUBSCRIPTION } as const
      const { replayStatus } = await askTopics(cell, get)
      if (replayStatus === '' || replayStatus === 'Completed') break
      await pause(this.#time, 10)
    }
    // One that was given up has no status, and may have to catch up yet.
    await pause(this.#time, 1000)
  }

  #judge(all: readonly CameOut[]): readonly string[] {
    const wrong: string[] = []
    const firsts = all.filter(({ replay }) => replay === 0)
    const texts = new Set(firsts.map(({ text }) => text))
    if (texts.size !== firsts.length) wrong.push('a message came twice, and not by a replay')
    for (const text of this.#acknowledged) if (!texts.has(text)) wrong.push(`${text} never came`)
    for (const replay of new Set(all.map((each) => each.replay))) {
      const its = all.filter((each) => each.replay === replay)
      for (const group of GROUPS) {
        const sequences = its.filter((each) => each.group === group).map(({ sequence }) => sequence)
        const isAscending = sequences.every((each, i) => i === 0 || each > sequences[i - 1]!)
        if (!isAscending) wrong.push(`replay ${replay} brought group ${group} out of its order, or twice`)
      }
      const sequences = its.map(({ sequence }) => sequence)
      const isWhole = Math.max(...sequences) - Math.min(...sequences) === its.length - 1
      if (!isWhole) wrong.push(`replay ${replay} left something out`)
    }
    return wrong
  }
}

/** The last replay, to which nothing happened, brought exactly what was published from its time on. */
function judgeLast(
  before: readonly CameOut[],
  after: readonly CameOut[],
  from: number,
  begun: number,
): readonly string[] {
  const due = before.filter(({ replay, publishedAt }) => replay === 0 && publishedAt >= from)
  const sorted = (all: readonly CameOut[]) => all.map(({ sequence }) => sequence).sort((a, b) => a - b)
  const wrong: string[] = []
  if (String(sorted(due)) !== String(sorted(after))) {
    wrong.push(`the last replay brought ${after.length} messages of ${due.length}`)
  }
  const numbers = new Set(after.map(({ replay }) => replay))
  if (numbers.size > 1 || [...numbers].some((number) => number < 1 || number > begun)) {
    wrong.push(`the last replay was ${[...numbers].join(', ')}`)
  }
  return wrong
}

async function askTopics<Kind extends SnsCommand['kind']>(
  cell: Cell,
  command: SnsCommand<Kind>,
): Promise<SnsReplies[Kind]> {
  // The cell answers a command of a kind with a reply of that kind.
  return (await cell.execute(command)) as SnsReplies[Kind]
}

/** What is there already is not changed. The queue is there before its subscription, and that before anybody publishes. */
async function setUp(cell: Cell): Promise<void> {
  await ask(cell, {
    service: 'sqs',
    kind: 'createQueue',
    queue: QUEUE,
    settings: { policy: FROM_TOPICS },
    tags: {},
  })
  const settings = { archivePolicy: '{"MessageRetentionPeriod":"1"}' }
  await askTopics(cell, { service: 'sns', kind: 'createTopic', topic: TOPIC, settings, tags: null })
  await askTopics(cell, {
    ...{ service: 'sns', kind: 'subscribe', topic: TOPIC, protocol: 'sqs', token: null },
    endpoint: `arn:aws:sqs:us-east-1:000000000000:${QUEUE.name}`,
    settings: {},
    ...{ owner: TOPIC.accountId, principal: 'p', id: SUBSCRIPTION },
  })
}

async function setReplayPolicy(cell: Cell, replayPolicy: string): Promise<void> {
  const set = { service: 'sns', kind: 'setSubscriptionSettings', topic: TOPIC, id: SUBSCRIPTION } as const
  await askTopics(cell, { ...set, settings: { replayPolicy } })
}

async function receiveAll(cell: Cell, random: SeededRandom): Promise<readonly CameOut[]> {
  const came: CameOut[] = []
  for (;;) {
    const { messages, bodies } = await ask(cell, {
      ...{ service: 'sqs', kind: 'receiveMessages', queue: QUEUE, limit: 10, waitSeconds: 0 },
      ...{ visibilityTimeoutSeconds: 30, tags: random.bytes(80) },
    })
    if (messages.length === 0) return came
    const contents = await bodies
    for (const [i, { origin }] of messages.entries()) {
      const { texts, groupId = '', sequence, publishedAt } = decodePublishedMessage(contents[i]!)
      const { replay } = decodeOrigin(origin ?? '')
      came.push({ text: texts.get('') ?? '', group: groupId, sequence, publishedAt, replay })
    }
    const receipts = messages.map(({ receipt }) => receipt)
    await ask(cell, { service: 'sqs', kind: 'deleteMessages', queue: QUEUE, receipts })
  }
}

function published(text: string, groupId: string, random: SeededRandom): Uint8Array {
  return encodePublishedMessage({
    ...{ id: random.bytes(16), landingSeed: random.bytes(16), baseUrl: 'u', topicArn: topicArn(TOPIC) },
    ...{ subject: undefined, groupId, deduplicationId: text, traceHeader: undefined },
    attributes: [{ name: 'filler', type: 'Binary', value: random.bytes(random.below(2000)) }],
    texts: new Map([['', text]]),
  })
}
