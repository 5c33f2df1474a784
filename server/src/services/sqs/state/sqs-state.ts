import type { ByteReader } from '../../../base/byte-reader.ts'
import type { ByteWriter } from '../../../base/byte-writer.ts'
import type { Command } from '../../../core/command.ts'
import type { GuardedResource } from '../../../core/guarded-resource.ts'
import type { Delivery, LandingOutcome, TargetKey } from '../../../core/landing.ts'
import { unpackIds } from '../../../core/packed-lists.ts'
import type { Chore, ServiceState, StateHost, Step, Waiting } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { MessageHistory, QueueAddress, SqsCommand, SqsReplies } from '../commands.ts'
import { parseQueueArn, queueArn } from '../queue-arn.ts'
import type { QueueKey } from '../queue-settings.ts'
import { ActiveMoves } from './active-moves.ts'
import { applyEvent } from './apply.ts'
import { Cleanup } from './cleanup.ts'
import type { SqsContext } from './context.ts'
import { Deadlines } from './deadlines.ts'
import { Directory } from './directory.ts'
import { decodeEvent, encodeEvent } from './event-layouts.ts'
import type { SqsEvent } from './events.ts'
import { sendFifoMessages } from './fifo-decisions.ts'
import { forwardMessage, takeReadyQueues } from './forward-decisions.ts'
import { abandonQueue, acceptLandings } from './landing-decisions.ts'
import { EVERYONE_MAY_LAND, type LandingLeave } from './landing-leave.ts'
import {
  changeVisibility,
  deleteMessages,
  messageHistory,
  receiveMessages,
  sendMessages,
  undoReceive,
} from './message-decisions.ts'
import { cancelMoveTask, listMoveTasks, moveMessages, startMoveTask } from './move-decisions.ts'
import { Origins } from './origins.ts'
import { peekMessages } from './peek.ts'
import { addPermission, removePermission } from './permission-decisions.ts'
import { type Queue, unitOf } from './queue.ts'
import {
  createQueue,
  deleteQueue,
  describeQueue,
  existingQueue,
  listDeadLetterSources,
  listQueues,
  purgeQueue,
  reset,
  setSettings,
  tagQueue,
  untagQueue,
} from './queue-decisions.ts'
import { restoreQueue } from './queue-kinds.ts'
import { QueueTimers } from './queue-timers.ts'
import { ReadyQueues } from './ready-queues.ts'
import { decodeRoot, Root } from './root.ts'
import { Tracking } from './tracking.ts'

/** How many messages may become visible in one tick, which is a few milliseconds. The rest follows in the next. */
const WAKE_LIMIT = 2000

/** All queues of one cell. See queue.ts for what a message goes through. */
export class SqsState implements ServiceState<SqsEvent> {
  readonly service = 'sqs'
  readonly number = 1
  readonly #context: SqsContext

