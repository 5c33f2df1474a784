import { expect } from 'vitest'
import { attemptKey, deduplicationKey, groupKey } from '../../src/core/keys.ts'
import type { QueueAddress, SqsCommand, SqsReplies } from '../../src/services/sqs/commands.ts'
import * as errors from '../../src/services/sqs/errors.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { EVENT } from '../../src/services/sqs/state/events.ts'
import { fifoMessages } from '../../src/services/sqs/test-fifo-messages.ts'
import { CommandMaker, LARGE_BYTES, type Unaddressed } from './command-maker.ts'
import { type FifoMessage, FifoModelQueue } from './fifo-model.ts'
import type { FifoOperation, FifoSettings, LandFifoOperation } from './fifo-operations.ts'
import { bodyOf, eventsIn, MachineRig } from './machine-rig.ts'
import { arnOf } from './queue-model.ts'
import type { SendCommand } from './sender-state.ts'
import { expectRefused, isServerOperation, runOnServer } from './server-operations.ts'

const START = 1_700_000_000_000
const VISIBILITY_TOTAL_MAX_MS = 43_200_000

export interface FifoRun {
  readonly rig: MachineRig
}

/**
 * Runs operations on the real machine and on a plain model of FIFO queues side by side; throws where they part. Begins with
 * three queues and ends by receiving all that is left, group by group in order, unless told not to.
 */
export function runFifoOperations(
  operations: readonly FifoOperation[],
  { drain } = { drain: true },
): FifoRun {
  const runner = new Runner()
  for (const queue of [2, 1, 0]) runner.run({ kind: 'create fifo', queue, settings: {} })
  for (const operation of operations) runner.run(operation)
  if (drain) runner.drain()
  return runner
}

type AddressedOperation = Exclude<FifoOperation, { kind: Unaddressed }>

function addressOf(queue: number): QueueAddress {
  return { accountId: '000000000000', region: 'us-east-1', name: `queue-${queue}.fifo` }
}

class Runner implements FifoRun {
  readonly rig = new MachineRig(START)
  readonly #queues = new Map<string, FifoModelQueue>()
  readonly #commands = new CommandMaker()
  #nextQueue = 1
  #nextMessageId = 1

