import { expect } from 'vitest'
import type {
  PeekedMessage,
  PeekPlace,
  QueueAddress,
  SqsCommand,
  SqsReplies,
} from '../../src/services/sqs/commands.ts'
import * as errors from '../../src/services/sqs/errors.ts'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { addressOf, CommandMaker, LARGE_BYTES, type Unaddressed } from './command-maker.ts'
import { bodyOf, eventsIn, MachineRig } from './machine-rig.ts'
import type { LandOperation, ModelOperation } from './operations.ts'
import { arnOf, INITIAL_SETTINGS, isActive, Model, type ModelQueue } from './queue-model.ts'
import type { SendCommand, SendReply } from './sender-state.ts'
import { expectRefused, isServerOperation, runOnServer } from './server-operations.ts'
import { checkTenants } from './tenant-audit.ts'

const START = 1_700_000_000_000
const VISIBILITY_TOTAL_MAX_MS = 43_200_000

export interface Run {
  readonly rig: MachineRig
  readonly model: Model
}

/**
 * Runs operations on the real machine and on the model side by side; throws where they part. Begins with two queues and
 * ends by receiving all that is left, unless told not to.
 */
export function runOperations(operations: readonly ModelOperation[], { drain } = { drain: true }): Run {
  const runner = new Runner()
  runner.run({ kind: 'create', queue: 1, settings: {}, tag: 'a' })
  runner.run({ kind: 'create', queue: 0, settings: {}, tag: 'a' })
  for (const operation of operations) runner.run(operation)
  if (drain) runner.drain()
  return runner
}

class Runner implements Run {
  readonly rig = new MachineRig(START)
  readonly model = new Model()
  readonly #commands = new CommandMaker()

  run(operation: ModelOperation): void {
    const { rig, model } = this
    if (operation.kind === 'do chores') this.doChores()
    else if (operation.kind === 'land') this.#land(operation)
    else if (isServerOperation(operation)) runOnServer(rig, operation, this)
    else this.#command(operation, addressOf(operation.queue))
    model.expire(rig.now)
    rig.checkBodies()
    for (const queue of model.queues) {
      this.#checkCounts(queue, false)
      checkTenants(rig.standardQueue(queue.address), queue, rig.now)
      this.#checkPeek(queue)
      this.#checkTasks(queue)
    }
  }

