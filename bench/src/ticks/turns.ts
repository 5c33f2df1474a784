import { closeSync, openSync, readSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'

/** A stretch of time, in milliseconds of `performance.now()`. */
export interface Span {
  readonly start: number
  readonly duration: number
}

/** What the longest turn of the event loop took that the cell is to blame for, and what the collector took at its worst. */
export interface TurnReport {
  readonly longestTurnMs: number
  readonly longestCollectionMs: number
}

/** Turns shorter than this are not kept: there are very many. */
const KEPT_MS = 2

/**
 * Measures every turn of the event loop of its process, which is all that a waiting request can be held up by: commands, what a timer
 * or the disk calls back, and promises that settle. A turn counts without the time in which the collector stood in its way, or in
 * which the thread had no core or slept: others' work on the machine is not the cell's.
 */
export class TurnMeter {
  readonly #schedule = openSchedule()
  readonly #collections: Span[] = []
  readonly #observer: PerformanceObserver
  #turns: Span[] = []
  #lastAt = 0
  #lastSchedule: Schedule = { ranMs: 0, waitedMs: 0 }
  #isRunning = true

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        this.#collections.push({ start: startTime, duration })
    })
    this.#observer.observe({ entryTypes: ['gc'] })
    this.#begin()
    setImmediate(() => this.#turn())
  }

  /** What was measured since the last report. Resolves when the collector has told of all that it did by now. */
  async report(): Promise<TurnReport> {
    const turns = this.#turns
    this.#turns = []
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    const collections = this.#collections.splice(0)
    this.#turns = []
    return {
      longestTurnMs: Math.max(0, ...turns.map((turn) => turn.duration - timeWithin(turn, collections))),
      longestCollectionMs: Math.max(0, ...collections.map(({ duration }) => duration)),
    }
  }

  stop(): void {
    this.#isRunning = false
    this.#observer.disconnect()
    this.#schedule.close()
  }

  #begin(): void {
    this.#lastSchedule = this.#schedule.read()
    this.#lastAt = performance.now()
  }

  /** Runs once a turn: there is always another one asked for, so that the loop never sleeps within what is measured. */
  #turn(): void {
    if (!this.#isRunning) return
    const wall = performance.now() - this.#lastAt
    if (wall >= KEPT_MS) {
      const duration = ownTime(wall, this.#lastSchedule, this.#schedule.read())
      if (duration >= KEPT_MS) this.#turns.push({ start: this.#lastAt, duration })
    }
    this.#begin()
    setImmediate(() => this.#turn())
  }
}

/** How much of a stretch of time is taken up by others, none of which overlap. */
export function timeWithin({ start, duration }: Span, others: readonly Span[]): number {
  let within = 0
  for (const other of others) {
    const from = Math.max(start, other.start)
    const to = Math.min(start + duration, other.start + other.duration)
    within += Math.max(0, to - from)
  }
  return within
}

/** Where a thread's time went so far, in milliseconds. */
interface Schedule {
  /** On a core; known as of the system's last tick. */
  readonly ranMs: number
  /** Ready to run, while others had the core. */
  readonly waitedMs: number
}

/** At least as long as the time between two ticks of the system, at which it accounts for what ran. */
const TICK_MS = 4

/** How much of a turn was the thread's own, the collector's work on it included. */
function ownTime(wallMs: number, before: Schedule, after: Schedule): number {
  const unhindered = wallMs - (after.waitedMs - before.waitedMs)
  // The rest it spent asleep, waiting for a page or a lock that another thread held, which got no core.
  return Math.min(unhindered, after.ranMs - before.ranMs + TICK_MS)
}

interface ScheduleReader {
  read(): Schedule
  close(): void
}

/** Of the calling thread: https://docs.kernel.org/scheduler/sched-stats.html. Where the system says nothing all time is its own. */
function openSchedule(): ScheduleReader {
  let file: number
  try {
    file = openSync('/proc/thread-self/schedstat', 'r')
  } catch {
    return { read: () => ({ ranMs: performance.now(), waitedMs: 0 }), close: () => {} }
  }
  const buffer = Buffer.alloc(128)
  return {
    read: () => {
      const length = readSync(file, buffer, 0, buffer.length, 0)
      const [ran, waited] = buffer.toString('latin1', 0, length).split(' ')
      return { ranMs: Number(ran) / 1e6, waitedMs: Number(waited) / 1e6 }
    },
    close: () => closeSync(file),
  }
}
