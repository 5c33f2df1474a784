import type { StateHost } from '../../../core/service-state.ts'
import { isInternalName } from '../queue-name.ts'
import { Queue } from './queue.ts'

/**
 * The internal queues in which there may be something to receive, so that whoever works on all of them need not ask each: those
 * that hold nothing, or nothing yet, cost nothing. It follows from the queues: it is neither journaled nor in snapshots.
 */
export class ReadyQueues {
  readonly #queues = new Set<Queue>()

  /** There may be something in the queue; whether it is internal is found out here. */
  note(queue: Queue): void {
    if (queue.waiting > 0 && isInternalName(queue.address.name)) this.#queues.add(queue)
  }

  /** Up to `limit` queues, in the order in which they became ready. They are not named again before something more happens to them. */
  take(limit: number, isThere: (queue: Queue) => boolean): readonly Queue[] {
    const taken: Queue[] = []
    for (const queue of this.#queues) {
      if (taken.length === limit) break
      this.#queues.delete(queue)
      if (queue.waiting > 0 && isThere(queue)) taken.push(queue)
    }
    return taken
  }

  /** A host that hears, for this one, that there is something in a queue. */
  listeningAt(host: StateHost): StateHost {
    return {
      release: (bodyId, bytes) => host.release(bodyId, bytes),
      read: (bodyIds) => host.read(bodyIds),
      wake: (resource) => {
        host.wake(resource)
        if (!(resource instanceof Queue) || !isInternalName(resource.address.name)) return
        this.note(resource)
        host.wake(this)
      },
    }
  }
}