  run(operation: FifoOperation): void {
    const { rig } = this
    if (isServerOperation(operation)) runOnServer(rig, operation, this)
    else this.#command(operation, addressOf(operation.queue))
    this.#expire()
    rig.checkBodies()
    for (const queue of this.#queues.values()) this.#checkCounts(queue, false)
  }

  reset(): void {
    const { size } = this.#queues
    expect(this.#execute({ service: 'sqs', kind: 'reset' }).reply).toEqual({ queues: size })
    this.#queues.clear()
  }

  /** Receives until nothing is left, after everything became visible, and deletes it: all must come, in order. */
  drain(): void {
    this.rig.now += 50_000
    this.rig.restart(true)
    for (const queue of [...this.#queues.values()]) {
      const number = Number(queue.address.name[6])
      for (;;) {
        this.#expire()
        const due = [...queue.ready(this.rig.now).values()]
        if (due.every((messages) => messages.length === 0)) break
        const [before, given] = [queue.messages.length, this.#commands.receipts.length]
        this.run({ kind: 'receive', queue: number, limit: 10, hide: 600, attempt: null })
        const received = this.#commands.receipts.length - given
        const receipts = Array.from({ length: received }, (_, back) => ({ back, bend: 'none' as const }))
        if (received > 0) this.run({ kind: 'delete', queue: number, receipts })
        expect(queue.messages.length, 'a receive brought nothing forward').toBeLessThan(before)
      }
    }
    this.checkWhenTidy()
  }

  #command(operation: AddressedOperation, address: QueueAddress): void {
    this.#expire()
    const queue = this.#queues.get(arnOf(address))
    if (queue === undefined) {
      if (operation.kind === 'create fifo') this.#create(address, operation.settings)
      return
    }
    switch (operation.kind) {
      case 'create fifo':
        return
      case 'set fifo':
        this.#set(queue, operation.settings)
        return
      case 'delete queue':
        expect(this.#execute(this.#commands.commandOf(operation, address)).reply).toBeNull()
        this.#queues.delete(arnOf(address))
        return
      case 'purge':
        expect(this.#execute(this.#commands.commandOf(operation, address)).reply).toBeNull()
        queue.messages = []
        return
      case 'send fifo':
        this.#send(queue, operation)
        return
      case 'land fifo':
        this.#land(queue, operation)
        return
      case 'receive':
        this.#receive(queue, operation)
        return
      case 'delete':
        this.#delete(queue, operation)
        return
      case 'change':
        this.#change(queue, operation)
        return
      case 'undo':
        this.#undo(queue, operation)
        return
      default:
        operation satisfies never
    }
  }

  #create(address: QueueAddress, change: FifoSettings): void {
    const settings = { ...DEFAULT_QUEUE_SETTINGS, ...toSettings(change) }
    const command = {
      service: 'sqs',
      kind: 'createQueue',
      queue: address,
      settings: toSettings(change),
      tags: {},
    } as const
    const refusal = this.#settingsRefusal(settings, change)
    if (refusal !== null) {
      expectRefused(this.rig, command, refusal)
      return
    }
    expect(this.#execute(command).reply).toEqual(address)
    this.#queues.set(arnOf(address), new FifoModelQueue(this.#nextQueue++, address, settings))
  }

  #set(queue: FifoModelQueue, change: FifoSettings): void {
    const settings = { ...queue.settings, ...toSettings(change) }
    const command = {
      service: 'sqs',
      kind: 'setQueueSettings',
      queue: queue.address,
      settings: toSettings(change),
    } as const
    const refusal = this.#settingsRefusal(settings, change)
    if (refusal !== null) {
      expectRefused(this.rig, command, refusal)
      return
    }
    expect(this.#execute(command).reply).toBeNull()
    queue.expire(this.rig.now)
    queue.settings = settings
  }

  #settingsRefusal(settings: QueueSettings, { redrive }: FifoSettings): string | null {
    if (settings.fifoThroughputLimit === 'perMessageGroupId' && settings.deduplicationScope === 'queue') {
      return errors.InvalidAttributeValue.code
    }
    if (!redrive) return null
    return this.#queues.has(arnOf(addressOf(redrive.target))) ? null : errors.InvalidParameterValue.code
  }

  #send(queue: FifoModelQueue, { messages }: FifoOperation & { kind: 'send fifo' }): void {
    const { now } = this.rig
    const ids = messages.map(() => this.#nextMessageId++)
    const { reply, events } = this.#execute({
      service: 'sqs',
      kind: 'sendFifoMessages',
      queue: queue.address,
      ...fifoMessages(
        messages.map(({ group, deduplication, byContent, large }, body) => ({
          body,
          sizeBytes: large ? LARGE_BYTES : 10,
          groupKey: groupKey(group),
          deduplicationKey: deduplicationKey(deduplication),
          deduplicatesByContent: byContent,
          messageId: Uint32Array.of(ids[body]!, 0, 0, 0),
        })),
      ),
      bodies: messages.map((_, body) => new Uint8Array(body + 1)),
    })
    const sent = events.find((event) => event.kind === EVENT.fifoMessagesSent)
    let bodyId = sent?.firstBodyId ?? 0
    const expected = messages.map(({ group, deduplication, byContent, large }, i) => {
      if (large && queue.settings.maximumMessageSizeBytes < LARGE_BYTES)
        return errors.InvalidParameterValue.code
      if (byContent && !queue.settings.contentBasedDeduplication) return errors.InvalidParameterValue.code
      const earlier = queue.earlierSend(group, deduplication, now)
      if (earlier !== undefined) return { slot: earlier.slot, duplicateOf: earlier.id }
      const slot = queue.nextSlot++
      queue.remember({ slot, id: ids[i]!, group, deduplication, at: now })
      queue.messages.push({ ...NEVER_RECEIVED, slot, bodyId: bodyId++, group, sentAt: now })
      return { slot, duplicateOf: null }
    })
    const told = (reply as NonNullable<SqsReplies['sendFifoMessages']>).map((outcome) => {
      if ('error' in outcome) return outcome.error.code
      expect(outcome.incarnation).toBe(queue.number)
      return { slot: outcome.slot, duplicateOf: outcome.duplicateOf === null ? null : outcome.duplicateOf[0] }
    })
    expect(told).toEqual(expected)
  }

  #land(queue: FifoModelQueue, { origin, messages }: LandFifoOperation): void {
    const { now } = this.rig
    const ids = messages.map(() => this.#nextMessageId++)
    const { reply, events } = this.#execute({
      service: 'sender',
      kind: 'send',
      targets: ['arn:aws:sqs:us-east-1:000000000000:nowhere.fifo', arnOf(queue.address)],
      origin,
      bodies: messages.map((_, body) => new Uint8Array(body + 1)),
      landings: messages.map(({ group, deduplication, large }, i) => ({
        sizeBytes: large ? LARGE_BYTES : 10,
        groupKey: groupKey(group),
        deduplication: {
          key: deduplicationKey(deduplication),
          messageId: Uint32Array.of(ids[i]!, 0, 0, 0),
        },
      })),
    })
    const landed = events.filter((event) => event.kind === EVENT.fifoMessageLanded)
    const expected = messages.map(({ group, deduplication, large }, i) => {
      if (large && queue.settings.maximumMessageSizeBytes < LARGE_BYTES) return 'too large'
      if (queue.earlierSend(group, deduplication, now) !== undefined) return null
      const { slot, bodyId, bytes } = landed.shift()!
      expect([slot, bytes]).toEqual([queue.nextSlot++, i + 1])
      queue.remember({ slot, id: ids[i]!, group, deduplication, at: now })
      queue.messages.push({ ...NEVER_RECEIVED, slot, bodyId, group, sentAt: now, origin })
      return null
    })
    expect(reply).toEqual([messages.map(() => 'no such target'), expected])
    expect(landed).toEqual([])
  }

