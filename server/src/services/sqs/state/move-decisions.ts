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
import type { Queue } from './queue.ts'
import { queueAt } from './queue-decisions.ts'

/** Messages that one step may look at, past those that it can't move. */
const SCAN_LIMIT = 1000

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
  if (!isDeadLetterQueue(context, source)) {
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
  const before = queue.waiting
  queue.dropExpired(step.now, SCAN_LIMIT)
  const { moves, obstacle } = chooseMoves(context, queue, task.destination, limit, step.now)
  if (moves.size === 0) {
    // What was looked at had passed its retention and is cleared away now: the next step looks further.
    if (queue.waiting < before) return null
    return obstacle === '' ? end('COMPLETED') : end('FAILED', obstacle)
  }
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

interface ChosenMoves {
  /** Slots by the queue that they go to. */
  readonly moves: ReadonlyMap<Queue, number[]>
  /** Why some messages that came first can't be moved, or an empty string. */
  readonly obstacle: string
}

function chooseMoves(
  context: SqsContext,
  queue: Queue,
  destination: QueueAddress | null,
  limit: number,
  now: number,
): ChosenMoves {
  const moves = new Map<Queue, number[]>()
  if (destination !== null) {
    const target = queueAt(context, destination)
    if (target === undefined) return { moves, obstacle: QUEUE_GONE }
    const slots = queue.available(limit, now, SCAN_LIMIT, () => true)
    if (slots.length > 0) moves.set(target, slots)
    return { moves, obstacle: '' }
  }
  const targets = new Map<number, Queue | undefined>()
  let obstacle = ''
  const targetOf = (source: number): Queue | undefined => {
    if (targets.has(source)) return targets.get(source)
    const address = sourceAddress(context, source)
    const target = address === null ? undefined : queueAt(context, address)
    if (target === undefined) obstacle ||= address === null ? SOURCE_UNKNOWN : QUEUE_GONE
    targets.set(source, target)
    return target
  }
  const accepts = (entry: number) => entry !== 0 && targetOf(context.tracking.source(entry)) !== undefined
  for (const slot of queue.available(limit, now, SCAN_LIMIT, accepts)) {
    const target = targetOf(context.tracking.source(queue.entry(slot)))!
    const slots = moves.get(target)
    if (slots === undefined) moves.set(target, [slot])
    else slots.push(slot)
  }
  // What was sent here by a client, and never received, was passed over without a look.
  if (moves.size === 0 && queue.fresh > 0) obstacle ||= SOURCE_UNKNOWN
  return { moves, obstacle }
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

function isDeadLetterQueue(context: SqsContext, address: QueueAddress): boolean {
  const target = queueArn(address)
  const isSource = (queue: Queue) => queue.settings.redrivePolicy?.deadLetterTargetArn === target
  return context.directory.page(address, '', '', 1, isSource).names.length > 0
}
