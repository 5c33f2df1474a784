import { isNoKey, KEY_WORDS } from '../../../core/key.ts'
import { LISTED_MOVE_TASKS } from '../limits.ts'
import { DEFAULT_QUEUE_SETTINGS } from '../queue-settings.ts'
import type { SqsContext } from './context.ts'
import {
  EVENT,
  type FifoMessageLanded,
  type FifoMessagesSent,
  type GroupedMessagesSent,
  type MessagesDeadLettered,
  type MessagesForwarded,
  type MessagesLanded,
  type MessagesMoved,
  type MessagesReceived,
  type MessagesSent,
  type SqsEvent,
} from './events.ts'
import { FifoQueue } from './fifo-queue.ts'
import { afterMoving, type MoveTask } from './move-task.ts'
import type { Queue } from './queue.ts'
import { newQueue } from './queue-kinds.ts'
import { StandardQueue } from './standard-queue.ts'
import { NO_PAST } from './tracking.ts'

/** Changes the state as the event says, at the time it happened. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: SqsContext, event: SqsEvent, now: number): void {
  switch (event.kind) {
    case EVENT.messagesSent:
    case EVENT.groupedMessagesSent:
      applySent(context, event, now)
      return
    case EVENT.messagesReceived:
      applyReceived(context, event, now)
      return
    case EVENT.messagesDeleted: {
      const queue = queueNumbered(context, event.queue)
      queue.lookAheadToRemoval(event.slots)
      for (const slot of event.slots) queue.remove(slot, now)
      return
    }
    case EVENT.visibilityChanged: {
      const queue = queueNumbered(context, event.queue)
      for (let i = 0; i < event.slots.length; i++) {
        const entry = queue.entry(event.slots[i]!)
        const seconds = event.visibilityTimeoutSeconds[i]!
        if (seconds > 0) {
          queue.hideUntil(entry, now + seconds * 1000)
        } else {
          queue.makeVisible(entry, now)
          context.host.wake(queue)
        }
      }
      return
    }
    case EVENT.messagesDeadLettered:
      applyDeadLettered(context, event, now)
      return
    case EVENT.receiveUndone: {
      const queue = queueNumbered(context, event.queue)
      for (const slot of event.slots) {
        const entry = queue.entry(slot)
        context.tracking.undoReceive(entry)
        queue.makeVisible(entry, now)
      }
      context.host.wake(queue)
      return
    }
    case EVENT.receivePostponed: {
      const queue = queueNumbered(context, event.queue)
      for (const [i, slot] of event.slots.entries()) {
        const entry = queue.entry(slot)
        context.tracking.postponeReceive(entry)
        queue.hideUntil(entry, now + event.visibilityTimeoutSeconds[i]! * 1000)
      }
      return
    }
    case EVENT.fifoMessagesSent:
      applyFifoSent(context, event, now)
      return
    case EVENT.receiveAttempted:
      fifoQueueNumbered(context, event.queue).attempts.remember(event.attemptKey, event.slots, now)
      return
    case EVENT.receiveRepeated: {
      const queue = fifoQueueNumbered(context, event.queue)
      queue.attempts.repeat(event.attemptKey, now, now + event.visibilityTimeoutSeconds * 1000)
      return
    }
    case EVENT.groupsBecameNoisy:
      standardQueueNumbered(context, event.queue).markNoisy(event.slots)
      return
    case EVENT.queueCreated: {
      context.root.touch()
      context.root.nextQueue = event.queue + 1
      const queue = newQueue(context, {
        number: event.queue,
        address: event.address,
        // A setting that came with a later version takes its default in queues that are older.
        settings: { ...DEFAULT_QUEUE_SETTINGS, ...event.settings },
        tags: event.tags,
        createdAt: now,
        modifiedAt: now,
      })
      context.units.add(queue)
      context.directory.add(queue)
      return
    }
    case EVENT.queueChanged: {
      const queue = queueNumbered(context, event.queue)
      queue.change(event.settings, event.tags, now)
      context.directory.noteSettings(queue)
      return
    }
    case EVENT.queuePurged: {
      const queue = queueNumbered(context, event.queue)
      context.cleanup.add(queue.detachAll())
      queue.purgedAt = now
      context.activeMoves.startOver(queue)
      return
    }
    case EVENT.queueDeleted: {
      const queue = queueNumbered(context, event.queue)
      context.root.touch()
      context.cleanup.add(queue.detachForGood())
      if (queue.deadLetters) context.root.retired.set(queue.number, queue.address)
      context.root.deletions.add(queue.address, now)
      context.directory.remove(queue)
      context.units.remove(queue)
      context.activeMoves.forget(queue)
      context.host.wake(queue)
      return
    }
    case EVENT.allQueuesDeleted: {
      context.root.touch()
      const queues = context.directory.takeAll()
      context.cleanup.addQueues(queues)
      // No dead letter is left that could name where it came from.
      context.root.retired.clear()
      context.root.deletions.clear()
      context.activeMoves.clear()
      for (const queue of queues) context.host.wake(queue)
      return
    }
    case EVENT.moveTaskStarted: {
      const queue = queueNumbered(context, event.queue)
      const task: MoveTask = {
        ...event.task,
        startedAt: now,
        messagesMoved: 0,
        status: 'RUNNING',
        failureReason: '',
        nextMoveAt: now,
      }
      queue.setMoveTasks([task, ...queue.moveTasks].slice(0, LISTED_MOVE_TASKS.max))
      context.activeMoves.note(queue)
      return
    }
    case EVENT.moveTaskCancelled:
      changeMoveTask(context, queueNumbered(context, event.queue), (task) => ({
        ...task,
        status: 'CANCELLING',
      }))
      return
    case EVENT.moveTaskEnded: {
      const { status, failureReason } = event
      changeMoveTask(context, queueNumbered(context, event.queue), (task) => ({
        ...task,
        status,
        failureReason,
      }))
      return
    }
    case EVENT.messagesMoved:
      applyMoved(context, event, now)
      return
    case EVENT.originNoted:
      context.origins.note(event.number, event.text)
      return
    case EVENT.messagesLanded:
      applyLanded(context, event, now)
      return
    case EVENT.fifoMessageLanded:
      applyFifoLanded(context, event, now)
      return
    case EVENT.messagesForwarded:
      applyForwarded(context, event, now)
      return
    default:
      event satisfies never
  }
}

function applySent(context: SqsContext, event: MessagesSent | GroupedMessagesSent, now: number): void {
  const queue = standardQueueNumbered(context, event.queue)
  const groupKeys = event.kind === EVENT.groupedMessagesSent ? event.groupKeys : null
  expectSlot(queue, event.firstSlot)
  for (let i = 0; i < event.bytes.length; i++) {
    const delaySeconds = event.delaySeconds[i]!
    const visibleAt = delaySeconds === 0 ? 0 : now + delaySeconds * 1000
    appendTo(queue, event.firstBodyId + i, now, event.bytes[i]!, visibleAt, groupKeys, i * KEY_WORDS)
  }
  context.host.wake(queue)
}

/** A message takes the next slot, in the group whose key is at `at` if there are keys and it is not zeros. */
function appendTo(
  queue: StandardQueue,
  bodyId: number,
  now: number,
  bytes: number,
  visibleAt: number,
  groupKeys: Uint32Array | null,
  at: number,
): void {
  if (groupKeys === null || isNoKey(groupKeys, at)) queue.append(bodyId, now, bytes, visibleAt)
  else queue.appendToGroup(bodyId, now, bytes, visibleAt, groupKeys, at)
}