  #receive(queue: FifoModelQueue, operation: FifoOperation & { kind: 'receive' }): void {
    const { now } = this.rig
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'receiveMessages'>
    const { attempt: id } = operation
    const hiddenUntil = now + (operation.hide ?? queue.settings.visibilityTimeoutSeconds) * 1000
    if (id === null) {
      this.#receiveNew(queue, command, hiddenUntil)
      return
    }
    const withAttempt = { ...command, attempt: { id, key: attemptKey(id) } }
    const attempt = queue.attempt(id, now)
    if (attempt === 'refuse') {
      expectRefused(this.rig, withAttempt, errors.InvalidParameterValue.code)
      return
    }
    if (attempt === 'receive') {
      const slots = this.#receiveNew(queue, withAttempt, hiddenUntil)
      if (slots.length > 0) queue.rememberAttempt(id, slots, hiddenUntil, now)
      return
    }
    const { messages } = this.#execute(withAttempt).reply as SqsReplies['receiveMessages']
    attempt.hiddenUntil = hiddenUntil
    expect(messages.map(({ receipt }) => receipt.slot)).toEqual(attempt.received.map(({ slot }) => slot))
    for (const message of messages) {
      const found = queue.find(message.receipt.slot)!
      found.hiddenUntil = hiddenUntil
      expect(message).toEqual(told(queue, found))
    }
  }

  /** A receive that is no repetition, checked message by message. Returns the slots. */
  #receiveNew(
    queue: FifoModelQueue,
    command: SqsCommand<'receiveMessages'>,
    hiddenUntil: number,
  ): readonly number[] {
    const { now } = this.rig
    const { reply, events } = this.#execute(command)
    const { messages, bodies } = reply as SqsReplies['receiveMessages']
    this.#moveDeadLetters(queue, events)

    const ready = queue.ready(now)
    const exhausted = (message: FifoMessage) => this.#isExhausted(queue, message)
    const received = messages.map(({ receipt }) => queue.find(receipt.slot)!)
    const groups: string[] = []
    for (const { group } of received) if (groups.at(-1) !== group) groups.push(group)
    expect(new Set(groups).size, 'a group is received in one go').toBe(groups.length)
    for (const group of groups) {
      const mine = received.filter((message) => message.group === group)
      const due = ready.get(group)
      expect(due, `group ${group} was locked`).toBeDefined()
      expect(mine, `group ${group} is received from its oldest message on`).toEqual(
        due!.slice(0, mine.length),
      )
      if (group !== groups.at(-1) || messages.length < command.limit) {
        expect(mine, `group ${group} is drained before the next`).toEqual(due)
      }
    }
    if (messages.length < command.limit) {
      const left = [...ready].filter(([group, due]) => !groups.includes(group) && due.length > 0)
      expect(left, 'there was room for more').toEqual([])
    }
    expect(received.filter(exhausted)).toEqual([])

    for (const [i, message] of received.entries()) {
      message.hiddenUntil = hiddenUntil
      message.receivedAt = now
      if (message.receiveCount === 0) message.firstReceivedAt = now
      message.receiveCount++
      message.receiveNumber++
      const { receipt } = messages[i]!
      message.tag = [receipt.tagHigh, receipt.tagLow]
      expect(messages[i]).toEqual(told(queue, message))
      this.#commands.receipts.push(receipt)
    }
    expect(bodies).toEqual(received.map(({ bodyId }) => bodyOf(bodyId)))
    return received.map(({ slot }) => slot)
  }

  #moveDeadLetters(queue: FifoModelQueue, events: ReturnType<typeof eventsIn>): void {
    const { now } = this.rig
    const moved = events.find((event) => event.kind === EVENT.messagesDeadLettered)
    if (moved === undefined) return
    const target = this.#deadLetterTarget(queue)!
    expect(moved.target).toBe(target.number)
    expect(moved.firstSlot).toBe(target.nextSlot)
    for (const slot of moved.slots) {
      const message = queue.find(slot)!
      const due = queue.ready(now).get(message.group)!
      expect(this.#isExhausted(queue, message), `slot ${slot} became a dead letter early`).toBe(true)
      const before = due.slice(0, due.indexOf(message))
      expect(
        before.some((each) => this.#isExhausted(queue, each)),
        'dead letters move in order',
      ).toBe(false)
      queue.messages = queue.messages.filter((each) => each !== message)
      target.messages.push({
        ...NEVER_RECEIVED,
        slot: target.nextSlot++,
        bodyId: message.bodyId,
        group: message.group,
        sentAt: now,
        firstReceivedAt: message.firstReceivedAt,
        receiveCount: message.receiveCount,
        arrivedWith: message.receiveCount,
        source: queue.address,
        origin: message.origin,
      })
    }
  }

  #deadLetterTarget(queue: FifoModelQueue): FifoModelQueue | undefined {
    const target = this.#queues.get(queue.settings.redrivePolicy?.deadLetterTargetArn ?? '')
    return target === queue ? undefined : target
  }

  #isExhausted(queue: FifoModelQueue, message: FifoMessage): boolean {
    if (this.#deadLetterTarget(queue) === undefined) return false
    return message.receiveCount - message.arrivedWith >= queue.settings.redrivePolicy!.maxReceiveCount
  }

  #delete(queue: FifoModelQueue, operation: FifoOperation & { kind: 'delete' }): void {
    const { now } = this.rig
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'deleteMessages'>
    const expected = command.receipts.map((receipt) => {
      const standing = queue.standing(receipt)
      if (standing === 'forged') return errors.ReceiptHandleIsInvalid.code
      if (standing === 'gone') return undefined
      const isHeld = standing === 'current' && queue.isInFlight(queue.find(receipt.slot)!, now)
      return isHeld ? undefined : errors.InvalidParameterValue.code
    })
    const outcomes = this.#execute(command).reply as SqsReplies['deleteMessages']
    expect(outcomes.map((outcome) => outcome?.error.code)).toEqual(expected)
    const deleted = command.receipts.filter((_, i) => expected[i] === undefined).map(({ slot }) => slot)
    queue.messages = queue.messages.filter(({ slot }) => !deleted.includes(slot))
  }

  #change(queue: FifoModelQueue, operation: FifoOperation & { kind: 'change' }): void {
    const { now } = this.rig
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'changeVisibility'>
    const expected = command.changes.map(({ receipt, visibilityTimeoutSeconds: seconds }) => {
      const standing = queue.standing(receipt)
      if (standing === 'forged') return errors.ReceiptHandleIsInvalid.code
      const message = queue.find(receipt.slot)
      if (standing !== 'current' || !queue.isInFlight(message!, now)) return errors.InvalidParameterValue.code
      const beyond = now + seconds * 1000 > message!.receivedAt + VISIBILITY_TOTAL_MAX_MS
      return beyond ? errors.InvalidParameterValue.code : undefined
    })
    const outcomes = this.#execute(command).reply as SqsReplies['changeVisibility']
    expect(outcomes.map((outcome) => outcome?.error.code)).toEqual(expected)
    for (const [i, { receipt, visibilityTimeoutSeconds }] of command.changes.entries()) {
      if (expected[i] === undefined)
        queue.find(receipt.slot)!.hiddenUntil = now + visibilityTimeoutSeconds * 1000
    }
  }

  #undo(queue: FifoModelQueue, operation: FifoOperation & { kind: 'undo' }): void {
    const { now } = this.rig
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'undoReceive'>
    const undone = new Set(
      command.receipts
        .filter((receipt) => queue.standing(receipt) === 'current')
        .map((receipt) => queue.find(receipt.slot)!)
        .filter((message) => queue.isInFlight(message, now)),
    )
    expect(this.#execute(command).reply).toBeNull()
    for (const message of undone) {
      message.hiddenUntil = now
      message.receiveCount--
      if (message.receiveCount === 0) message.firstReceivedAt = 0
    }
  }

  #expire(): void {
    for (const queue of this.#queues.values()) queue.expire(this.rig.now)
  }

  /** Once what expired is cleared away, counts and bodies are those of the model. */
  checkWhenTidy(): void {
    this.rig.tidy()
    this.#expire()
    const held = [...this.#queues.values()].flatMap((queue) => queue.messages.map(({ bodyId }) => bodyId))
    expect(this.rig.retainedBodies()).toEqual(held.sort((a, b) => a - b))
    for (const queue of this.#queues.values()) this.#checkCounts(queue, true)
  }

  #checkCounts(queue: FifoModelQueue, tidy: boolean): void {
    const { now } = this.rig
    const description = this.#execute({ service: 'sqs', kind: 'getQueue', queue: queue.address })
      .reply as SqsReplies['getQueue']
    const counts = [description.waitingMessages, description.inFlightMessages, description.delayedMessages]
    const inFlight = queue.messages.filter((message) => queue.isInFlight(message, now)).length
    const delayed = queue.messages.filter((message) => queue.isDelayed(message, now)).length
    const expected = [queue.messages.length - inFlight - delayed, inFlight, delayed]
    // What expired is counted until it's cleared away.
    if (tidy || counts.some((count, i) => count < expected[i]!)) expect(counts).toEqual(expected)
    expect(description.settings).toEqual(queue.settings)
  }

  #execute(command: SqsCommand | SendCommand): {
    readonly reply: unknown
    readonly events: ReturnType<typeof eventsIn>
  } {
    const outcome = this.rig.execute(command)
    return { reply: outcome.reply, events: eventsIn(outcome.events) }
  }
}

