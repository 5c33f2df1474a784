import type { MessagePhase, PeekedMessage, PeekPlace, SqsCommand, SqsReplies } from '../commands.ts'
import type { SqsContext } from './context.ts'
import { messageHistory } from './message-decisions.ts'
import type { Queue } from './queue.ts'
import { existingQueue } from './queue-decisions.ts'
import { EMPTY, SLOTS_PER_PAGE } from './slots.ts'
import { IN_FLIGHT } from './tracking.ts'

/** Slots, and pages that are gone, which one command may look at: a fraction of a millisecond. */
const LOOKS_MAX = 20_000

/**
 * Shows messages in the order in which they came into the queue, without any event: nobody can tell that they were looked
 * at. Does a bounded piece of work, however many messages there are and however far apart they lie.
 */
export function peekMessages(
  context: SqsContext,
  command: SqsCommand<'peekMessages'>,
  now: number,
): SqsReplies['peekMessages'] {
  const queue = existingQueue(context, command.queue)
  const messages: PeekedMessage[] = []
  const bodyIds: number[] = []
  let bytesLeft = command.bytesMax
  let slot = firstSlot(queue, command.from)
  for (
    let looks = 0;
    looks < LOOKS_MAX && slot < queue.nextSlot && messages.length < command.limit;
    looks++
  ) {
    const page = queue.slots.page(slot)
    if (page === undefined || page.occupied === 0) {
      slot = (Math.floor(slot / SLOTS_PER_PAGE) + 1) * SLOTS_PER_PAGE
      continue
    }
    if (page.occupancy(slot - page.firstSlot) !== EMPTY && queue.holds(slot, now)) {
      const phase = phaseOf(context, queue, slot, now)
      if (command.phases.includes(phase)) {
        bytesLeft -= queue.storedBytes(slot)
        if (bytesLeft < 0 && messages.length > 0) break
        const visibleAt = phase === 'visible' ? 0 : queue.hiddenUntil(slot)
        messages.push({ phase, visibleAt, ...messageHistory(context, queue, slot) })
        bodyIds.push(queue.bodyId(slot))
      }
    }
    slot++
  }
  // Past the end lie messages to come: a page that is gone may reach beyond it.
  slot = Math.min(slot, queue.nextSlot)
  return {
    messages,
    bodies: bodyIds.length === 0 ? [] : context.host.read(bodyIds),
    next: { incarnation: queue.number, slot },
    more: slot < queue.nextSlot,
  }
}

function firstSlot(queue: Queue, from: PeekPlace | 'oldest' | 'end'): number {
  if (from === 'end') return queue.nextSlot
  // Pages come in the order of their slots, so that what was emptied long ago costs nothing.
  const first = queue.slots.pages().next()
  const oldest = first.done === true ? queue.nextSlot : first.value.firstSlot
  return from === 'oldest' || from.incarnation !== queue.number ? oldest : Math.max(from.slot, oldest)
}

function phaseOf({ tracking }: SqsContext, queue: Queue, slot: number, now: number): MessagePhase {
  // Where more is due than one tick may do, what is visible by now may not have been made so.
  if (queue.hiddenUntil(slot) <= now) return 'visible'
  const entry = queue.entry(slot)
  return entry !== 0 && tracking.phase(entry) === IN_FLIGHT ? 'inFlight' : 'delayed'
}
