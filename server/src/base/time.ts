/** Time as the parts below the composition root see it; simulations bring their own. */
export interface Clock {
  /** Milliseconds since the epoch; never goes back within one process. */
  now(): number
}

export interface Timers {
  /** Runs `task` once after at least `milliseconds`. Returns a function that calls it off. */
  after(milliseconds: number, task: () => void): () => void
  /** Runs `task` soon, after what is already under way in this turn of the event loop. */
  soon(task: () => void): void
}