function toSettings({ redrive, ...settings }: FifoSettings): Partial<QueueSettings> {
  if (redrive === undefined) return settings
  if (redrive === null) return { ...settings, redrivePolicy: null }
  const { target, maxReceiveCount } = redrive
  return { ...settings, redrivePolicy: { deadLetterTargetArn: arnOf(addressOf(target)), maxReceiveCount } }
}

/** What a client is told of a message that was just received. */
function told(queue: FifoModelQueue, message: FifoMessage) {
  const [tagHigh, tagLow] = message.tag
  return {
    incarnation: queue.number,
    slot: message.slot,
    redrives: 0,
    receipt: {
      incarnation: queue.number,
      slot: message.slot,
      receiveNumber: message.receiveNumber,
      tagHigh,
      tagLow,
    },
    sentAt: message.sentAt,
    firstReceivedAt: message.firstReceivedAt,
    receiveCount: message.receiveCount,
    deadLetterSource: message.source,
    origin: message.origin,
  }
}

const NEVER_RECEIVED = {
  hiddenUntil: 0,
  receivedAt: 0,
  firstReceivedAt: 0,
  receiveCount: 0,
  arrivedWith: 0,
  receiveNumber: 0,
  tag: [0, 0],
  source: null,
  origin: null,
} as const satisfies Partial<FifoMessage>
