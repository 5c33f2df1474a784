import type { Timers } from '../base/time.ts'
import type { Command } from '../core/command.ts'
import type { Abandonable } from '../core/ports.ts'

/** A command whose answer is still empty, and that may wait for a resource to have something. */
export interface Waiter {
  readonly command: Command
  readonly resource: object
  /** As in `Waiting`. */
  readonly isForAll: boolean
  readonly connection: Abandonable | undefined
  /** Settles the command's promise with the reply; to be called once. */
  readonly resolve: (reply: unknown) => void
  readonly reject: (error: Error) => void
  /** The empty reply that the command gets when nothing came. */
  readonly emptyReply: unknown
}

interface Parked {
  readonly waiter: Waiter
  readonly cancelTimer: () => void
  readonly cancelClose: () => void
}

/** Waiting commands, first come first served for each resource. */
export class Waiters {
  readonly #timers: Timers
  readonly #byResource = new Map<object, Set<Parked>>()
  readonly #woken = new Set<object>()
  readonly #giveUp: (waiter: Waiter) => void

  /** `giveUp` is called for a waiter whose time passed or whose client went. */
  constructor(timers: Timers, giveUp: (waiter: Waiter) => void) {
    this.#timers = timers
    this.#giveUp = giveUp
  }

  get any(): boolean {
    return this.#byResource.size > 0
  }

  park(waiter: Waiter, milliseconds: number): void {
    const giveUp = () => {
      if (this.#remove(parked)) this.#giveUp(waiter)
    }
    const parked: Parked = {
      waiter,
      cancelTimer: this.#timers.after(milliseconds, giveUp),
      cancelClose: waiter.connection?.onClose(giveUp) ?? nothing,
    }
    const waiting = this.#byResource.get(waiter.resource)
    if (waiting === undefined) this.#byResource.set(waiter.resource, new Set([parked]))
    else waiting.add(parked)
  }

  /** Notes that there may be something for those who wait for the resource. */
  wake(resource: object): void {
    if (this.#byResource.has(resource)) this.#woken.add(resource)
  }

  wakeAll(): void {
    for (const resource of this.#byResource.keys()) this.#woken.add(resource)
  }

  /** Tries the waiters of all woken resources in turn, while `attempt` says that it served one; where what comes is for all, each. */
  serve(attempt: (waiter: Waiter) => boolean): void {
    for (const resource of this.#woken) {
      this.#woken.delete(resource)
      for (const parked of this.#byResource.get(resource) ?? []) {
        if (attempt(parked.waiter)) this.#remove(parked)
        else if (!parked.waiter.isForAll) break
      }
    }
  }

  /** Gives up all that wait. */
  releaseAll(): void {
    for (const waiting of [...this.#byResource.values()]) {
      for (const parked of [...waiting]) if (this.#remove(parked)) this.#giveUp(parked.waiter)
    }
  }

  #remove(parked: Parked): boolean {
    const waiting = this.#byResource.get(parked.waiter.resource)
    if (waiting === undefined || !waiting.delete(parked)) return false
    if (waiting.size === 0) this.#byResource.delete(parked.waiter.resource)
    parked.cancelTimer()
    parked.cancelClose()
    return true
  }
}

function nothing(): void {}
