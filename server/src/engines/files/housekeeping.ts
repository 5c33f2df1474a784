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

  /** Runs the work when what came before is done. Resolves with what it gave, or null if it was put off or dropped. */
  run<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    const result = this.#last.then(() => (this.#stopped ? null : this.#attempt(what, work)))
    this.#last = result.then(() => {})
    return result
  }

  /** Nothing more is begun. Resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#last
  }

  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      if (isDiskFull(error)) this.#report(`${what} is put off: the disk is full`)
      else this.#onFailure(`the journal is closed: ${what} failed`, error)
      return null
    }
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}
