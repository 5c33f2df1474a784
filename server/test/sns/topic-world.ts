import { expect } from 'vitest'
import type { Request } from '../../src/api/operation.ts'
import { membersOf } from '../../src/api/self-written.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import type { Command } from '../../src/core/command.ts'
import { Machine } from '../../src/core/machine.ts'
import { openOwnBodies } from '../../src/core/open-bodies.ts'
import type { Push } from '../../src/core/pushes.ts'
import type { StateHost } from '../../src/core/service-state.ts'
import { type Cut, Units } from '../../src/core/units.ts'
import { AesBodySeals } from '../../src/keys/aes-body-seals.ts'
import type { SubscriptionDescription } from '../../src/services/sns/commands.ts'
import {
  type AuditLine,
  MessageProtection,
} from '../../src/services/sns/data-protection/message-protection.ts'
import { ask, type NotificationSigner } from '../../src/services/sns/ports.ts'
import { readLandedOf } from '../../src/services/sns/read-landed.ts'
import { RememberedSeals } from '../../src/services/sns/remembered-seals.ts'
import { sns } from '../../src/services/sns/service.ts'
import { SnsState } from '../../src/services/sns/state/sns-state.ts'
import type { Protocol } from '../../src/services/sns/subscription-settings.ts'
import { directQueueArn, pushQueueArn } from '../../src/services/sns/topic-arn.ts'
import { TopicPushes } from '../../src/services/sns/topic-pushes.ts'
import type { QueueAddress, SqsReplies } from '../../src/services/sqs/commands.ts'
import { type InternalMessage, InternalQueues } from '../../src/services/sqs/internal-queues.ts'
import { sqs } from '../../src/services/sqs/service.ts'
import { EVERYONE_MAY_LAND, type LandingLeave } from '../../src/services/sqs/state/landing-leave.ts'
import { SqsState } from '../../src/services/sqs/state/sqs-state.ts'
import { NO_COOLDOWNS, TEST_REQUEST, TEST_TOKEN_KEY } from '../../src/services/sqs/test-cell.ts'
import { NamedDataKeys } from '../kms/named-data-keys.ts'

export const START = Date.UTC(2026, 0, 1)

/** Signs with what it signs, in the length that signatures have, and counts how often. */
export class TestSigner implements NotificationSigner {
  readonly certificatePath = '/certificate.pem'
  readonly signed: string[] = []
  fails: (text: string) => boolean = () => false

  async sign(text: string, version: '1' | '2'): Promise<string> {
    if (this.fails(text)) throw new Error('this is not signed')
    this.signed.push(text)
    return `${version}`.padEnd(344, '=')
  }
}

interface WaitingText {
  readonly phoneNumber: string
  readonly text: string
  /** What holds for it, be it its own or its account's. */
  readonly sms: { readonly senderId: string; readonly type: string }
}

/** What is asked of a service by the names on the wire. */
export type Input = Readonly<Record<string, unknown>>
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation, for tests to look into.
export type Output = Readonly<Record<string, any>>

/**
 * SNS and SQS on one machine, with the journal in its plainest form: an array of events, and bodies with their references.
 * Operations are run as a client's request would.
 */
