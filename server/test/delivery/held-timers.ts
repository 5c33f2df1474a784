import type { Timers } from '../../src/base/time.ts'

interface Held {
  readonly milliseconds: number
  readonly task: () => void
}

/** Timers that go off when a test says so. */
export class HeldTimers implements Timers {
  readonly #held = new Set<Held>()
  #expected: (() => void)[] = []

  after(milliseconds: number, task: () => void): () => void {
    const held = { milliseconds, task }
    this.#held.add(held)
    for (const resolve of this.#expected.splice(0)) resolve()
    return () => this.#held.delete(held)
  }

  soon(task: () => void): void {
    setImmediate(task)
  }

  /** The times that were asked for and are still to come, in milliseconds. */
  get waiting(): readonly number[] {
    return [...this.#held].map(({ milliseconds }) => milliseconds)
  }

  /** Lets all go off that are waiting. */
  fire(): void {
    const held = [...this.#held]
    this.#held.clear()
    for (const { task } of held) task()
  }

  /** Resolves when a timer is set. */
  async expect(): Promise<void> {
    if (this.#held.size === 0) await new Promise<void>((resolve) => this.#expected.push(resolve))
  }
}
