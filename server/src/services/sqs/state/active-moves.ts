import { isActive, type MoveTask, nextStepAt } from './move-task.ts'
import type { Queue } from './queue.ts'

/** The queues out of which messages are being moved. Derived from their tasks: in no event and no snapshot. */
export class ActiveMoves {
  readonly #tasks = new Map<Queue, MoveTask>()

  /** To be called when a queue's newest task changed, and after a restore. */
  note(queue: Queue): void {
    const task = queue.moveTasks[0]
    // Taken out first, so that it comes behind all others of the same time.
    this.#tasks.delete(queue)
    if (task !== undefined && isActive(task)) this.#tasks.set(queue, task)
  }

  forget(queue: Queue): void {
    this.#tasks.delete(queue)
  }

  clear(): void {
    this.#tasks.clear()
  }

  of(queue: Queue): MoveTask | undefined {
    return this.#tasks.get(queue)
  }

  /** How many there are in the account and region. */
  count(accountId: string, region: string): number {
    let count = 0
    for (const { address } of this.#tasks.keys()) {
      if (address.accountId === accountId && address.region === region) count++
    }
    return count
  }

  /** The queue whose task has the next step, and when that is due. */
  next(): { readonly queue: Queue; readonly at: number } | null {
    let next: { queue: Queue; at: number } | null = null
    for (const [queue, task] of this.#tasks) {
      const at = nextStepAt(task)
      if (next === null || at < next.at) next = { queue, at }
    }
    return next
  }
}