export class TopicWorld {
  now = START
  readonly signer = new TestSigner()
  readonly log: Uint8Array[] = []
  /** What went wrong with messages to be pushed. */
  readonly reported: unknown[] = []
  /** What is said of every endpoint. */
  endpointProblem: string | undefined
  readonly dataKeys = new NamedDataKeys()
  readonly seals = new AesBodySeals(this.dataKeys, new SeededRandom(2))
  readonly #remembered = new RememberedSeals()
  /** Those that subscriptions are to be confirmed with, the newest last. */
  readonly tokens: string[] = []
  /** What somebody else does between the preparation of the next publish and its decision. */
  meanwhile: (() => Promise<unknown>) | null = null
  /** What audits of data protection told. */
  readonly audited: AuditLine[] = []
  readonly #random = new SeededRandom(1)
  readonly #protection = new MessageProtection({
    topicAt: (topic) => this.#topics?.protectionOf(topic),
    random: this.#random,
    audited: (line) => this.audited.push(line),
  })
  #topics: SnsState | undefined
  /** Every body there is, with how many refer to it. */
  readonly #bodies = new Map<number, { readonly bytes: Uint8Array; references: number }>()
  readonly #everStored = new Map<number, Uint8Array>()
  #nextBody = 0
  #snapshot: ReadonlyMap<number, Uint8Array> = new Map()
  #counting = true
  #units = new Units()
  #sqsState!: SqsState
  #machine: Machine
  readonly #landingLeave: LandingLeave

  /** `landingLeave` says what topics may send to queues. */
  constructor(landingLeave: LandingLeave = EVERYONE_MAY_LAND) {
    this.#landingLeave = landingLeave
    this.#machine = this.#newMachine()
  }

  get machine(): Machine {
    return this.#machine
  }

  /** Bodies that somebody refers to, as they are stored. */
  get bodies(): readonly Uint8Array[] {
    return [...this.#bodies.values()].map(({ bytes }) => bytes)
  }

  /** Bodies that somebody refers to. */
  get storedBodies(): number {
    return this.#bodies.size
  }

  /** Who made subscriptions of a topic, as data protection is told. */
  subscribers(name = 'news'): readonly string[] {
    const topic = this.#topics?.protectionOf({ accountId: '000000000000', region: 'eu-west-1', name })
    return [...(topic?.subscribers() ?? [])]
  }

  /** What they hold. */
  get stored(): readonly Uint8Array[] {
    return [...this.#bodies.values()].map(({ bytes }) => bytes)
  }

  async sns(operation: string, input: Input = {}, request: Partial<Request> = {}): Promise<Output> {
    const ports = {
      ...{ cell: this.#cell, random: this.#random, tokenKey: TEST_TOKEN_KEY, signer: this.signer },
      protection: this.#protection,
      endpointProblem: () => this.endpointProblem,
      encryption: {
        ...{ seals: this.seals, remembered: this.#remembered },
        ...{ publisher: () => null, topic: () => null },
      },
    }
    return this.#run(sns(ports), operation, input, request)
  }

  async sqs(operation: string, input: Input = {}): Promise<Output> {
    const readLanded = readLandedOf(this.signer)
    const keyOf = (queue: QueueAddress) => this.#sqsState.queueKeyAt(queue)
    const encryption = { seals: this.seals, keyOf, userOf: () => null }
    const ports = { cell: this.#cell, random: this.#random, tokenKey: TEST_TOKEN_KEY, encryption }
    return this.#run(sqs({ ...ports, cooldowns: NO_COOLDOWNS, readLanded }), operation, input, {})
  }

  /** What a client is told of a request that is refused; it must change nothing. */
  async refusal(operation: string, input: Input = {}): Promise<string> {
    const entries = this.log.length
    try {
      await this.sns(operation, input)
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      expect(this.log.length).toBe(entries)
      return `${error.shape.code}: ${error.message}`
    }
    return 'not refused'
  }

  async topic(Name = 'news', Attributes: Input = {}): Promise<string> {
    return (await this.sns('CreateTopic', { Name, Attributes })).TopicArn
  }

  async queue(QueueName: string, Attributes: Input = {}): Promise<string> {
    await this.sqs('CreateQueue', { QueueName, Attributes })
    return `arn:aws:sqs:eu-west-1:000000000000:${QueueName}`
  }

  async subscribe(TopicArn: string, Endpoint: string, Attributes: Input = {}): Promise<string> {
    return (await this.sns('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint, Attributes })).SubscriptionArn
  }

  /** Deletes all topics, and no queue. */
  async reset(): Promise<void> {
    await this.execute({ service: 'sns', kind: 'reset' })
  }

  /** What no client can ask for. */
  execute(command: Command): Promise<unknown> {
    return this.#cell.execute(command)
  }

  /** What is in the queue; it stays there. */
  async received(queue: string, options: Input = {}): Promise<readonly Output[]> {
    const all = { MaxNumberOfMessages: 10, MessageAttributeNames: ['All'], AttributeNames: ['All'] }
    const input = { QueueUrl: queue.split(':').at(-1), VisibilityTimeout: 0, ...all, ...options }
    return (await this.sqs('ReceiveMessage', input)).Messages ?? []
  }

  /** Confirms a subscription with the token that it waits for, as its endpoint's owner would. */
  async confirm(subscription: string): Promise<void> {
    const TopicArn = subscription.slice(0, subscription.lastIndexOf(':'))
    await this.sns('ConfirmSubscription', { TopicArn, Token: this.tokens.at(-1)! })
  }

  /** Deletes all queues, internal ones too, and says how many there were. */
  async resetQueues(): Promise<number> {
    const reply = (await this.#cell.execute({ service: 'sqs', kind: 'reset' })) as SqsReplies['reset']
    return reply.queues
  }

  /** How much the newest snapshot holds. */
  get units(): number {
    return this.#snapshot.size
  }

  /** Text messages that wait to be handed to the gateway, in the order in which they came; they stay there. */
  async texts(accountId = '000000000000'): Promise<readonly WaitingText[]> {
    const source = directQueueArn({ accountId, region: 'eu-west-1' }, 'sms')
    const { pushes } = await this.pushes.take(source, 10, 30)
    for (const push of pushes) await push.putBack()
    return pushes.map(({ dispatch: { endpoint: phoneNumber, notification } }) => {
      const { message: text, messageAttributes } = notification
      const [sender, type] = ['AWS.SNS.SMS.SenderID', 'AWS.SNS.SMS.SMSType'].map(
        (name) => messageAttributes[name]?.Value ?? '',
      )
      return { phoneNumber, text, sms: { senderId: sender!, type: type! } }
    })
  }

  /** As an operator does it. */
  async optOut(name: string, region = 'eu-west-1'): Promise<void> {
    const command = { service: 'sns', kind: 'optOut', accountId: '000000000000', region, name }
    await this.#cell.execute(command)
  }

  get pushes(): TopicPushes<InternalMessage> {
    const queues = new InternalQueues({ cell: this.#cell, random: this.#random })
    const report = (error: unknown) => void this.reported.push(error)
    return new TopicPushes({ cell: this.#cell, queues, signer: this.signer, seals: this.seals, report })
  }

  /** Takes what waits to be pushed to the subscription's endpoint. */
  async taken(subscription: string, protocol: Protocol = 'http'): Promise<readonly Push[]> {
    const [region, accountId, name, id] = subscription.split(':').slice(3)
    const source = pushQueueArn({ region: region!, accountId: accountId!, name: name! }, protocol, id!)
    return (await this.pushes.take(source, 10, 30)).pushes
  }

  /** What waits to be pushed there, as it is told; it stays there. */
  async waiting(subscription: string, protocol: Protocol = 'http'): Promise<readonly string[]> {
    const pushes = await this.taken(subscription, protocol)
    for (const push of pushes) await push.putBack()
    return pushes.map(({ dispatch }) => dispatch.notification.message)
  }

  async description(subscription: string): Promise<SubscriptionDescription> {
    const [region, accountId, name, id] = subscription.split(':').slice(3)
    const topic = { region: region!, accountId: accountId!, name: name! }
    return ask({ cell: this.#cell }, { service: 'sns', kind: 'getSubscription', topic, id: id! })
  }

  /** Starts anew from a snapshot, or from the events alone. */
  restart({ snapshot }: { readonly snapshot: boolean }): void {
    const units = this.#drain(this.#units.cut())
    if (snapshot) this.#startAnew(units, this.now, [])
    else this.#startAnew(null, this.now, this.log)
    this.checkBodies()
  }

  /**
   * Starts anew from a snapshot that is cut now and written when `work` is done, and from the events of that. What `look` saw
   * before must be there again.
   */
  async restartAfterSnapshotDuring(
    work: () => Promise<unknown>,
    look: () => Promise<unknown> = async () => null,
  ): Promise<void> {
    const { now, log } = this
    this.#machine.advance(now)
    const cut = this.#units.cut()
    const entries = log.length
    await work()
    const before = await look()
    this.#startAnew(this.#drain(cut), now, log.slice(entries))
    this.#machine.advance(this.now)
    this.#recountBodies()
    expect(await look()).toEqual(before)
  }

  /** As a journal does when it's opened: what the clean-up gave back before may be referred to again, until it does so anew. */
  #recountBodies(): void {
    this.#bodies.clear()
    this.#machine.live((bodyId) => {
      const counted = this.#bodies.get(bodyId)?.references ?? 0
      this.#bodies.set(bodyId, { bytes: this.#everStored.get(bodyId)!, references: counted + 1 })
    })
  }

  #drain(cut: Cut): ReadonlyMap<number, Uint8Array> {
    const units = new Map<number, Uint8Array>()
    for (let unit = cut.next(); unit !== null; unit = cut.next()) {
      units.set(unit.id, unit.bytes ?? this.#snapshot.get(unit.id)!)
    }
    this.#snapshot = new Map([...units].map(([id, bytes]) => [id, bytes.slice()]))
    return units
  }

  #startAnew(units: ReadonlyMap<number, Uint8Array> | null, at: number, log: readonly Uint8Array[]): void {
    this.#counting = false
    this.#units = new Units()
    this.#machine = this.#newMachine()
    if (units !== null) this.#machine.restore(units, this.#units, at)
    for (const events of log) this.#machine.replay(events)
    this.#counting = true
  }

  /** Every body is referred to as often as was counted. */
  checkBodies(): void {
    const seen = new Map<number, number>()
    this.#machine.live((bodyId) => seen.set(bodyId, (seen.get(bodyId) ?? 0) + 1))
    const counted = [...this.#bodies].map(([id, { references }]) => [id, references])
    expect([...seen].sort(([a], [b]) => a - b)).toEqual(counted)
  }

  /** Does the chores that are due, at most `limit`. Returns how many there were. */
  async doChores(limit = 1000): Promise<number> {
    for (let done = 0; done < limit; done++) {
      const carryOut = this.beginChore()
      if (carryOut === null) return done
      await carryOut()
    }
    return limit
  }

  /** Reads what the next chore needs, if it is due, and returns what carries it out. */
  beginChore(): (() => Promise<unknown>) | null {
    this.#machine.advance(this.now)
    const chore = this.#machine.chore()
    if (chore === null || chore.at > this.now) return null
    const found = chore.reads?.().map((bodyId) => this.#bodies.get(bodyId)?.bytes ?? null)
    return async () => {
      const opens = found !== undefined && chore.opensSealed === true
      const read = opens ? await openOwnBodies(this.seals, found) : found
      return this.#cell.execute({ ...chore.command, ...(read && { read }) })
    }
  }

  tidy(): void {
    this.now += 1000
    this.#machine.advance(this.now)
    while (this.#machine.tidy());
  }

  readonly #cell = {
    execute: async (command: Command): Promise<unknown> => {
      const { meanwhile } = this
      if (command.kind === 'publish' && meanwhile !== null) {
        this.meanwhile = null
        await meanwhile()
      }
      this.#machine.advance(this.now)
      const { kind } = command
      const isAsked = kind === 'subscribe' || kind === 'unsubscribe'
      if (isAsked && 'token' in command && typeof command.token === 'string') this.tokens.push(command.token)
      const outcome = this.#machine.execute(command, this.#nextBody)
      if (outcome.events.length > 0) this.log.push(outcome.events)
      for (const bodyId of outcome.retained) this.#bodies.get(bodyId)!.references++
      for (const [i, bytes] of outcome.bodies.entries()) {
        const references = outcome.references?.[i] ?? 1
        this.#everStored.set(this.#nextBody, bytes)
        if (references > 0) this.#bodies.set(this.#nextBody, { bytes, references })
        this.#nextBody++
      }
      return outcome.reply
    },
  }

  #newMachine(): Machine {
    const host: StateHost = {
      release: (bodyId, bytes) => {
        if (!this.#counting) return
        const body = this.#bodies.get(bodyId)!
        expect(body.bytes.length).toBe(bytes)
        if (--body.references === 0) this.#bodies.delete(bodyId)
      },
      read: (bodyIds) => bodyIds.map((bodyId) => this.#bodies.get(bodyId)!.bytes),
      wake: () => {},
    }
    this.#topics = new SnsState(this.#units, host, ['http', 'email', 'lambda', 'sms'])
    this.#sqsState = new SqsState(this.#units, host, this.#landingLeave)
    return new Machine([this.#sqsState, this.#topics])
  }

  async #run(
    service: ReturnType<typeof sns>,
    operation: string,
    input: Input,
    request: Partial<Request>,
  ): Promise<Output> {
    const run: (input: never, request: Request) => Promise<object> = service.operations.get(operation)!.run
    return membersOf(await run(input as never, { ...TEST_REQUEST, ...request }))
  }
}
