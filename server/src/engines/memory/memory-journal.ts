import assert from 'node:assert/strict'
import type { Timers } from '../../base/time.ts'
import {
  type Journal,
  JournalError,
  type JournalListener,
  type JournalStats,
  type SnapshotWriter,
} from '../../journal/journal.ts'
import { LiveBodies } from './live-bodies.ts'

/**
 * A journal that keeps nothing: the durability level `memory`, and the reference that other engines are read against.
 * Bodies live until their last reference goes, events are forgotten at once, a snapshot is taken and thrown away. What was
 * appended counts as durable in the next turn of the event loop, so that callers see the same order of things as elsewhere.
 */
export function openMemoryJournal(timers: Timers, listener: JournalListener): Journal {
  return new MemoryJournal(timers, listener)
}

class MemoryJournal implements Journal {
  readonly lowOnSpace = false
  readonly #timers: Timers
  readonly #listener: JournalListener
  readonly #bodies = new LiveBodies()
  #openFrame = 1
  /** Something was appended to the open frame. */
  #openFrameUsed = false
  #durableFrame = 0
  #commitScheduled = false
  #now = 0
  #snapshotRunning = false
  #closed = false

  constructor(timers: Timers, listener: JournalListener) {
    this.#timers = timers
    this.#listener = listener
  }

  get nextBodyId(): number {
    return this.#bodies.nextId
  }

  get openFrame(): number {
    return this.#openFrame
  }

  get durableFrame(): number {
    return this.#durableFrame
  }

  append(now: number, _events: Uint8Array, bodies: readonly Uint8Array[]): number {
    this.#assertOpen()
    assert(now >= this.#now, 'the journal is never told of an earlier time')
    this.#now = now
    for (const body of bodies) this.#bodies.add(body)
    this.#openFrameUsed = true
    this.#scheduleCommit()
    return this.#openFrame
  }

  read(bodyIds: readonly number[]): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
    try {
      this.#assertOpen()
      return bodyIds.map((bodyId) => this.#bodies.read(bodyId))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  release(bodyId: number, bytes: number): void {
    this.#bodies.release(bodyId, bytes)
  }

  retain(bodyId: number, count = 1): void {
    this.#bodies.retain(bodyId, count)
  }

  beginSnapshot(): SnapshotWriter {
    this.#assertOpen()
    assert(!this.#snapshotRunning, 'one snapshot is written at a time')
    this.#closeFrame()
    this.#snapshotRunning = true
    const end = async () => {
      this.#snapshotRunning = false
    }
    return {
      frame: this.#openFrame - 1,
      write: async () => {},
      keep: () => {},
      finish: end,
      abort: end,
    }
  }

  stats(): JournalStats {
    return {
      frames: this.#openFrame - 1,
      segments: 0,
      bytes: this.#bodies.bytes,
      liveBytes: this.#bodies.bytes,
      snapshotFrame: 0,
      replayBytes: 0,
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#commit()
    this.#closed = true
  }

  #assertOpen(): void {
    if (this.#closed) throw new JournalError('the journal is closed')
  }

  #scheduleCommit(): void {
    if (this.#commitScheduled) return
    this.#commitScheduled = true
    this.#timers.soon(() => {
      this.#commitScheduled = false
      this.#commit()
    })
  }

  #commit(): void {
    this.#closeFrame()
    if (this.#durableFrame === this.#openFrame - 1) return
    this.#durableFrame = this.#openFrame - 1
    this.#listener.onDurable(this.#durableFrame)
  }

  #closeFrame(): void {
    if (!this.#openFrameUsed) return
    this.#openFrame++
    this.#openFrameUsed = false
  }
}