  /** A state without queues. To go on from a snapshot, call `restore` before anything else. */
  constructor(units: Units, outerHost: StateHost, landingLeave: LandingLeave = EVERYONE_MAY_LAND) {
    const ready = new ReadyQueues()
    const host = ready.listeningAt(outerHost)
    const directory = new Directory()
    // Tracking tells the root before its pages change, and the root names tracking's pages.
    const tracking = new Tracking(units, () => root.touch())
    const origins = new Origins(units, () => root.touch())
    const root = new Root(units, directory, tracking, origins)
    const deadlines = new Deadlines(tracking)
    const cleanup = new Cleanup(units, host, directory, tracking, deadlines, origins)
    const timers = new QueueTimers()
    const activeMoves = new ActiveMoves()
    this.#context = {
      ...{ units, host, directory, tracking, deadlines, timers },
      ...{ root, cleanup, activeMoves, origins, ready, landingLeave },
    }
    units.addAs(this.number, root)
    units.touch(root)
  }

  /** The queue there, to be looked into and left as it is. */
  queueAt(address: QueueAddress): Queue | undefined {
    return this.#context.directory.at(address)
  }

  /** The queue of that incarnation, to be looked into as well. */
  queueNumbered(number: number): Queue | undefined {
    return this.#context.directory.numbered(number)
  }

  /** What is known of a message, which must be there. */
  historyOf(queue: Queue, slot: number): MessageHistory {
    return messageHistory(this.#context, queue, slot)
  }

  get nextWakeAt(): number {
    return Math.min(this.#context.deadlines.earliest, this.#context.timers.earliest)
  }

  chore(): Chore | null {
    const next = this.#context.activeMoves.next()
    if (next === null) return null
    return {
      at: next.at,
      command: { service: 'sqs', kind: 'moveMessages', source: next.queue.number } as SqsCommand,
    }
  }

  /** Undefined where there is no such queue. */
  guarded(arn: string): GuardedResource | undefined {
    const queue = this.#context.directory.withArn(arn)
    return queue && { policy: queue.settings.policy, tags: queue.tags }
  }

  /** ARNs of the queues whose dead letters go to the queue. */
  deadLetterSourcesOf(arn: string): readonly string[] {
    const address = parseQueueArn(arn)
    if (address === null) return []
    return this.#context.directory.sourcesOf(address).map((name) => queueArn({ ...address, name }))
  }

  /** The key of the queue; null where it has none, or isn't there. Costs nothing as long as no queue has a key. */
  queueKeyAt(address: QueueAddress): QueueKey | null {
    const settings = this.isSealing ? this.#context.directory.at(address)?.settings : undefined
    return settings === undefined || settings.kmsMasterKeyId === '' ? null : settings
  }

  get isSealing(): boolean {
    return this.#context.directory.sealed > 0
  }

  keyOf(target: string): TargetKey | null {
    const queue = this.#context.directory.withArn(target)
    if (queue === undefined || queue.settings.kmsMasterKeyId === '') return null
    const { accountId, region } = queue.address
    const { kmsMasterKeyId: keyId, kmsDataKeyReusePeriodSeconds } = queue.settings
    return { accountId, region, keyId, reuseMs: kmsDataKeyReusePeriodSeconds * 1000 }
  }

  advance(now: number): void {
    const { deadlines, timers, tracking, directory, host, root } = this.#context
    root.deletions.forget(now)
    let woken = 0
    for (; woken < WAKE_LIMIT && deadlines.earliest <= now; woken++) {
      const entry = deadlines.first
      const queue = directory.numbered(tracking.queue(entry))
      // An entry whose queue was deleted or purged waits for the clean-up; it only leaves the heap.
      if (queue === undefined || queue.entry(tracking.slot(entry)) !== entry) {
        deadlines.remove(entry)
        continue
      }
      queue.makeVisible(entry, now)
      host.wake(queue)
    }
    while (woken < WAKE_LIMIT && timers.earliest <= now)
      woken += timers.first.timeCame(now, WAKE_LIMIT - woken)
  }

  execute(command: Command, step: Step<SqsEvent>): SqsReplies[keyof SqsReplies] {
    // The operations of this service are the only ones that make its commands.
    const sqs = command as SqsCommand
    const context = this.#context
    switch (sqs.kind) {
      case 'sendMessages':
        return sendMessages(context, sqs, step)
      case 'sendFifoMessages':
        return sendFifoMessages(context, sqs, step)
      case 'receiveMessages':
        return receiveMessages(context, sqs, step)
      case 'deleteMessages':
        return deleteMessages(context, sqs, step)
      case 'changeVisibility':
        return changeVisibility(context, sqs, step)
      case 'undoReceive':
        return undoReceive(context, sqs, step)
      case 'createQueue':
        return createQueue(context, sqs, step)
      case 'deleteQueue':
        return deleteQueue(context, sqs, step)
      case 'purgeQueue':
        return purgeQueue(context, sqs, step)
      case 'getQueue':
        return describeQueue(context, sqs)
      case 'listQueues':
        return listQueues(context, sqs)
      case 'listDeadLetterSourceQueues':
        return listDeadLetterSources(context, sqs)
      case 'setQueueSettings':
        return setSettings(context, sqs, step)
      case 'tagQueue':
        return tagQueue(context, sqs, step)
      case 'untagQueue':
        return untagQueue(context, sqs, step)
      case 'peekMessages':
        return peekMessages(context, sqs, step.now)
      case 'reset':
        return reset(context, step)
      case 'addPermission':
        return addPermission(context, sqs, step)
      case 'removePermission':
        return removePermission(context, sqs, step)
      case 'startMoveTask':
        return startMoveTask(context, sqs, step)
      case 'cancelMoveTask':
        return cancelMoveTask(context, sqs, step)
      case 'listMoveTasks':
        return listMoveTasks(context, sqs)
      case 'takeReadyQueues':
        return takeReadyQueues(context, sqs)
      case 'forwardMessage':
        return forwardMessage(context, sqs, step)
      case 'moveMessages':
        return moveMessages(context, sqs, step)
    }
  }

  accept(delivery: Delivery, step: Step<SqsEvent>): readonly LandingOutcome[] {
    return acceptLandings(this.#context, delivery, step)
  }

  abandon(target: string, step: Step<SqsEvent>): void {
    abandonQueue(this.#context, target, step)
  }

  apply(event: SqsEvent, now: number): void {
    applyEvent(this.#context, event, now)
  }

  encode(event: SqsEvent, writer: ByteWriter): void {
    encodeEvent(event, writer)
  }

  decode(kind: number, version: number, reader: ByteReader): SqsEvent {
    return decodeEvent(kind, version, reader)
  }

  waitFor(command: Command, reply: unknown): Waiting | null {
    const sqs = command as SqsCommand
    if (sqs.kind === 'takeReadyQueues') {
      const isEmpty = (reply as SqsReplies['takeReadyQueues']).length === 0
      return isEmpty ? { resource: this.#context.ready, milliseconds: sqs.waitSeconds * 1000 } : null
    }
    if (sqs.kind !== 'receiveMessages') return null
    if ((reply as SqsReplies['receiveMessages']).messages.length > 0) return null
    const queue = existingQueue(this.#context, sqs.queue)
    const seconds = sqs.waitSeconds ?? queue.settings.receiveWaitSeconds
    return seconds === 0 ? null : { resource: queue, milliseconds: seconds * 1000 }
  }

  grows(command: Command): boolean {
    const { kind } = command as SqsCommand
    return kind === 'sendMessages' || kind === 'sendFifoMessages' || kind === 'createQueue'
  }

  tidy(now: number, afresh: boolean): boolean {
    return this.#context.cleanup.tidy(now, afresh)
  }

  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units): void {
    const { directory, tracking, root, activeMoves, origins, ready } = this.#context
    const rootBytes = snapshot.get(this.number)
    if (rootBytes === undefined) return
    const record = decodeRoot(rootBytes)
    root.nextQueue = record.nextQueue
    for (const [number, address] of record.retired) root.retired.set(number, address)
    for (const [address, deletedAt] of record.deletions ?? []) root.deletions.add(address, deletedAt)
    if (record.origins !== undefined) origins.restore(record.origins, (unit) => unitOf(snapshot, unit))
    for (const unit of unpackIds(record.queues)) {
      directory.add(restoreQueue(this.#context, unit, snapshot, unitOf(snapshot, unit)))
    }
    for (const unit of unpackIds(record.trackingPages)) tracking.restorePage(unit, unitOf(snapshot, unit))
    tracking.rebuild(
      (entry) => directory.numbered(tracking.queue(entry))?.entry(tracking.slot(entry)) === entry,
    )
    for (const entry of tracking.entries()) directory.numbered(tracking.queue(entry))!.adopt(entry)
    for (const queue of directory) {
      queue.settle()
      activeMoves.note(queue)
      ready.note(queue)
    }
    units.touch(root)
  }

  live(visit: (bodyId: number, bytes: number) => void): void {
    for (const queue of this.#context.directory) {
      for (const page of queue.slots.pages()) page.visitBodies(visit)
    }
    this.#context.cleanup.live(visit)
  }
}
