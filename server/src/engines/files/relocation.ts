import { crc32 } from 'node:zlib'
import type { Timers } from '../../base/time.ts'
import { bodyInBlock } from '../../journal/body-block.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { type BodyFile, ColdFile } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import { ColdFileWriter } from './cold-file-writer.ts'
import type { FilesLimits } from './limits.ts'
import type { OpenFiles } from './open-files.ts'
import type { References } from './references.ts'
import type { SegmentOrigin } from './segment-file.ts'
import { createWholeFile } from './whole-file.ts'

export interface RelocationOptions {
  readonly origin: SegmentOrigin
  readonly timers: Timers
  readonly limits: FilesLimits
  readonly places: BodyPlaces
  readonly references: References
  readonly files: OpenFiles
  readonly report: (message: string) => void
}

/** A live body and where it lies. */
interface Survivor {
  readonly bodyId: number
  readonly file: BodyFile
}

/** The relocation was told to stop; what it wrote is dropped. */
class Stopped extends Error {}

/**
 * Copies what is still live in mostly dead files into a cold file, so that those can go.
 *
 * ```
 *   segments ──▶ cold files of generation 1 ──▶ cold files of generation 2, which stay until they are dead
 * ```
 *
 * A body is moved at most twice: what has outlived two files is likely to stay, and is not worth a third copy. The copies
 * are durable before the accounts say where they are; until then, and after a crash, the old places hold.
 */
export class Relocation {
  readonly #options: RelocationOptions
  #stopped = false

  constructor(options: RelocationOptions) {
    this.#options = options
  }

  /** Nothing more is moved; what is under way is dropped at its next step. */
  stop(): void {
    this.#stopped = true
  }

  /** True if there is enough to be won. */
  get isDue(): boolean {
    return this.#candidates(1) !== null || this.#candidates(2) !== null
  }

  /** Moves the survivors of what is due, of one generation and into one file. A step at a time, with pauses. */
  async run(): Promise<void> {
    const generation = this.#candidates(1) !== null ? 1 : 2
    const sources = this.#candidates(generation)
    if (sources === null || this.#stopped) return
    for (const source of sources) source.uses++
    try {
      await this.#move(sources, generation)
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    } finally {
      for (const source of sources) source.uses--
    }
  }

  /** Mostly dead files whose survivors fit into one file; null if moving them would free too little. */
  #candidates(generation: 1 | 2): BodyFile[] | null {
    const { places, limits } = this.#options
    const { segments } = places
    // The newest segment is being written, and those behind it may still be consumed in order.
    const settled = segments.slice(0, Math.max(0, segments.length - 1 - limits.relocateBehindSegments))
    const all: readonly BodyFile[] =
      generation === 1
        ? settled.filter(({ sealed }) => sealed)
        : places.colds.filter((cold) => cold.generation === 1).toReversed()
    const chosen: BodyFile[] = []
    let survivingBytes = 0
    let freedBytes = 0
    for (const file of all) {
      const { live, bytes, damaged } = file
      if (damaged || live.count === 0 || live.bytes >= bytes * limits.relocateBelow) continue
      if (survivingBytes + live.bytes > limits.segmentBytes) break
      chosen.push(file)
      survivingBytes += live.bytes
      freedBytes += bytes - live.bytes
    }
    return freedBytes >= limits.relocateForBytes ? chosen : null
  }

  async #move(sources: readonly BodyFile[], generation: 1 | 2): Promise<void> {
    const { origin, places, references, report } = this.#options
    const serial = (places.colds[0]?.serial ?? 0) + 1
    const nonce = origin.random.bytes(NONCE_BYTES)
    const survivors = sources.flatMap(survivorsOf).sort((a, b) => a.bodyId - b.bodyId)
    const cold = new ColdFile(serial, generation)
    const lengths: number[] = []
    const file = await createWholeFile(origin.disk, cold.name, async (file) => {
      const writer = new ColdFileWriter(file, cold, {
        journalId: origin.journalId,
        epoch: origin.epoch,
        nonce,
      })
      await writer.begin()
      await this.#copy(survivors, writer, lengths)
      await writer.end()
    })
    await file.close()
    places.addCold(cold)
    survivors.forEach((survivor, i) => {
      references.move(survivor.bodyId, lengths[i]!, survivor.file, cold)
    })
    const names = sources.map(({ name }) => name).join(', ')
    report(`${survivors.length} bodies of ${names} were moved into ${cold.name}`)
  }

  async #copy(survivors: readonly Survivor[], writer: ColdFileWriter, lengths: number[]): Promise<void> {
    const { relocateStepBytes } = this.#options.limits
    let stored: Uint8Array = new Uint8Array(0)
    let storedFrom: { readonly file: BodyFile; readonly block: number } | undefined
    let readBytes = 0
    for (const { bodyId, file } of survivors) {
      const ordinal = file.ordinalOf(bodyId)
      const block = file.blocks.find(ordinal)
      if (storedFrom?.file !== file || storedFrom.block !== block) {
        stored = await this.#readBlock(file, block)
        storedFrom = { file, block }
        readBytes += stored.length
      }
      const { blocks } = file
      const body = bodyInBlock(stored, blocks.count(block), ordinal - blocks.firstOrdinal(block))
      if (body === null) throw this.#damaged(file)
      writer.add(bodyId, body)
      lengths.push(body.length)
      if (writer.pendingBytes + readBytes < relocateStepBytes) continue
      readBytes = 0
      await writer.flush()
      await this.#pause()
    }
  }

  /** Past the cache: what is copied here is not what is asked for. */
  async #readBlock(file: BodyFile, block: number): Promise<Uint8Array> {
    const { blocks, name } = file
    const stored = Buffer.allocUnsafeSlow(blocks.storedLength(block))
    const read = await this.#options.files
      .use(name, (open) => open.read(stored, blocks.offset(block)))
      // A sector that can't be read is like one that was damaged.
      .catch(() => 0)
    if (read === stored.length && crc32(stored) === blocks.checksum(block)) return stored
    throw this.#damaged(file)
  }

  #damaged(file: BodyFile): Stopped {
    file.damaged = true
    this.#options.report(
      `${file.name} has a damaged block of bodies: it stays where it is. Run \`millrace journal verify\``,
    )
    return new Stopped()
  }

  async #pause(): Promise<void> {
    const { timers, limits } = this.#options
    await new Promise<void>((resolve) => {
      timers.after(limits.relocatePauseMilliseconds, resolve)
    })
    if (this.#stopped) throw new Stopped()
  }
}

function survivorsOf(file: BodyFile): Survivor[] {
  const survivors: Survivor[] = []
  const { live, blocks } = file
  for (let at = live.next(0, blocks.bodies); at !== -1; at = live.next(at + 1, blocks.bodies)) {
    survivors.push({ bodyId: file.bodyId(at), file })
  }
  return survivors
}
