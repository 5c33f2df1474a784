/** Does something again and again, one at a time, while the window can be seen. */
export class Repetition {
  readonly #task: () => Promise<void>
  readonly #intervalMs: () => number
  #timer: ReturnType<typeof setTimeout> | undefined
  #isRunning = false
  #isWanted = false
  #isStopped = false

  /** The interval lies between the end of a run and the begin of the next. `task` must not reject. */
  constructor(task: () => Promise<void>, intervalMs: () => number) {
    this.#task = task
    this.#intervalMs = intervalMs
    document.addEventListener('visibilitychange', this.#seen)
    this.now()
  }

  /** Does it at once; if it's being done, then once more afterwards, as what is asked for may have changed. */
  now(): void {
    if (this.#isStopped) return
    if (this.#isRunning) {
      this.#isWanted = true
      return
    }
    clearTimeout(this.#timer)
    void this.#run()
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
    document.removeEventListener('visibilitychange', this.#seen)
  }

  readonly #seen = (): void => {
    if (!document.hidden) this.now()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    do {
      this.#isWanted = false
      await this.#task()
    } while (this.#isWanted && !this.#isStopped)
    this.#isRunning = false
    if (this.#isStopped || document.hidden) return
    this.#timer = setTimeout(() => this.now(), this.#intervalMs())
  }
}
