import { DEFAULT_QUEUE_SETTINGS } from '../queue-settings.ts'
import type { SqsContext } from './context.ts'
import {
  EVENT,
  type MessagesDeadLettered,
  type MessagesReceived,
  type MessagesSent,
  type SqsEvent,
} from './events.ts'
import { Queue } from './queue.ts'

/** Changes the state as the event says, at the time it happened. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: SqsContext, event: SqsEvent, now: number): void {
  switch (event.kind) {
    case EVENT.messagesSent:
      applySent(context, event, now)
      return
    case EVENT.messagesReceived:
      applyReceived(context, event, now)
      return
    case EVENT.messagesDeleted: {
      const queue = queueNumbered(context, event.queue)
      for (const slot of event.slots) queue.remove(slot)
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
          queue.makeVisible(entry)
          context.host.wake(queue)
        }
      }
      return
    }
    case EVENT.messagesDeadLettered:
      applyDeadLettered(context, event)
      return
    case EVENT.receiveUndone: {
      const queue = queueNumbered(context, event.queue)
      for (const slot of event.slots) {
        const entry = queue.entry(slot)
        context.tracking.undoReceive(entry)
        queue.makeVisible(entry)
      }
      context.host.wake(queue)
      return
    }
    case EVENT.queueCreated: {
      context.root.touch()
      context.root.nextQueue = event.queue + 1
      const queue = new Queue(context, {
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
      return
    }
    case EVENT.queuePurged: {
      const queue = queueNumbered(context, event.queue)
      context.cleanup.add(queue.detachAll())
      return
    }
    case EVENT.queueDeleted: {
      const queue = queueNumbered(context, event.queue)
      context.root.touch()
      context.cleanup.add(queue.detachAll())
      if (queue.deadLetters) context.root.retired.set(queue.number, queue.address)
      context.directory.remove(queue)
      context.units.remove(queue)
      context.host.wake(queue)
      return
    }
    case EVENT.allQueuesDeleted: {
      context.root.touch()
      const queues = context.directory.takeAll()
      context.cleanup.addQueues(queues)
      // No dead letter is left that could name where it came from.
      context.root.retired.clear()
      for (const queue of queues) context.host.wake(queue)
      return
    }
    default:
      event satisfies never
  }
}

function applySent(context: SqsContext, event: MessagesSent, now: number): void {
  const queue = queueNumbered(context, event.queue)
  if (event.firstSlot !== queue.nextSlot) {
    throw new Error(`queue ${event.queue} stands at slot ${queue.nextSlot}, the event at ${event.firstSlot}`)
  }
  for (let i = 0; i < event.bytes.length; i++) {
    const delaySeconds = event.delaySeconds[i]!
    const visibleAt = delaySeconds === 0 ? 0 : now + delaySeconds * 1000
    queue.append(event.firstBodyId + i, now, event.bytes[i]!, visibleAt)
  }
  context.host.wake(queue)
}

function applyReceived(context: SqsContext, event: MessagesReceived, now: number): void {
  const queue = queueNumbered(context, event.queue)
  const deadline = now + event.visibilityTimeoutSeconds * 1000
  for (let i = 0; i < event.slots.length; i++) {
    queue.receive(event.slots[i]!, now, deadline, event.tags[2 * i]!, event.tags[2 * i + 1]!)
  }
}

function applyDeadLettered(context: SqsContext, event: MessagesDeadLettered): void {
  const queue = queueNumbered(context, event.queue)
  const target = queueNumbered(context, event.target)
  const { tracking } = context
  if (!queue.deadLetters) {
    queue.touch()
    queue.deadLetters = true
  }
  for (const slot of event.slots) {
    const entry = queue.entry(slot)
    const message = {
      bodyId: queue.bodyId(slot),
      sentAt: queue.sentAt(slot),
      bytes: queue.storedBytes(slot),
    }
    const receiveCount = tracking.receiveCount(entry)
    const firstReceivedAt = tracking.firstReceivedAt(entry)
    queue.take(slot)
    target.appendDeadLetter(message, receiveCount, firstReceivedAt, queue.number)
  }
  context.host.wake(target)
}

function queueNumbered(context: SqsContext, number: number): Queue {
  const queue = context.directory.numbered(number)
  if (queue === undefined) throw new Error(`no queue has the number ${number}`)
  return queue
}
