import type { Timers } from '../../base/time.ts'
import { BodyBlock } from '../../journal/body-block.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import type { Lifetime } from '../../journal/journal.ts'
import { type BodyFile, ColdFile } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import { ColdFileWriter } from './cold-file-writer.ts'
import type { FilesLimits } from './limits.ts'
import { LIFETIMES } from './live-bodies.ts'
import type { OpenFiles } from './open-files.ts'
import type { References } from './references.ts'
import { chooseSources, type RelocationSources } from './relocation-sources.ts'
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
 * Copies what is still live in files that aren't worth their space into cold files, one for each lifetime, so that those can go.
 *
 * ```
 *   segments, in which      ┌─▶ cold files of generation 1,  ──▶ cold files of generation 2,
 *   all lifetimes lie ──────┼─▶ a lifetime in each           ──▶ which stay until they are dead
 *                           └─▶                              ──▶
 * ```
 *
 * A body is moved at most twice, and the second time only when its neighbours of the same lifetime are dead: what has outlived
 * two files is likely to stay, and is not worth a third copy. Where files are encrypted, what is moved is encrypted anew under the
 * cold file's key: what lay in a block with it is not moved along. The copies are durable before the accounts say where they are; until
 * then, and after a crash, the old places hold.
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
    return this.#sources() !== null
  }

  /** Moves the survivors of what is due, of one generation, and into one file for each lifetime. A step at a time, with pauses. */
  async run(): Promise<void> {
    const sources = this.#sources()
    if (sources === null) return
    for (const source of sources.files) source.uses++
    try {
      for (const lifetime of LIFETIMES) await this.#move(sources, lifetime)
    } catch (error) {
      if (!(error instanceof Stopped)) throw error
    } finally {
      for (const source of sources.files) source.uses--
    }
  }

  #sources(): RelocationSources | null {
    return this.#stopped ? null : chooseSources(this.#options.places, this.#options.limits)
  }

  async #move({ files, generation }: RelocationSources, lifetime: Lifetime): Promise<void> {
    const { origin, places, references, report } = this.#options
    const survivors = files.flatMap((file) => survivorsOf(file, lifetime)).sort((a, b) => a.bodyId - b.bodyId)
    if (survivors.length === 0) return
    const serial = (places.colds[0]?.serial ?? 0) + 1
    const nonce = origin.random.bytes(NONCE_BYTES)
    const cold = new ColdFile(serial, generation)
    cold.key = origin.keyring.newKey('cold', nonce)
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
    const names = [...new Set(survivors.map((survivor) => survivor.file.name))].join(', ')
    report(`${survivors.length} bodies of ${names} were moved into ${cold.name}`)
  }

  async #copy(survivors: readonly Survivor[], writer: ColdFileWriter, lengths: number[]): Promise<void> {
    const { relocateStepBytes } = this.#options.limits
    let bodies = new BodyBlock(new Uint8Array(0), 0)
    let openedFrom: { readonly file: BodyFile; readonly block: number } | undefined
    let readBytes = 0
    for (const { bodyId, file } of survivors) {
      const ordinal = file.ordinalOf(bodyId)
      const block = file.blocks.find(ordinal)
      if (openedFrom?.file !== file || openedFrom.block !== block) {
        const opened = await this.#readBlock(file, block)
        bodies = new BodyBlock(opened, file.blocks.count(block))
        openedFrom = { file, block }
        readBytes += opened.length
      }
      const body = bodies.body(ordinal - file.blocks.firstOrdinal(block))
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
    const opened = read === stored.length ? file.open(block, stored) : null
    if (opened === null) throw this.#damaged(file)
    return opened
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

function survivorsOf(file: BodyFile, lifetime: Lifetime): Survivor[] {
  const survivors: Survivor[] = []
  const { live, blocks } = file
  const next = (from: number) => live.next(from, blocks.bodies, lifetime)
  for (let at = next(0); at !== -1; at = next(at + 1)) survivors.push({ bodyId: file.bodyId(at), file })
  return survivors
}
