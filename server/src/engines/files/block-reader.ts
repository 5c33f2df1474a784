import { JournalError } from '../../journal/journal.ts'
import type { BlockCache } from './block-cache.ts'
import type { BodyFile } from './body-file.ts'
import type { OpenFiles } from './open-files.ts'

/** Reads blocks of bodies from disk into the cache, each checked and opened before anyone sees it. */
export class BlockReader {
  readonly #files: OpenFiles
  readonly #cache: BlockCache
  readonly #readAheadBytes: number
  /** Who asks for a block that is being read, or that lies behind one in what is read at once, waits for that read. */
  readonly #underWay = new Map<BodyFile, Map<number, Promise<Uint8Array>>>()

  constructor(files: OpenFiles, cache: BlockCache, readAheadBytes: number) {
    this.#files = files
    this.#cache = cache
    this.#readAheadBytes = readAheadBytes
  }

  /** A block, opened. Rejects with `JournalError` if they are not what was written. */
  read(file: BodyFile, block: number): Promise<Uint8Array> {
    const cached = this.#cache.get(file, block)
    if (cached !== undefined) return Promise.resolve(cached)
    return this.#underWay.get(file)?.get(block) ?? this.#readStretch(file, block)
  }

  /** Reads the block and those right behind it: a backlog is consumed in order. */
  #readStretch(file: BodyFile, block: number): Promise<Uint8Array> {
    const last = this.#lastOfStretch(file, block)
    const start = file.blocks.offset(block)
    const stretch = this.#bytes(file, start, file.blocks.offset(last) + file.blocks.storedLength(last))
    const reading = stretch.then((bytes) => this.#open(file, block, bytes, start))
    this.#note(file, block, reading)
    for (let ahead = block + 1; ahead <= last; ahead++) this.#readAhead(file, ahead, stretch, start)
    return reading
  }

  /** Whoever reads all that follows does not read it twice; what nobody else asks for is kept, too. */
  #readAhead(file: BodyFile, block: number, stretch: Promise<Uint8Array>, start: number): void {
    const reading = stretch.then((bytes) => this.#open(file, block, bytes, start))
    // A neighbour that is bad is reported when someone asks for it.
    reading.catch(() => {})
    this.#note(file, block, reading)
  }

  /** The last block of those that are read at once: up to one that is there, or about to be. */
  #lastOfStretch(file: BodyFile, block: number): number {
    const { blocks } = file
    const start = blocks.offset(block)
    const underWay = this.#underWay.get(file)
    let last = block
    while (last + 1 < blocks.length) {
      const next = last + 1
      if (blocks.offset(next) + blocks.storedLength(next) - start > this.#readAheadBytes) break
      if (this.#cache.has(file, next) || underWay?.has(next) === true) break
      last = next
    }
    return last
  }

  #note(file: BodyFile, block: number, reading: Promise<Uint8Array>): void {
    let ofFile = this.#underWay.get(file)
    if (ofFile === undefined) {
      ofFile = new Map()
      this.#underWay.set(file, ofFile)
    }
    ofFile.set(block, reading)
    const blocks = ofFile
    const forget = () => {
      blocks.delete(block)
      if (blocks.size === 0 && this.#underWay.get(file) === blocks) this.#underWay.delete(file)
    }
    reading.then(forget, forget)
  }

  /** As many as the file has of them. */
  async #bytes(file: BodyFile, start: number, end: number): Promise<Uint8Array> {
    file.uses++
    try {
      const stretch = Buffer.allocUnsafeSlow(end - start)
      const read = await this.#files
        .use(file.name, (open) => open.read(stretch, start))
        .catch((cause) => {
          throw new JournalError(`${file.name} could not be read at offset ${start}`, { cause })
        })
      return stretch.subarray(0, read)
    } finally {
      file.uses--
    }
  }

  #open(file: BodyFile, block: number, stretch: Uint8Array, start: number): Uint8Array {
    const { blocks, name } = file
    const offset = blocks.offset(block)
    const from = offset - start
    const to = from + blocks.storedLength(block)
    const opened = to > stretch.length ? null : file.open(block, stretch.subarray(from, to))
    if (opened === null) {
      throw new JournalError(
        `${name} is corrupt at offset ${offset}: a block of bodies does not match its checksum. Run \`millrace journal verify\``,
      )
    }
    this.#cache.put(file, block, opened)
    return opened
  }
}
