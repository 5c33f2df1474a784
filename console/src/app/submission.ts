/** What a form asks for: whether it's under way, and why it was not done. One at a time, however often a button is pressed. */
export class Submission {
  readonly #update: () => void
  #isBusy = false
  #failure: unknown = null

  constructor(update: () => void) {
    this.#update = update
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Of the last one; null if there was none. */
  get failure(): unknown {
    return this.#failure
  }

  /** Never rejects. Does nothing while another is under way. */
  async run(task: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return
    this.#isBusy = true
    this.forget()
    try {
      await task()
    } catch (error) {
      this.#failure = error
    }
    this.#isBusy = false
    this.#update()
  }

  /** What was wrong is no longer so. */
  forget(): void {
    this.#failure = null
    this.#update()
  }
}