  reset(): void {
    const { length } = this.model.queues
    expect(this.#execute({ service: 'sqs', kind: 'reset' })).toEqual({ queues: length })
    expect(this.model.queues).toEqual([])
  }

  /** Carries out what is due, which comes to an end. */
  doChores(): void {
    const { rig, model } = this
    model.expire(rig.now)
    for (let chores = 0; ; chores++) {
      expect(chores, 'chores go on without end').toBeLessThan(100)
      const outcome = rig.doChore()
      if (outcome === null) return
      for (const event of eventsIn(outcome.events)) model.apply(event, rig.now)
    }
  }

  /** Once what expired is cleared away, counts and bodies are those of the model. */
  checkWhenTidy(): void {
    const { rig, model } = this
    rig.tidy()
    model.expire(rig.now)
    const held = new Set(model.queues.flatMap((queue) => queue.messages.map((message) => message.bodyId)))
    expect(rig.retainedBodies()).toEqual([...held].sort((a, b) => a - b))
    for (const queue of model.queues) this.#checkCounts(queue, true)
  }

  /** Receives until nothing is left, after everything became visible: all the model holds must come. */
  drain(): void {
    this.rig.now += 50_000
    this.rig.restart(true)
    for (const queue of [...this.model.queues]) {
      for (;;) {
        const before = queue.messages.length
        this.run({ kind: 'receive', queue: Number(queue.address.name.slice(6)), limit: 10, hide: 600 })
        const visible = queue.visible(this.rig.now).length
        if (visible === 0) break
        expect(visible, 'a receive brought nothing forward').toBeLessThan(before)
      }
    }
    this.checkWhenTidy()
  }

  #command(operation: Exclude<ModelOperation, { kind: Unaddressed }>, queue: QueueAddress): void {
    const { model, rig } = this
    model.expire(rig.now)
    const found = model.at(queue)
    const creates = operation.kind === 'create' || operation.kind === 'create again'
    if (found === undefined && !creates) {
      if (operation.kind === 'undo')
        expect(this.#execute(this.#commands.commandOf(operation, queue))).toBeNull()
      else {
        const moving = operation.kind === 'start moving' || operation.kind === 'cancel moving'
        const error = moving ? errors.ResourceNotFound : errors.QueueDoesNotExist
        expectRefused(this.rig, this.#commands.commandOf(operation, queue), error.code)
      }
      return
    }
    switch (operation.kind) {
      case 'create':
        this.#create(queue, found, this.#commands.settingsOf(operation.settings), operation.tag)
        return
      case 'create again': {
        if (found === undefined) return
        const differing = { ...found.settings, delaySeconds: 900 }
        this.#create(queue, found, operation.differ ? differing : found.settings, 'x')
        return
      }
      case 'set settings': {
        const settings = this.#commands.settingsOf(operation.settings)
        const command = { service: 'sqs', kind: 'setQueueSettings', queue, settings } as const
        if (!this.#mayRedrive(queue, settings)) {
          expectRefused(this.rig, command, errors.InvalidParameterValue.code)
          return
        }
        const before = found!.settings
        expect(this.#execute(command)).toBeNull()
        expect(found!.settings).toEqual({ ...before, ...settings })
        return
      }
      case 'tag': {
        const tags = { ...found!.tags, [operation.key]: operation.value }
        expect(this.#execute(this.#commands.commandOf(operation, queue))).toBeNull()
        expect(found!.tags).toEqual(tags)
        return
      }
      case 'untag': {
        const { [operation.key]: _, ...tags } = found!.tags
        expect(this.#execute(this.#commands.commandOf(operation, queue))).toBeNull()
        expect(found!.tags).toEqual(tags)
        return
      }
      case 'delete queue':
        expect(this.#execute(this.#commands.commandOf(operation, queue))).toBeNull()
        expect(model.at(queue)).toBeUndefined()
        return
      case 'purge':
        expect(this.#execute(this.#commands.commandOf(operation, queue))).toBeNull()
        expect(found!.messages).toEqual([])
        return
      case 'send':
        this.#send(found!, operation)
        return
      case 'receive':
        this.#receive(found!, operation)
        return
      case 'delete':
        this.#delete(found!, operation)
        return
      case 'change':
        this.#change(found!, operation)
        return
      case 'undo':
        this.#undo(found!, operation)
        return
      case 'start moving':
        this.#startMoving(found!, operation)
        return
      case 'cancel moving':
        this.#cancelMoving(found!, operation)
        return
      default:
        operation satisfies never
    }
  }

  #create(
    queue: QueueAddress,
    found: ModelQueue | undefined,
    settings: Partial<QueueSettings>,
    tag: string,
  ): void {
    const command = { service: 'sqs', kind: 'createQueue', queue, settings, tags: { [tag]: tag } } as const
    if (found !== undefined) {
      const same = Object.entries(settings).every(([name, value]) => {
        const has = found.settings[name as keyof QueueSettings]
        return sorted(has) === sorted(value)
      })
      if (!same) {
        expectRefused(this.rig, command, errors.QueueNameExists.code)
        return
      }
      const entries = this.rig.log.length
      expect(this.#execute(command)).toEqual(queue)
      expect(this.rig.log.length).toBe(entries)
      return
    }
    if (!this.#mayRedrive(queue, settings)) {
      expectRefused(this.rig, command, errors.InvalidParameterValue.code)
      return
    }
    expect(this.#execute(command)).toEqual(queue)
    expect(this.model.at(queue)).toMatchObject({
      settings: { ...INITIAL_SETTINGS, ...settings },
      tags: { [tag]: tag },
      createdAt: this.rig.now,
    })
  }

  #send(queue: ModelQueue, operation: ModelOperation & { kind: 'send' }): void {
    const { nextSlot } = queue
    const largest = queue.settings.maximumMessageSizeBytes
    const outcomes = this.#execute(this.#commands.commandOf(operation, queue.address)) as NonNullable<
      SqsReplies['sendMessages']
    >
    const refused = operation.messages.map((message) => message.large && largest < LARGE_BYTES)
    expect(outcomes.map((outcome) => outcome?.error.code)).toEqual(
      refused.map((each) => (each ? errors.InvalidParameterValue.code : undefined)),
    )
    const accepted = operation.messages.flatMap((message, i) => (refused[i] ? [] : [{ message, i }]))
    expect(queue.nextSlot).toBe(nextSlot + accepted.length)
    for (const [at, { message, i }] of accepted.entries()) {
      const seconds = message.delaySeconds ?? queue.settings.delaySeconds
      expect(queue.find(nextSlot + at)).toMatchObject({
        bytes: i + 1,
        group: message.group ?? null,
        sentAt: this.rig.now,
        hiddenUntil: seconds === 0 ? 0 : this.rig.now + seconds * 1000,
      })
    }
  }

  #land(operation: LandOperation): void {
    const { model, rig } = this
    model.expire(rig.now)
    const firstSlots = operation.queues.map((queue) => model.at(addressOf(queue))?.nextSlot ?? 0)
    const outcomes = this.#execute(this.#commands.landingsOf(operation)) as SendReply
    for (const [i, number] of operation.queues.entries()) {
      const queue = model.at(addressOf(number))
      const largest = queue?.settings.maximumMessageSizeBytes ?? 0
      const expected = operation.messages.map(({ large }) => {
        if (queue === undefined) return 'no such target'
        return large && largest < LARGE_BYTES ? 'too large' : null
      })
      expect(outcomes[i]).toEqual(expected)
      const accepted = operation.messages.flatMap((message, at) =>
        expected[at] === null ? [{ message, bytes: at + 1 }] : [],
      )
      if (queue === undefined) continue
      expect(queue.nextSlot).toBe(firstSlots[i]! + accepted.length)
      for (const [at, { message, bytes }] of accepted.entries()) {
        const { delaySeconds } = queue.settings
        expect(queue.find(firstSlots[i]! + at)).toMatchObject({
          bytes,
          group: message.group ?? null,
          sentAt: rig.now,
          origin: operation.origin,
          hiddenUntil: delaySeconds === 0 ? 0 : rig.now + delaySeconds * 1000,
        })
      }
    }
  }

  #receive(queue: ModelQueue, operation: ModelOperation & { kind: 'receive' }): void {
    const { now } = this.rig
    const due = queue.visible(now).filter((message) => !this.model.isExhausted(queue, message))
    const reply = this.#execute(
      this.#commands.commandOf(operation, queue.address),
    ) as SqsReplies['receiveMessages']
    expect(reply.messages.length).toBe(Math.min(operation.limit, due.length))
    for (const message of reply.messages) {
      expect(message).toEqual(this.model.told(queue, message.receipt.slot))
      expect(message.firstReceivedAt).toBeLessThanOrEqual(now)
      const seconds = operation.hide ?? queue.settings.visibilityTimeoutSeconds
      expect(queue.find(message.receipt.slot)!.hiddenUntil).toBe(now + seconds * 1000)
      this.#commands.receipts.push(message.receipt)
    }
    expect(reply.bodies).toEqual(
      reply.messages.map(({ receipt }) => bodyOf(queue.find(receipt.slot)!.bodyId)),
    )
    if (reply.messages.length === operation.limit) return
    // Where there was room for more, the dead letters in the way were moved.
    const left = queue.visible(now).filter((message) => this.model.isExhausted(queue, message))
    expect(
      left.filter((message) => !reply.messages.some(({ receipt }) => receipt.slot === message.slot)),
    ).toEqual([])
  }

  #delete(queue: ModelQueue, operation: ModelOperation & { kind: 'delete' }): void {
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'deleteMessages'>
    const standings = command.receipts.map((receipt) => queue.standing(receipt))
    const outcomes = this.#execute(command) as SqsReplies['deleteMessages']
    expect(outcomes.map((outcome) => outcome?.error.code)).toEqual(
      standings.map((standing) => (standing === 'forged' ? errors.ReceiptHandleIsInvalid.code : undefined)),
    )
    for (const [i, standing] of standings.entries()) {
      if (standing === 'current') expect(queue.find(command.receipts[i]!.slot)).toBeUndefined()
      if (standing === 'stale') {
        const also = command.receipts.some(
          (each, j) => each.slot === command.receipts[i]!.slot && standings[j] === 'current',
        )
        if (!also) expect(queue.find(command.receipts[i]!.slot)).toBeDefined()
      }
    }
  }

  #change(queue: ModelQueue, operation: ModelOperation & { kind: 'change' }): void {
    const { now } = this.rig
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'changeVisibility'>
    const expected = command.changes.map(({ receipt, visibilityTimeoutSeconds: seconds }) => {
      const standing = queue.standing(receipt)
      if (standing === 'forged') return errors.ReceiptHandleIsInvalid.code
      if (standing !== 'current') return errors.InvalidParameterValue.code
      const message = queue.find(receipt.slot)!
      if (message.hiddenUntil <= now) return errors.MessageNotInflight.code
      const beyond = now + seconds * 1000 > message.receivedAt + VISIBILITY_TOTAL_MAX_MS
      return beyond ? errors.InvalidParameterValue.code : undefined
    })
    const outcomes = this.#execute(command) as SqsReplies['changeVisibility']
    expect(outcomes.map((outcome) => outcome?.error.code)).toEqual(expected)
    const last = new Map(
      command.changes.flatMap((change, i) =>
        expected[i] === undefined ? [[change.receipt.slot, change]] : [],
      ),
    )
    for (const [slot, change] of last) {
      expect(queue.find(slot)!.hiddenUntil).toBe(now + change.visibilityTimeoutSeconds * 1000)
    }
  }

  #undo(queue: ModelQueue, operation: ModelOperation & { kind: 'undo' }): void {
    const { now } = this.rig
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'undoReceive'>
    const undone = new Map(
      command.receipts.flatMap((receipt) => {
        const message = queue.find(receipt.slot)
        const inFlight = queue.standing(receipt) === 'current' && message!.hiddenUntil > now
        const isReceived = inFlight && message!.receiveCount > message!.arrivedWith
        return isReceived ? [[receipt.slot, message!.receiveCount - 1]] : []
      }),
    )
    expect(this.#execute(command)).toBeNull()
    for (const [slot, receiveCount] of undone) {
      expect(queue.find(slot)).toMatchObject({
        receiveCount,
        hiddenUntil: now + (command.hiddenSeconds ?? 0) * 1000,
      })
    }
  }

  /** Whoever looks sees every message, three at a time, as it stands; and nobody can tell that they looked. */
  #checkPeek(queue: ModelQueue): void {
    const { now, log } = this.rig
    const entries = log.length
    const peeked: PeekedMessage[] = []
    const bodies: unknown[] = []
    const phases = ['visible', 'inFlight', 'delayed'] as const
    const peek = { service: 'sqs', kind: 'peekMessages', queue: queue.address, phases } as const
    for (let from: PeekPlace | 'oldest' = 'oldest'; ; ) {
      const reply = this.rig.execute({ ...peek, from, limit: 3, bytesMax: 1e6 })
        .reply as SqsReplies['peekMessages']
      peeked.push(...reply.messages)
      bodies.push(...(reply.bodies as Uint8Array[]))
      if (!reply.more) break
      from = reply.next
    }
    expect(log.length).toBe(entries)
    expect(peeked).toEqual(queue.messages.map((message) => queue.shown(message, now)))
    expect(bodies).toEqual(queue.messages.map(({ bodyId }) => bodyOf(bodyId)))
  }

  #startMoving(queue: ModelQueue, operation: ModelOperation & { kind: 'start moving' }): void {
    const { model, rig } = this
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'startMoveTask'>
    const { destination, messagesPerSecond, id } = command
    if (!model.queues.some((each) => each.settings.redrivePolicy?.deadLetterTargetArn === queue.arn)) {
      expectRefused(this.rig, command, errors.InvalidParameterValue.code)
      return
    }
    if (destination !== null && model.at(destination) === undefined) {
      expectRefused(this.rig, command, errors.ResourceNotFound.code)
      return
    }
    const toItself = destination !== null && arnOf(destination) === queue.arn
    if (toItself || queue.moveTasks.some(isActive)) {
      expectRefused(this.rig, command, errors.InvalidParameterValue.code)
      return
    }
    expect(this.#execute(command)).toBeNull()
    const task = queue.moveTasks[0]!
    expect(task).toMatchObject({ id, destination, messagesPerSecond, startedAt: rig.now, messagesMoved: 0 })
    // What expired is counted until it's cleared away.
    expect(task.messagesToMove).toBeGreaterThanOrEqual(queue.visible(rig.now).length)
  }

  #cancelMoving(queue: ModelQueue, operation: ModelOperation & { kind: 'cancel moving' }): void {
    const command = this.#commands.commandOf(operation, queue.address) as SqsCommand<'cancelMoveTask'>
    const task = queue.moveTasks.find(({ id }) => id === command.id)
    if (task === undefined) expectRefused(this.rig, command, errors.ResourceNotFound.code)
    else if (task.status !== 'RUNNING') expectRefused(this.rig, command, errors.InvalidParameterValue.code)
    else {
      const moved = task.messagesMoved
      expect(this.#execute(command)).toBe(moved)
      expect(task.status).toBe('CANCELLING')
    }
  }

  #checkTasks(queue: ModelQueue): void {
    const reply = this.#execute({ service: 'sqs', kind: 'listMoveTasks', source: queue.address, limit: 10 })
    expect(reply).toEqual(queue.moveTasks.map((task) => expect.objectContaining({ ...task })))
  }

