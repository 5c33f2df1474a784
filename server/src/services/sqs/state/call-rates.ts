import { keyText } from '../../../core/key.ts'

/** The actions that AWS meters, each by itself; a batch is one call. */
export type MeteredAction = 'send' | 'receive' | 'delete'

const SECOND_MS = 1000

/** A second begins with the first call after the one before was over, so that what is refused depends on the calls alone. */
interface Second {
  startedAt: number
  calls: number
  readonly callsOfGroup: Map<string, number>
}

/**
 * How many calls each action of a FIFO queue had in its present second. A rate and no state: it isn't journaled, and a restart
 * begins it anew. What is remembered of groups is remembered for a second, and bounded by the queue's own limit.
 */
export class CallRates {
  readonly #seconds: Record<MeteredAction, Second> = {
    send: noCalls(),
    receive: noCalls(),
    delete: noCalls(),
  }
  /** A call that waits for messages is decided again and again; it is one call. */
  readonly #counted = new WeakSet<object>()

  /** Counts a call, unless it is one too many; false where it is. `call` is the same object whenever it is the same call. */
  admit(action: MeteredAction, call: object, now: number, callsMax: number): boolean {
    if (this.#counted.has(call)) return true
    const second = this.#secondOf(action, now)
    if (second.calls >= callsMax) return false
    second.calls++
    this.#counted.add(call)
    return true
  }

  /** As `admit`, for the part of a call that has to do with a group; to be asked once for each group of a call that was admitted. */
  admitGroup(action: MeteredAction, groupKey: Uint32Array, now: number, callsMax: number): boolean {
    const { callsOfGroup } = this.#secondOf(action, now)
    const group = keyText(groupKey)
    const calls = callsOfGroup.get(group) ?? 0
    if (calls >= callsMax) return false
    callsOfGroup.set(group, calls + 1)
    return true
  }

  #secondOf(action: MeteredAction, now: number): Second {
    const second = this.#seconds[action]
    if (now < second.startedAt + SECOND_MS) return second
    second.startedAt = now
    second.calls = 0
    second.callsOfGroup.clear()
    return second
  }
}

function noCalls(): Second {
  return { startedAt: Number.NEGATIVE_INFINITY, calls: 0, callsOfGroup: new Map() }
}
