import type { SeededRandom } from '../../base/random.ts'

/** What a disk writes as a whole; anything longer may tear between two sectors. */
export const SECTOR_BYTES = 512

/** A sector as it was in the page cache after one write: writeback takes whole sectors as they are at its time. */
interface SectorVersion {
  readonly order: number
  readonly bytes: Uint8Array
}

interface SizeChange {
  readonly order: number
  readonly bytes: number
  readonly truncates: boolean
}

/**
 * The bytes of one simulated file, twice: as processes see them (the page cache) and as they stand on the platter, with
 * every state in between that writeback could have caught.
 *
 * ```
 *   write ──▶ cache ──▶ versions of each sector since the last sync ──sync──▶ platter
 *                                  └── power loss: one of them, or none, by seed
 * ```
 *
 * `order` numbers are those of the disk: they grow with every change, so that a sync can cover what came before it.
 */
export class SimulatedContent {
  /** Zero beyond `#size`. */
  #cache: Uint8Array = new Uint8Array(SECTOR_BYTES)
  #size = 0
  /** Zero beyond `#platterSize`. */
  #platter: Uint8Array = new Uint8Array(SECTOR_BYTES)
  #platterSize = 0
  #unsyncedSectors = new Map<number, SectorVersion[]>()
  #unsyncedSizes: SizeChange[] = []

  get size(): number {
    return this.#size
  }

  /** A copy of what processes see. */
  bytes(): Uint8Array {
    return this.#cache.slice(0, this.#size)
  }

  /** A copy of what is certainly left after a power loss. */
  durableBytes(): Uint8Array {
    return this.#platter.slice(0, this.#platterSize)
  }

