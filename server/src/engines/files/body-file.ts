import { Bitmap } from './bitmap.ts'
import { BlockTable } from './block-table.ts'
import type { FileKey } from './file-key.ts'
import { fileName } from './file-names.ts'
import { LiveBodies } from './live-bodies.ts'
import { openBlock } from './stored-block.ts'

let filesMade = 0

/** A file that holds bodies, by ordinal: 0 for the first, in the order they lie. */
export abstract class BodyFile {
  /** Different for each file of this process; caches go by it. */
  readonly cacheKey = filesMade++
  readonly name: string
  blocks = new BlockTable()
  readonly live = new LiveBodies()
  /** What its blocks are encrypted with; null where they are plain. */
  key: FileKey | null = null
  /** The file's length, as far as it was written. */
  bytes = 0
  /** Reads and copies under way: the file must not go before they are done. */
  uses = 0
  /** A block of it could not be read: its survivors stay where they are. */
  damaged = false

  constructor(name: string) {
    this.name = name
  }

  /** -1 if the file does not have this body. */
  abstract ordinalOf(bodyId: number): number
  abstract bodyId(ordinal: number): number
  /** The number of the body with ordinal 0, as the headers of frames count. */
  protected abstract readonly firstNumber: number

  /** A block of bodies as it was before it was stored; null if the bytes are not what was written. */
  open(block: number, stored: Uint8Array): Uint8Array | null {
    const { key, blocks } = this
    return openBlock(key, stored, {
      kind: 'bodies',
      offset: blocks.offset(block),
      checksum: blocks.checksum(block),
      count: blocks.count(block),
      firstBodyId: this.firstNumber + blocks.firstOrdinal(block),
      number: 0,
      now: 0,
    })
  }
}

/** A run of frames. The newest one grows; the others are sealed. */
export class Segment extends BodyFile {
  readonly firstFrame: number
  readonly firstBodyId: number
  /** Nonce, epoch and key change once, when a torn tail is written anew. */
  nonce: Uint8Array
  epoch: number
  /** Bodies that were given ids, on disk or on their way there. */
  bodies = 0
  /** The number of the last frame on disk; `firstFrame - 1` while there is none. */
  lastFrame: number
  /** Its bodies that are in a cold file too, which is then where they count. */
  readonly moved = new Bitmap()
  /** What the next frame chains to. */
  lastChecksum = 0
  /** The time of its last frame. */
  lastNow = 0
  /** The id of the first body behind it. More than its bodies account for where a repair took some away. */
  nextBodyId: number
  sealed = false

  constructor(firstFrame: number, firstBodyId: number, nonce: Uint8Array, epoch: number) {
    super(fileName('segment', firstFrame))
    this.firstFrame = firstFrame
    this.firstBodyId = firstBodyId
    this.nextBodyId = firstBodyId
    this.nonce = nonce
    this.epoch = epoch
    this.lastFrame = firstFrame - 1
  }

  ordinalOf(bodyId: number): number {
    const ordinal = bodyId - this.firstBodyId
    return ordinal >= 0 && ordinal < this.bodies ? ordinal : -1
  }

  bodyId(ordinal: number): number {
    return this.firstBodyId + ordinal
  }

  protected get firstNumber(): number {
    return this.firstBodyId
  }
}

/** Bodies that outlived their segments, with explicit ids, ascending. Written once, never changed. */
export class ColdFile extends BodyFile {
  readonly serial: number
  /** How often its bodies were moved: 1 or 2. */
  readonly generation: number
  /** Ascending; set once, when all are known. */
  ids = new Float64Array(0)

  constructor(serial: number, generation: number) {
    super(fileName('cold', serial))
    this.serial = serial
    this.generation = generation
  }

  ordinalOf(bodyId: number): number {
    const { ids } = this
    let low = 0
    let high = ids.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const id = ids[middle]!
      if (id === bodyId) return middle
      if (id < bodyId) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  bodyId(ordinal: number): number {
    return this.ids[ordinal]!
  }

  protected get firstNumber(): number {
    return 0
  }
}
