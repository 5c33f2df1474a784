import { ServiceError } from '../../../api/service-error.ts'
import type { Step } from '../../../core/service-state.ts'
import type { QueueAddress, SqsCommand, SqsReplies } from '../commands.ts'
import { InvalidParameterValue, RequestThrottled, ResourceNotFound, resourceNotFound } from '../errors.ts'
import { ACTIVE_MOVE_TASKS_MAX } from '../limits.ts'
import { queueArn } from '../queue-arn.ts'
import { isFifoName } from '../queue-name.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import { sourceAddress } from './message-decisions.ts'
import { allowance, type MoveTaskEnd } from './move-task.ts'
import { MoveWalk } from './move-walk.ts'
import type { Queue } from './queue.ts'
import { queueAt } from './queue-decisions.ts'

/** Places in a queue that one step may look at: a millisecond's work, more where much has passed its retention. */
const STEP_LOOKS_MAX = 2000

/** AWS's words for why a task failed. */
const QUEUE_GONE = 'AWS.SimpleQueueService.NonExistentQueue'
const SOURCE_UNKNOWN = 'CouldNotDetermineMessageSource'

export function startMoveTask(
  context: SqsContext,
  command: SqsCommand<'startMoveTask'>,
  step: Step<SqsEvent>,
): null {
  const { source, destination, messagesPerSecond, id } = command
  const queue = sourceQueue(context, source)
  if (!context.directory.isDeadLetterQueue(source)) {
    throw new ServiceError(InvalidParameterValue, 'Source queue must be configured as a Dead Letter Queue.')
  }
  if (destination !== null) checkDestination(context, source, destination)
  if (context.activeMoves.of(queue) !== undefined) {
    throw new ServiceError(
      InvalidParameterValue,
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    )
  }
  if (context.activeMoves.count(source.accountId, source.region) >= ACTIVE_MOVE_TASKS_MAX) {
    throw new ServiceError(
      RequestThrottled,
      `The maximum number of active message move tasks is reached: ${ACTIVE_MOVE_TASKS_MAX}.`,
    )
  }
  step.emit({
    kind: EVENT.moveTaskStarted,
    queue: queue.number,
    task: { id, destination, messagesPerSecond, messagesToMove: queue.waiting },
  })
  return null
}

export function cancelMoveTask(
  context: SqsContext,
  command: SqsCommand<'cancelMoveTask'>,
  step: Step<SqsEvent>,
): SqsReplies['cancelMoveTask'] {
  const queue = sourceQueue(context, command.source)
  const task = queue.moveTasks.find(({ id }) => id === command.id)
  if (task === undefined) throw new ServiceError(ResourceNotFound, 'Task does not exist.')
  if (task.status !== 'RUNNING') {
    throw new ServiceError(
      InvalidParameterValue,
      'Value for parameter TaskHandle is invalid. Reason: Only active tasks can be cancelled.',
    )
  }
  step.emit({ kind: EVENT.moveTaskCancelled, queue: queue.number })
  return task.messagesMoved
}

export function listMoveTasks(
  context: SqsContext,
  command: SqsCommand<'listMoveTasks'>,
): SqsReplies['listMoveTasks'] {
  return sourceQueue(context, command.source).moveTasks.slice(0, command.limit)
}

/** One step of a task: moves a piece, or ends it. A step that is due gets on, and never does nothing. */
export function moveMessages(
  context: SqsContext,
  command: SqsCommand<'moveMessages'>,
  step: Step<SqsEvent>,
): null {
  const queue = context.directory.numbered(command.source)
  const task = queue === undefined ? undefined : context.activeMoves.of(queue)
  if (queue === undefined || task === undefined) return null
  const end = (status: MoveTaskEnd, failureReason = '') => {
    step.emit({ kind: EVENT.moveTaskEnded, queue: queue.number, status, failureReason })
    return null
  }
  if (task.status === 'CANCELLING') return end('CANCELLED')
  if (task.messagesMoved === task.messagesToMove) return end('COMPLETED')

  const limit = allowance(task, step.now)
  if (limit === 0) return null
  const destination = task.destination === null ? null : queueAt(context, task.destination)
  if (destination === undefined) return end('FAILED', QUEUE_GONE)
  const walk = context.activeMoves.walk(queue)
  const targetOf =
    destination === null ? sourceTargets(context, queue, walk) : (): Queue | undefined => destination
  const moves = chooseMoves(walk, limit, step.now, targetOf)
  if (moves.size === 0) {
    if (walk.isOver && !walk.leadsToAnother) {
      return walk.obstacle === '' ? end('COMPLETED') : end('FAILED', walk.obstacle)
    }
    context.activeMoves.lookOn(queue, walk.isOver ? new MoveWalk(queue) : walk, step.now)
    return null
  }
  walk.leadsToAnother = true
  for (const [target, slots] of moves) {
    step.emit({
      kind: EVENT.messagesMoved,
      queue: queue.number,
      slots,
      target: target.number,
      firstSlot: target.nextSlot,
    })
  }
  const { messagesMoved, messagesToMove } = context.activeMoves.of(queue)!
  return queue.waiting === 0 || messagesMoved === messagesToMove ? end('COMPLETED') : null
}

/** Slots by the queue that they go to. */
function chooseMoves(
  walk: MoveWalk,
  limit: number,
  now: number,
  targetOf: (slot: number) => Queue | undefined,
): ReadonlyMap<Queue, number[]> {
  const moves = new Map<Queue, number[]>()
  walk.goOn(STEP_LOOKS_MAX)
  for (let chosen = 0; chosen < limit; ) {
    const slot = walk.next(now)
    if (slot < 0) break
    const target = targetOf(slot)
    if (target === undefined) continue
    const slots = moves.get(target)
    if (slots === undefined) moves.set(target, [slot])
    else slots.push(slot)
    chosen++
  }
  return moves
}

/** Which queue each message goes back to; undefined where that can't be told, or it's not there. */
function sourceTargets(
  context: SqsContext,
  queue: Queue,
  walk: MoveWalk,
): (slot: number) => Queue | undefined {
  const targets = new Map<number, Queue>()
  return (slot) => {
    const entry = queue.entry(slot)
    const source = entry === 0 ? 0 : context.tracking.source(entry)
    if (walk.isPassedOver(source)) return undefined
    const known = targets.get(source)
    if (known !== undefined) return known
    const address = sourceAddress(context, source)
    const target = address === null ? undefined : queueAt(context, address)
    if (target === undefined) walk.passOver(source, address === null ? SOURCE_UNKNOWN : QUEUE_GONE)
    else targets.set(source, target)
    return target
  }
}

function sourceQueue(context: SqsContext, address: QueueAddress): Queue {
  const queue = queueAt(context, address)
  if (queue === undefined) throw resourceNotFound('SourceArn')
  return queue
}

function checkDestination(context: SqsContext, source: QueueAddress, destination: QueueAddress): void {
  if (queueArn(source) === queueArn(destination)) {
    throw new ServiceError(
      InvalidParameterValue,
      'Source queue arn and destination queue arn cannot be the same.',
    )
  }
  if (queueAt(context, destination) === undefined) throw resourceNotFound('DestinationArn')
  if (isFifoName(source.name) !== isFifoName(destination.name)) {
    throw new ServiceError(
      InvalidParameterValue,
      'The source queue and destination queue must be of the same queue type.',
    )
  }
}