  read(buffer: Uint8Array, position: number): number {
    const end = Math.min(position + buffer.length, this.#size)
    if (end <= position) return 0
    buffer.set(this.#cache.subarray(position, end))
    return end - position
  }

  write(order: number, bytes: Uint8Array, position: number): void {
    if (bytes.length === 0) return
    const end = position + bytes.length
    this.#cache = grown(this.#cache, end)
    this.#cache.set(bytes, position)
    if (end > this.#size) {
      this.#size = end
      this.#unsyncedSizes.push({ order, bytes: end, truncates: false })
    }
    this.#keepVersions(order, position, end)
  }

  truncate(order: number, size: number): void {
    const end = this.#size
    this.#cache = grown(this.#cache, size)
    if (size < end) {
      this.#cache.fill(0, size, end)
      this.#keepVersions(order, size, end)
    }
    this.#size = size
    this.#unsyncedSizes.push({ order, bytes: size, truncates: size < end })
  }

  /** A sync: the platter has every change up to and including `order`. */
  flush(order: number): void {
    this.#writeBack(order, () => true)
  }

  /**
   * A sync that failed, as Linux does it: some sectors got there; the rest is marked clean all the same, stays visible, and
   * no later sync will write it.
   */
  failFlush(order: number, random: SeededRandom): void {
    this.#writeBack(order, () => random.chance(0.5))
  }

  /** Power loss. `stale` is what a new sector may show that was allotted but never written; zeros where it is null. */
  losePower(random: SeededRandom, stale: Uint8Array | null): void {
    const survival = chooseSurvival(random, this.#changeOrders())
    const sizeCut = survival.sizeCut
    for (const [sector, versions] of this.#unsyncedSectors) {
      const start = sector * SECTOR_BYTES
      const cut = this.#cutWithinTruncations(start, survival.sectorCut(), sizeCut)
      const survivor = versions.findLast((version) => version.order <= cut)
      if (survivor !== undefined) this.#store(sector, survivor.bytes)
      else if (stale !== null && start >= this.#platterSize) this.#store(sector, staleSector(stale, start))
    }
    const size = this.#unsyncedSizes.findLast((change) => change.order <= sizeCut)
    if (size !== undefined) this.#platterSize = size.bytes
    this.#platter = grown(this.#platter, this.#platterSize)
    this.#platter.fill(0, this.#platterSize)
    this.#cache = this.#platter.slice()
    this.#size = this.#platterSize
    this.#unsyncedSectors = new Map()
    this.#unsyncedSizes = []
  }

  /** Turns one bit over wherever the byte is kept. */
  flipBit(offset: number, bit: number): void {
    const flip = (bytes: Uint8Array, at: number) => {
      if (at < bytes.length) bytes[at]! ^= 1 << bit
    }
    flip(this.#cache, offset)
    flip(this.#platter, offset)
    for (const version of this.#unsyncedSectors.get(Math.floor(offset / SECTOR_BYTES)) ?? []) {
      flip(version.bytes, offset % SECTOR_BYTES)
    }
  }

  #keepVersions(order: number, from: number, to: number): void {
    const last = Math.floor((to - 1) / SECTOR_BYTES)
    for (let sector = Math.floor(from / SECTOR_BYTES); sector <= last; sector++) {
      const start = sector * SECTOR_BYTES
      const version = { order, bytes: this.#cache.slice(start, start + SECTOR_BYTES) }
      const versions = this.#unsyncedSectors.get(sector)
      if (versions === undefined) this.#unsyncedSectors.set(sector, [version])
      else versions.push(version)
    }
  }

  /** Brings everything up to `order` that `reachesPlatter` lets through; either way none of it is dirty any more. */
  #writeBack(order: number, reachesPlatter: () => boolean): void {
    for (const [sector, versions] of this.#unsyncedSectors) {
      const newest = versions.findLastIndex((version) => version.order <= order)
      if (newest === -1) continue
      if (reachesPlatter()) this.#store(sector, versions[newest]!.bytes)
      versions.splice(0, newest + 1)
      if (versions.length === 0) this.#unsyncedSectors.delete(sector)
    }
    const newestSize = this.#unsyncedSizes.findLastIndex((change) => change.order <= order)
    if (newestSize === -1) return
    if (reachesPlatter()) this.#platterSize = this.#unsyncedSizes[newestSize]!.bytes
    this.#unsyncedSizes.splice(0, newestSize + 1)
  }

  #store(sector: number, bytes: Uint8Array): void {
    const start = sector * SECTOR_BYTES
    this.#platter = grown(this.#platter, start + SECTOR_BYTES)
    this.#platter.set(bytes, start)
  }

  /** A sector beyond a truncation shows what came after it, if the truncation survives, and else what came before it. */
  #cutWithinTruncations(start: number, chosen: number, sizeCut: number): number {
    let cut = chosen
    for (const change of this.#unsyncedSizes) {
      if (!change.truncates || start < change.bytes) continue
      cut = change.order <= sizeCut ? Math.max(cut, change.order) : Math.min(cut, change.order - 1)
    }
    return cut
  }

  #changeOrders(): readonly number[] {
    const orders = new Set(this.#unsyncedSizes.map((change) => change.order))
    for (const versions of this.#unsyncedSectors.values()) {
      for (const version of versions) orders.add(version.order)
    }
    return [...orders].sort((a, b) => a - b)
  }
}

/** Which unsynced changes a power loss leaves: those with an order up to the cut, the length apart from each sector. */
interface Survival {
  readonly sizeCut: number
  /** Asked once for each sector. */
  readonly sectorCut: () => number
}

/** Orderly ones more often than chance would bring them: they are what recovery code takes for granted. */
const OUTCOMES = ['nothing', 'everything', 'length', 'prefix', 'torn', 'scattered', 'scattered'] as const

/**
 * Writeback and the file's length are independent of each other and go in any order, so a length may survive without its
 * bytes and the other way round.
 */
function chooseSurvival(random: SeededRandom, orders: readonly number[]): Survival {
  const none = -1
  const all = Number.POSITIVE_INFINITY
  const anyCut = () =>
    random.chance(1 / (orders.length + 1)) ? none : (orders[random.below(orders.length)] ?? none)
  switch (random.pick(OUTCOMES)) {
    case 'nothing':
      return { sizeCut: none, sectorCut: () => none }
    case 'everything':
      return { sizeCut: all, sectorCut: () => all }
    case 'length':
      return { sizeCut: all, sectorCut: () => none }
    case 'prefix': {
      const cut = anyCut()
      return { sizeCut: cut, sectorCut: () => cut }
    }
    case 'torn': {
      // All writes up to one of them, and that one in part.
      const cut = anyCut()
      return { sizeCut: cut, sectorCut: () => (random.chance(0.5) ? cut : cut - 1) }
    }
    case 'scattered':
      return { sizeCut: random.chance(0.5) ? all : anyCut(), sectorCut: anyCut }
  }
}

function staleSector(stale: Uint8Array, start: number): Uint8Array {
  const sector = new Uint8Array(SECTOR_BYTES)
  if (stale.length > 0) {
    const from = start % stale.length
    sector.set(stale.subarray(from, from + SECTOR_BYTES))
  }
  return sector
}

/** The same bytes in a buffer of at least `bytes`, zeros behind them. */
function grown(buffer: Uint8Array, bytes: number): Uint8Array {
  if (bytes <= buffer.length) return buffer
  const larger = new Uint8Array(Math.max(bytes + SECTOR_BYTES, buffer.length * 2))
  larger.set(buffer)
  return larger
}
