import type { Cell } from './cell.ts'
import type { ManualClock } from './manual-clock.ts'

/** Sets the clock that a cell goes by, and sees to it that what is due by then has happened. */
export class TimeControl {
  readonly #clock: ManualClock
  readonly #cell: Promise<Cell>
  #last: Promise<unknown>

  /** The cell, which goes by `clock`, may still be recovering. */
  constructor(clock: ManualClock, cell: Promise<Cell>) {
    this.#clock = clock
    this.#cell = cell
    this.#last = cell
  }

  /** Milliseconds since the epoch, as the cell counts them. */
  now(): number {
    return this.#clock.now()
  }

  get isFrozen(): boolean {
    return this.#clock.isFrozen
  }

  /** From now on time passes only by `advance`. */
  freeze(): void {
    this.#clock.freeze()
  }

  /** Time passes by itself again, from where it stands. */
  resume(): void {
    this.#clock.resume()
  }

  /**
   * Lets time pass at once, a whole number of milliseconds. Resolves when all that is due by then has happened and is durable:
   * see `Cell.passTime`. Those who waited for messages longer than they wanted to are answered too. One after the other.
   */
  advance(milliseconds: number): Promise<void> {
    const advanced = this.#last.then(async () => {
      const cell = await this.#cell
      await cell.passTime(this.#clock.now() + milliseconds, (time) => this.#clock.setForward(time))
      this.#clock.runDue()
      // What was answered is on its way by then.
      await new Promise<void>((resolve) => this.#clock.soon(resolve))
    })
    this.#last = advanced.catch(() => {})
    return advanced
  }
}
