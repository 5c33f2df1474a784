/**
 * Work on files besides the commits, one piece after the other: index files, removals, relocation. A full disk only puts it
 * off; any other error means that the disk can't be trusted with commits either.
 */
export class Housekeeping {
  readonly #report: (message: string) => void
  readonly #onFailure: (message: string, cause: unknown) => void
  #last: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: {
    readonly report: (message: string) => void
    readonly onFailure: (message: string, cause: unknown) => void
  }) {
    this.#report = options.report
    this.#onFailure = options.onFailure
  }

  /** Runs the work when what came before is done. `what` names it in reports. */
  run(what: string, work: () => Promise<unknown>): void {
    this.#last = this.#last.then(() => this.#attempt(what, work))
  }

  /** What is not under way is dropped. */
  stop(): void {
    this.#stopped = true
  }

  /** Resolves when all that was asked for so far is done. */
  async finish(): Promise<void> {
    await this.#last
  }

  async #attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    if (this.#stopped) return
    try {
      await work()
    } catch (error) {
      if (isDiskFull(error)) this.#report(`${what} is put off: the disk is full`)
      else this.#onFailure(`the journal is closed: ${what} failed`, error)
    }
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}
