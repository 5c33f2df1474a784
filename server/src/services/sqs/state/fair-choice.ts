import type { EntryHeap } from './entry-heap.ts'
import { FORGIVEN } from './tenant-table.ts'
import { rankAmongNoisy, type Tenants } from './tenants.ts'
import type { Tracking } from './tracking.ts'

/** What a receive asks for, and where it notes what it finds. */
export interface FairReceive {
  readonly limit: number
  readonly now: number
  /** Messages sent at this time or before are gone. */
  readonly expiredUntil: number
  /** Messages received this often or more are `exhausted`. */
  readonly receivesMax: number
  /** How many messages may be looked at. */
  readonly scanLimit: number
  /** Where the messages without a group begin: the oldest never received (-1 for none), the first that came back (0 for none). */
  readonly ungrouped: { readonly fresh: number; readonly returned: number }
  readonly exhausted: number[]
  /** One message of each tenant that turns out to be noisy, and is not marked so yet. */
  readonly noisy: number[]
}

/** One walks along the available messages of a tenant (or, as tenant 0, of those without a group) in the order of their turns. */
interface Walk {
  readonly tenant: number
  /** The least goes first. */
  rank: number
  /** The next two messages, one of which has its turn: a slot or -1, an entry or 0. */
  fresh: number
  returned: number
  taken: number
  /** Where the tenant stands in its heap as long as what stands below it there was not looked at; else -1. */
  place: number
}

/**
 * The slots of the messages to receive: of the quiet ones and of those without a group by turn, then of the noisy ones by how
 * much each has in flight. Looks at so much of the two lines as it needs, whatever their lengths.
 */
export function chooseFairly(tenants: Tenants, tracking: Tracking, receive: FairReceive): number[] {
  return new FairChoice(tenants, tracking, receive).make()
}

class FairChoice {
  readonly #tenants: Tenants
  readonly #tracking: Tracking
  readonly #receive: FairReceive
  readonly #chosen: number[] = []
  readonly #turnedNoisy: number[] = []
  #scanned = 0

  constructor(tenants: Tenants, tracking: Tracking, receive: FairReceive) {
    this.#tenants = tenants
    this.#tracking = tracking
    this.#receive = receive
  }

  make(): number[] {
    this.#amongQuiet()
    if (!this.#isDone) this.#amongNoisy()
    return this.#chosen
  }

  get #isDone(): boolean {
    return this.#chosen.length === this.#receive.limit || this.#scanned >= this.#receive.scanLimit
  }

  #amongQuiet(): void {
    const { quiet, table } = this.#tenants
    const { fresh, returned } = this.#receive.ungrouped
    const ungrouped = this.#walk(0, fresh, returned)
    const walks = hasMore(ungrouped) ? [ungrouped] : []
    this.#beginAt(walks, quiet, 0)
    while (!this.#isDone) {
      const walk = takeFirst(walks)
      if (walk === undefined) return
      if (walk.place >= 0) {
        this.#lookBelow(walks, quiet, walk)
        if (this.#tenants.isNoisy(walk.tenant, this.#receive.now)) {
          this.#turnedNoisy.push(walk.tenant)
          this.#receive.noisy.push(this.#slot(walk))
          continue
        }
      }
      if (!this.#takeNext(walk)) continue
      const isBehindAll = walk.tenant !== 0 && table.standing(walk.tenant) === FORGIVEN
      walk.rank = isBehindAll ? Number.MAX_VALUE : this.#tenants.turn(walk.fresh, walk.returned)
      walks.push(walk)
    }
  }

  #amongNoisy(): void {
    const { noisy, table } = this.#tenants
    const { now } = this.#receive
    const walks: Walk[] = []
    for (const tenant of this.#turnedNoisy) {
      const walk = this.#walk(tenant, table.firstFresh(tenant), table.firstReturned(tenant))
      walk.rank = rankAmongNoisy(table.inFlight(tenant), table.processingTime(tenant).countedUntil)
      walks.push(walk)
    }
    this.#beginAt(walks, noisy, 0)
    while (!this.#isDone) {
      const walk = takeFirst(walks)
      if (walk === undefined) return
      if (walk.place >= 0) this.#lookBelow(walks, noisy, walk)
      if (!this.#takeNext(walk)) continue
      walk.rank = rankAmongNoisy(table.inFlight(walk.tenant) + walk.taken, now)
      walks.push(walk)
    }
  }

  /** As `#take`; false where the walk has no more. */
  #takeNext(walk: Walk): boolean {
    if (hasMore(walk)) this.#take(walk)
    else this.#scanned++
    return hasMore(walk)
  }

  /** Takes the walk's next message, unless it isn't to be received, and goes on to the one after. */
  #take(walk: Walk): void {
    const { expiredUntil, receivesMax, exhausted } = this.#receive
    const slot = this.#slot(walk)
    this.#scanned++
    const isReturned = this.#isReturnedNext(walk)
    if (this.#tenants.sentAt(slot) > expiredUntil) {
      if (isReturned && this.#tracking.receivesHere(walk.returned) >= receivesMax) {
        exhausted.push(slot)
      } else {
        this.#chosen.push(slot)
        walk.taken++
      }
    }
    if (isReturned) walk.returned = this.#tracking.next(walk.returned)
    else if (walk.tenant === 0) walk.fresh = this.#tenants.ungrouped.next(walk.fresh + 1)
    else walk.fresh = this.#tenants.links.next(walk.fresh)
  }

  #slot(walk: Walk): number {
    return this.#isReturnedNext(walk) ? this.#tracking.slot(walk.returned) : walk.fresh
  }

  #isReturnedNext({ fresh, returned }: Walk): boolean {
    return returned !== 0 && (fresh < 0 || this.#tenants.turnOfReturned(returned) < fresh)
  }

  #walk(tenant: number, fresh: number, returned: number): Walk {
    return { tenant, rank: this.#tenants.turn(fresh, returned), fresh, returned, taken: 0, place: -1 }
  }

  #lookBelow(walks: Walk[], line: EntryHeap, walk: Walk): void {
    this.#beginAt(walks, line, 2 * walk.place + 1)
    this.#beginAt(walks, line, 2 * walk.place + 2)
    walk.place = -1
  }

  #beginAt(walks: Walk[], line: EntryHeap, place: number): void {
    if (place >= line.size) return
    const { table } = this.#tenants
    const tenant = line.entryAt(place)
    const walk = this.#walk(tenant, table.firstFresh(tenant), table.firstReturned(tenant))
    walk.rank = line.rankAt(place)
    walk.place = place
    walks.push(walk)
  }
}

function hasMore({ fresh, returned }: Walk): boolean {
  return fresh >= 0 || returned !== 0
}

/** Takes out what ranks first. There are never more than twice as many walks as messages to receive, and a few. */
function takeFirst(walks: Walk[]): Walk | undefined {
  let first = 0
  for (let i = 1; i < walks.length; i++) if (walks[i]!.rank < walks[first]!.rank) first = i
  const walk = walks[first]
  const last = walks.pop()
  if (first < walks.length) walks[first] = last!
  return walk
}
