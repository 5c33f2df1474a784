import type { LandingOutcome } from '../../../core/landing.ts'
import type { Step } from '../../../core/service-state.ts'
import type { QueueAddress, SqsCommand } from '../commands.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import { FifoQueue } from './fifo-queue.ts'
import { standingOf } from './message-decisions.ts'
import { queueAt } from './queue-decisions.ts'

/** Addresses of internal queues that have something, each of which is not named again before something more happens to it. */
export function takeReadyQueues(
  { ready, directory }: SqsContext,
  { limit }: SqsCommand<'takeReadyQueues'>,
): readonly QueueAddress[] {
  const isThere = (queue: { readonly number: number }) => directory.numbered(queue.number) === queue
  return ready.take(limit, isThere).map(({ address }) => address)
}

/**
 * A received message goes to another queue, as it landed: there it begins anew, and is nobody's dead letter. Where it can't go
 * there, it stays; a receipt that is not the newest any more moves nothing.
 */
export function forwardMessage(
  context: SqsContext,
  command: SqsCommand<'forwardMessage'>,
  step: Step<SqsEvent>,
): LandingOutcome {
  const queue = queueAt(context, command.queue)
  if (queue === undefined || standingOf(context, queue, command.receipt, step.now) !== 'current') return null
  const target = context.directory.withArn(command.target)
  if (target === undefined || target === queue) return 'no such target'
  if (!context.landingLeave.lets(target, command.sender, step.now)) return 'not allowed'
  if (target instanceof FifoQueue) return 'not for this kind of target'
  if (command.sizeBytes > target.settings.maximumMessageSizeBytes) return 'too large'
  step.emit({
    kind: EVENT.messagesForwarded,
    queue: queue.number,
    target: target.number,
    firstSlot: target.nextSlot,
    slots: [command.receipt.slot],
  })
  return null
}
