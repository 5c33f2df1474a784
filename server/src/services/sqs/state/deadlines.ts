import { EntryHeap } from './entry-heap.ts'

/** Entries by when something is due for them, in milliseconds since the epoch. */
export class Deadlines extends EntryHeap {
  /** Infinity when there is none. */
  get earliest(): number {
    return this.least
  }
}