  #checkCounts(queue: ModelQueue, tidy: boolean): void {
    const { now } = this.rig
    const reply = this.#execute({ service: 'sqs', kind: 'getQueue', queue: queue.address })
    const description = reply as SqsReplies['getQueue']
    const counts = [description.waitingMessages, description.inFlightMessages, description.delayedMessages]
    const expected = [queue.visible(now), queue.inFlight(now), queue.delayed(now)].map((each) => each.length)
    if (!tidy) {
      // What expired is counted until it's cleared away.
      if (counts.some((count, i) => count < expected[i]!)) expect(counts).toEqual(expected)
      return
    }
    expect(counts).toEqual(expected)
    expect(description.settings).toEqual(queue.settings)
    expect(description.tags).toEqual(queue.tags)
    expect([description.createdAt, description.modifiedAt]).toEqual([queue.createdAt, queue.modifiedAt])
  }

  /** Executes, and tells the model what happened. */
  #execute(command: SqsCommand | SendCommand): unknown {
    const outcome = this.rig.execute(command)
    for (const event of eventsIn(outcome.events)) this.model.apply(event, this.rig.now)
    return outcome.reply
  }

  #mayRedrive(source: QueueAddress, settings: Partial<QueueSettings>): boolean {
    const arn = settings.redrivePolicy?.deadLetterTargetArn
    if (arn === undefined) return true
    const target = this.model.queues.find((queue) => queue.arn === arn)
    const allow = target?.settings.redriveAllowPolicy
    if (target === undefined || allow?.redrivePermission === 'denyAll') return false
    return allow?.redrivePermission !== 'byQueue' || allow.sourceQueueArns.includes(arnOf(source))
  }
}

/** JSON with its keys in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
