import { JournalError } from '../../journal/journal.ts'
import type { BlockCache } from './block-cache.ts'
import type { BodyFile } from './body-file.ts'
import type { OpenFiles } from './open-files.ts'

/** Reads blocks of bodies from disk into the cache, each checked and opened before anyone sees it. */
export class BlockReader {
  readonly #files: OpenFiles
  readonly #cache: BlockCache
  readonly #readAheadBytes: number
  /** Who asks for a block that is being read waits for that read. */
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
    let ofFile = this.#underWay.get(file)
    if (ofFile === undefined) {
      ofFile = new Map()
      this.#underWay.set(file, ofFile)
    }
    const underWay = ofFile.get(block)
    if (underWay !== undefined) return underWay
    const reading = this.#readStretch(file, block).finally(() => {
      ofFile.delete(block)
      if (ofFile.size === 0) this.#underWay.delete(file)
    })
    ofFile.set(block, reading)
    return reading
  }

  /** Reads the block and those right behind it: a backlog is consumed in order. */
  async #readStretch(file: BodyFile, block: number): Promise<Uint8Array> {
    const { blocks, name } = file
    const start = blocks.offset(block)
    const length = blocks.storedLength(block)
    let last = block
    let end = start + length
    while (last + 1 < blocks.length) {
      const nextEnd = blocks.offset(last + 1) + blocks.storedLength(last + 1)
      if (nextEnd - start > this.#readAheadBytes) break
      last++
      end = nextEnd
    }
    file.uses++
    try {
      const stretch = Buffer.allocUnsafeSlow(end - start)
      const read = await this.#files
        .use(name, (open) => open.read(stretch, start))
        .catch((cause) => {
          throw new JournalError(`${name} could not be read at offset ${start}`, { cause })
        })
      const opened = read < length ? null : file.open(block, stretch.subarray(0, length))
      if (opened === null) {
        throw new JournalError(
          `${name} is corrupt at offset ${start}: a block of bodies does not match its checksum. Run \`millrace journal verify\``,
        )
      }
      this.#cache.put(file, block, opened)
      for (let ahead = block + 1; ahead <= last; ahead++) this.#keepAhead(file, ahead, stretch, start, read)
      return opened
    } finally {
      file.uses--
    }
  }

  /** A neighbour that is bad is reported when someone asks for it. */
  #keepAhead(file: BodyFile, block: number, stretch: Uint8Array, start: number, read: number): void {
    if (this.#cache.has(file, block)) return
    const from = file.blocks.offset(block) - start
    const to = from + file.blocks.storedLength(block)
    if (to > read) return
    const opened = file.open(block, stretch.subarray(from, to))
    if (opened !== null) this.#cache.put(file, block, opened)
  }
}
