import type { MoveTaskDescription } from '../commands.ts'

/**
 * A task that moves messages out of a dead-letter queue (StartMessageMoveTask). It belongs to that queue, and lives and goes
 * with it.
 *
 * ```
 *   start            cancel                    next step
 *   ───────▶ RUNNING ──────▶ CANCELLING ───────────────▶ CANCELLED
 *                │ all moved, or none left
 *                ├──────────────────────────▶ COMPLETED
 *                └──────────────────────────▶ FAILED     a destination is gone, or can't be told
 * ```
 *
 * Each step moves a piece in one event; so a task goes on after a restart where the journal says it stood.
 */
export interface MoveTask extends MoveTaskDescription {
  /** When the next message may move, in milliseconds since the epoch, with a fraction. */
  readonly nextMoveAt: number
}

export type MoveTaskEnd = 'COMPLETED' | 'CANCELLED' | 'FAILED'

/** Messages that one step moves at most: less than a millisecond's work, so that requests get their turn. */
export const STEP_MESSAGES_MAX = 250
/** A task with a rate moves what is due in one go this often, rather than to write a frame for each message. */
const STEP_INTERVAL_MS = 20
/** What a task with a rate makes up for at most when it is late: timers are, but a standstill is not to end in a flood. */
const CATCH_UP_MS = 2 * STEP_INTERVAL_MS

export function isActive(task: MoveTask): boolean {
  return task.status === 'RUNNING' || task.status === 'CANCELLING'
}

/**
 * When the next step is due, in whole milliseconds since the epoch. Without a rate that is the time of the last one, so that
 * of several tasks the one that waited longest comes first.
 */
export function nextStepAt(task: MoveTask): number {
  const { messagesPerSecond: rate, nextMoveAt, messagesToMove, messagesMoved } = task
  if (task.status !== 'RUNNING') return task.startedAt
  if (rate === null) return nextMoveAt
  const together = Math.min(Math.floor((rate * STEP_INTERVAL_MS) / 1000), messagesToMove - messagesMoved)
  return Math.ceil(nextMoveAt + Math.max(0, together - 1) * intervalMs(rate))
}

/** How many messages may move now. */
export function allowance(task: MoveTask, now: number): number {
  const { messagesPerSecond: rate, messagesToMove, messagesMoved } = task
  const left = Math.min(messagesToMove - messagesMoved, STEP_MESSAGES_MAX)
  if (rate === null) return left
  const from = Math.max(task.nextMoveAt, now - CATCH_UP_MS)
  return Math.max(0, Math.min(left, Math.floor((now - from) / intervalMs(rate)) + 1))
}

/** The task after `count` messages moved. */
export function afterMoving(task: MoveTask, count: number, now: number): MoveTask {
  const { messagesPerSecond: rate } = task
  const from = Math.max(task.nextMoveAt, now - CATCH_UP_MS)
  return {
    ...task,
    messagesMoved: task.messagesMoved + count,
    nextMoveAt: rate === null ? now : from + count * intervalMs(rate),
  }
}

function intervalMs(rate: number): number {
  return 1000 / rate
}
