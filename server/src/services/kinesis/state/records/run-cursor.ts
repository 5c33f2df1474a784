import type { Run } from '../../commands.ts'
import type { ArrivalPage } from './arrival-page.ts'

/** Goes through the runs of a page of arrivals, and knows the arrival of each. */
export class RunCursor {
  readonly page: ArrivalPage
  /** The places of the present run, and of its arrival, in the page. */
  run: number
  arrival: number

  /** Before the first run; or at one, if that is given with its arrival. */
  constructor(page: ArrivalPage, run = -1, arrival = -1) {
    this.page = page
    this.run = run
    this.arrival = arrival
  }

  /** Goes on to the next run; false where there is none. */
  next(): boolean {
    if (++this.run >= this.page.runs) return false
    if (this.page.isFirst(this.run)) this.arrival++
    return true
  }

  /** Goes on to the next run of a shard; false where there is none. */
  nextOf(shard: number): boolean {
    while (this.next()) if (this.page.shardOf(this.run) === shard) return true
    return false
  }

  /** Goes on to the next run of the same body; false where there is none, and the cursor stays. */
  nextInBody(): boolean {
    const next = this.run + 1
    if (next >= this.page.runs || this.page.isFirst(next)) return false
    this.run = next
    return true
  }

  get shard(): number {
    return this.page.shardOf(this.run)
  }

  get count(): number {
    return this.page.countOf(this.run)
  }

  /** Where it lies in its body. */
  get offset(): number {
    return this.page.offsetOf(this.run)
  }

  get bytes(): number {
    return this.page.endOf(this.run, this.arrival) - this.offset
  }

  /** When it arrived, in milliseconds since the epoch. */
  get time(): number {
    return this.page.time(this.arrival)
  }

  /** The present run, whose first record has the index. */
  take(firstIndex: number): Run {
    const { page, arrival, count, time, offset, bytes } = this
    return {
      firstIndex,
      count,
      time,
      offset,
      bytes,
      isPacked: false,
      isEncrypted: page.isEncrypted(arrival),
      isSealed: page.isSealed(arrival),
      bodyId: page.bodyId(arrival),
      bodyBytes: page.bodyBytes(arrival),
      lifetime: page.lifetime(arrival),
    }
  }
}
