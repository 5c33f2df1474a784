import { isActive, type MoveTask, nextStepAt } from './move-task.ts'
import { MoveWalk } from './move-walk.ts'
import type { Queue } from './queue.ts'

interface ActiveMove {
  readonly task: MoveTask
  /** Where it stands in its queue. */
  readonly walk: MoveWalk
  /** When it last looked at messages and found none to move. */
  readonly lookedAt: number
}

/** The queues out of which messages are being moved. Derived from their tasks: in no event and no snapshot. */
export class ActiveMoves {
  readonly #moves = new Map<Queue, ActiveMove>()

  /** To be called when a queue's newest task changed, and after a restore. */
  note(queue: Queue): void {
    const task = queue.moveTasks[0]
    const before = this.#moves.get(queue)
    // Taken out first, so that it comes behind all others of the same time.
    this.#moves.delete(queue)
    if (task === undefined || !isActive(task)) return
    const { walk, lookedAt } = before ?? { walk: new MoveWalk(queue), lookedAt: 0 }
    this.#moves.set(queue, { task, walk, lookedAt })
  }

  forget(queue: Queue): void {
    this.#moves.delete(queue)
  }

  clear(): void {
    this.#moves.clear()
  }

  of(queue: Queue): MoveTask | undefined {
    return this.#moves.get(queue)?.task
  }

  /** The queue was emptied: what a task that moves messages out of it may have left to look at isn't there any more. */
  startOver(queue: Queue): void {
    const move = this.#moves.get(queue)
    if (move !== undefined) this.#moves.set(queue, { ...move, walk: new MoveWalk(queue) })
  }

  /** Where the queue's task, which must be active, stands in it. */
  walk(queue: Queue): MoveWalk {
    return this.#moves.get(queue)!.walk
  }

  /** The queue's task found nothing to move until now: it goes on when all others that are due had their turn. */
  lookOn(queue: Queue, walk: MoveWalk, now: number): void {
    const { task } = this.#moves.get(queue)!
    this.#moves.delete(queue)
    this.#moves.set(queue, { task, walk, lookedAt: now })
  }

  /** How many there are in the account and region. */
  count(accountId: string, region: string): number {
    let count = 0
    for (const { address } of this.#moves.keys()) {
      if (address.accountId === accountId && address.region === region) count++
    }
    return count
  }

  /** The queue whose task has the next step, and when that is due. */
  next(): { readonly queue: Queue; readonly at: number } | null {
    let next: { queue: Queue; at: number } | null = null
    for (const [queue, { task, lookedAt }] of this.#moves) {
      const at = Math.max(nextStepAt(task), lookedAt)
      if (next === null || at < next.at) next = { queue, at }
    }
    return next
  }
}