function applyLanded(context: SqsContext, event: MessagesLanded, now: number): void {
  const queue = standardQueueNumbered(context, event.queue)
  expectSlot(queue, event.firstSlot)
  const { groupKeys, delaySeconds } = event
  const visibleAt = delaySeconds === 0 ? 0 : now + delaySeconds * 1000
  for (let i = 0; i < event.bytes.length; i++) {
    appendTo(queue, event.bodyIds[i]!, now, event.bytes[i]!, visibleAt, groupKeys, i * KEY_WORDS)
    queue.slots.setOrigin(event.firstSlot + i, event.origin)
  }
  context.host.wake(queue)
}

function applyFifoLanded(context: SqsContext, event: FifoMessageLanded, now: number): void {
  const queue = fifoQueueNumbered(context, event.queue)
  expectSlot(queue, event.slot)
  queue.append(event.bodyId, now, [event.bytes], event.groupKey, event.sendKey, event.messageId)
  queue.slots.setOrigin(event.slot, event.origin)
}

function applyFifoSent(context: SqsContext, event: FifoMessagesSent, now: number): void {
  const queue = fifoQueueNumbered(context, event.queue)
  expectSlot(queue, event.firstSlot)
  queue.forgetSends(now)
  queue.append(event.firstBodyId, now, event.bytes, event.groupKeys, event.sendKeys, event.messageIds)
}

