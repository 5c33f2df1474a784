import { type FrameKind, NONCE_BYTES } from '../../journal/frame-format.ts'
import type { ColdFile } from './body-file.ts'
import type { DiskFile } from './disk.ts'
import { chainChecksum, encodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts'
import { encodeFrame, openedBytes, planFrame } from './frame-layout.ts'

/**
 * Writes a cold file: frames like those of a segment, numbered from 1, each with the ids of its bodies in front of them. Whoever
 * uses it makes the file durable.
 */
export class ColdFileWriter {
  readonly #file: DiskFile
  readonly #cold: ColdFile
  readonly #origin: { readonly journalId: Uint8Array; readonly epoch: number; readonly nonce: Uint8Array }
  readonly #ids: number[] = []
  #bodies: Uint8Array[] = []
  #bodyIds: number[] = []
  #pendingBytes = 0
  #nextFrame = 1
  #checksum = 0

  constructor(
    file: DiskFile,
    cold: ColdFile,
    origin: { readonly journalId: Uint8Array; readonly epoch: number; readonly nonce: Uint8Array },
  ) {
    this.#file = file
    this.#cold = cold
    this.#origin = origin
  }

  /** What the next `flush` writes. */
  get pendingBytes(): number {
    return this.#pendingBytes
  }

  async begin(): Promise<void> {
    const header = encodeFileHeader({
      kind: 'cold',
      number: this.#cold.serial,
      generation: this.#cold.generation,
      firstBodyId: 0,
      previousNonce: new Uint8Array(NONCE_BYTES),
      key: this.#cold.key,
      ...this.#origin,
    })
    this.#checksum = chainChecksum(header)
    await this.#file.write([header], 0)
    this.#cold.bytes = FILE_HEADER_BYTES
  }

  /** Ids have to ascend. The bytes are copied by the next `flush`. */
  add(bodyId: number, body: Uint8Array): void {
    this.#bodyIds.push(bodyId)
    this.#bodies.push(body)
    this.#pendingBytes += body.length
  }

  async flush(): Promise<void> {
    if (this.#bodies.length > 0) await this.#writeFrame('commit')
  }

  /** Writes what is left, and the footer. The file is complete, but not yet synced. */
  async end(): Promise<void> {
    await this.flush()
    await this.#writeFrame('footer')
    this.#cold.ids = Float64Array.from(this.#ids)
    this.#cold.blocks.trim()
  }

  async #writeFrame(kind: FrameKind): Promise<void> {
    const content = { events: [], bodies: this.#bodies, bodyIds: this.#bodyIds }
    const { epoch, nonce } = this.#origin
    const cold = this.#cold
    const plan = planFrame(content, cold.key)
    const frame = encodeFrame(
      {
        kind,
        epoch,
        number: this.#nextFrame,
        now: 0,
        // Counted within the file: the ids themselves have gaps.
        firstBodyId: this.#ids.length,
        durableFrame: 0,
        nonce,
        previousChecksum: this.#checksum,
      },
      content,
      plan,
      { key: cold.key, offset: cold.bytes },
      Buffer.allocUnsafeSlow(openedBytes(plan)),
    )
    await this.#file.write(frame.buffers, cold.bytes)
    for (const { count, offset, length, checksum } of frame.bodyBlocks) {
      cold.blocks.add(count, cold.bytes + offset, length, checksum)
    }
    for (const bodyId of this.#bodyIds) this.#ids.push(bodyId)
    cold.bytes += frame.bytes
    this.#checksum = frame.checksum
    this.#nextFrame++
    this.#bodies = []
    this.#bodyIds = []
    this.#pendingBytes = 0
  }
}
