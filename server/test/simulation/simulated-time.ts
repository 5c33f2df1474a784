import assert from 'node:assert/strict'
import type { SeededRandom } from '../../src/base/random.ts'
import type { Clock, Timers } from '../../src/base/time.ts'

interface Task {
  /** Milliseconds since the epoch, with a fraction. */
  readonly at: number
  /** Orders tasks of one time: random where a generator was given, else zero. */
  readonly tie: number
  readonly sequence: number
  run: (() => void) | null
}

/** More steps than any simulation takes: a loop that goes on without end stops here instead of hanging the test. */
const STEPS_MAX = 10_000_000

/**
 * Time that passes only when a test says so. Tasks run one by one in the order of their times; between two tasks every
 * promise reaction that the first one set off has run, so that nothing depends on how fast the machine is.
 *
 * Tasks of the same time run in the order they came or, with `random`, in an order that the seed decides: code that leans on
 * an order that no timer promises shows itself.
 */
export class SimulatedTime implements Clock, Timers {
  #time: number
  #sequence = 0
  #pending = 0
  readonly #random: SeededRandom | undefined
  /** A binary heap, the next task first; tasks that were called off stay until they come up. */
  readonly #tasks: Task[] = []

  /** `startAt` in milliseconds since the epoch. */
  constructor(startAt: number, random?: SeededRandom) {
    this.#time = startAt
    this.#random = random
  }

  now(): number {
    return Math.floor(this.#time)
  }

  /** Tasks that are waiting for their time. */
  get pending(): number {
    return this.#pending
  }

  after(milliseconds: number, task: () => void): () => void {
    const entry: Task = {
      at: this.#time + Math.max(0, milliseconds),
      tie: this.#random?.uint32() ?? 0,
      sequence: this.#sequence++,
      run: task,
    }
    this.#push(entry)
    this.#pending++
    return () => {
      if (entry.run === null) return
      entry.run = null
      this.#pending--
    }
  }

  soon(task: () => void): void {
    this.after(0, task)
  }

  /** Runs the next task, and what follows from it at once. False if there was none. */
  async step(): Promise<boolean> {
    await promiseReactions()
    const task = this.#next()
    if (task === null) return false
    this.#run(task)
    await promiseReactions()
    return true
  }

  /** Runs tasks until none is left. A timer that always sets itself again is to be run with `runUntil`. */
  async runUntilIdle(): Promise<void> {
    for (let steps = 0; await this.step(); steps++) {
      assert(steps < STEPS_MAX, `the simulation did not come to rest within ${STEPS_MAX} steps`)
    }
  }

  /** Runs every task up to and including `time` (milliseconds since the epoch), which is the present then. */
  async runUntil(time: number): Promise<void> {
    await promiseReactions()
    for (let steps = 0; ; steps++) {
      assert(steps < STEPS_MAX, `the simulation did not reach its time within ${STEPS_MAX} steps`)
      const task = this.#next(time)
      if (task === null) break
      this.#run(task)
      await promiseReactions()
    }
    this.#time = Math.max(this.#time, time)
  }

  /** `runUntil` for a span from now. */
  async runFor(milliseconds: number): Promise<void> {
    await this.runUntil(this.#time + milliseconds)
  }

  /** Runs tasks until `promise` settles, and settles as it does. Throws if nothing is left that could settle it. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const mark = () => {
      settled = true
    }
    promise.then(mark, mark)
    await promiseReactions()
    for (let steps = 0; !settled; steps++) {
      assert(steps < STEPS_MAX, `the promise did not settle within ${STEPS_MAX} steps`)
      const stepped = await this.step()
      assert(stepped || settled, 'the promise never settles: no task is left in the simulation')
    }
    return promise
  }

  #run(task: Task): void {
    this.#time = Math.max(this.#time, task.at)
    const run = task.run
    task.run = null
    this.#pending--
    run?.()
  }

  /** Takes the next task that was not called off and is due by `until`. */
  #next(until = Number.POSITIVE_INFINITY): Task | null {
    for (;;) {
      const first = this.#tasks[0]
      if (first === undefined) return null
      if (first.run !== null && first.at > until) return null
      this.#pop()
      if (first.run !== null) return first
    }
  }

  #push(task: Task): void {
    const tasks = this.#tasks
    let at = tasks.length
    tasks.push(task)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = tasks[above]!
      if (comesBefore(parent, task)) break
      tasks[at] = parent
      at = above
    }
    tasks[at] = task
  }

  #pop(): void {
    const tasks = this.#tasks
    const last = tasks.pop()!
    if (tasks.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= tasks.length) break
      if (below + 1 < tasks.length && comesBefore(tasks[below + 1]!, tasks[below]!)) below++
      if (comesBefore(last, tasks[below]!)) break
      tasks[at] = tasks[below]!
      at = below
    }
    tasks[at] = last
  }
}

function comesBefore(a: Task, b: Task): boolean {
  if (a.at !== b.at) return a.at < b.at
  if (a.tie !== b.tie) return a.tie < b.tie
  return a.sequence < b.sequence
}

/** Resolves when every promise reaction, and all that follow from them, has run. */
function promiseReactions(): Promise<void> {
  // An immediate runs in its own turn of the event loop, and Node empties the microtask queue before each turn.
  return new Promise((resolve) => setImmediate(resolve))
}