function applyReceived(context: SqsContext, event: MessagesReceived, now: number): void {
  const queue = queueNumbered(context, event.queue)
  const deadline = now + event.visibilityTimeoutSeconds * 1000
  for (let i = 0; i < event.slots.length; i++) {
    queue.receive(event.slots[i]!, now, deadline, event.tags[2 * i]!, event.tags[2 * i + 1]!)
  }
}

function applyDeadLettered(context: SqsContext, event: MessagesDeadLettered, now: number): void {
  const queue = queueNumbered(context, event.queue)
  const target = queueNumbered(context, event.target)
  if (!queue.deadLetters) {
    queue.touch()
    queue.deadLetters = true
  }
  for (const slot of event.slots) target.takeIn({ ...queue.takeOut(slot, now), source: queue.number }, now)
  context.host.wake(target)
}

/** What is moved begins anew, as AWS has it: sent now, never received, nobody's dead letter, under another id. */
function applyMoved(context: SqsContext, event: MessagesMoved, now: number): void {
  const queue = queueNumbered(context, event.queue)
  const target = queueNumbered(context, event.target)
  expectSlot(target, event.firstSlot)
  for (const slot of event.slots) {
    const message = queue.takeOut(slot, now)
    target.takeIn({ ...message, ...NO_PAST, sentAt: now, redrives: message.redrives + 1 }, now)
  }
  changeMoveTask(context, queue, (task) => afterMoving(task, event.slots.length, now))
  context.host.wake(target)
}

function applyForwarded(context: SqsContext, event: MessagesForwarded, now: number): void {
  const queue = queueNumbered(context, event.queue)
  const target = queueNumbered(context, event.target)
  expectSlot(target, event.firstSlot)
  for (const slot of event.slots) {
    target.takeIn({ ...queue.takeOut(slot, now), ...NO_PAST, sentAt: now }, now)
  }
  context.host.wake(target)
}

function changeMoveTask(context: SqsContext, queue: Queue, change: (task: MoveTask) => MoveTask): void {
  const active = context.activeMoves.of(queue)
  if (active === undefined) throw new Error(`no task moves messages out of queue ${queue.number}`)
  queue.setMoveTasks([change(active), ...queue.moveTasks.slice(1)])
  context.activeMoves.note(queue)
}

function queueNumbered(context: SqsContext, number: number): Queue {
  const queue = context.directory.numbered(number)
  if (queue === undefined) throw new Error(`no queue has the number ${number}`)
  return queue
}

function standardQueueNumbered(context: SqsContext, number: number): StandardQueue {
  const queue = queueNumbered(context, number)
  if (!(queue instanceof StandardQueue)) throw new Error(`queue ${number} takes messages of groups alone`)
  return queue
}

function fifoQueueNumbered(context: SqsContext, number: number): FifoQueue {
  const queue = queueNumbered(context, number)
  if (!(queue instanceof FifoQueue)) throw new Error(`queue ${number} has no groups`)
  return queue
}

function expectSlot(queue: Queue, slot: number): void {
  if (slot !== queue.nextSlot) {
    throw new Error(`queue ${queue.number} stands at slot ${queue.nextSlot}, the event at ${slot}`)
  }
}
