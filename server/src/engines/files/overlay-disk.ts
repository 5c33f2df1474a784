import type { Disk, DiskError, DiskFile } from './disk.ts'

/**
 * A disk over another one, of which it only reads: what is written is kept in memory and gone afterwards. Lets the journal
 * open a directory, which begins a new segment, and leave no trace. A file of the disk below that is written to is read
 * into memory as a whole.
 */
export class OverlayDisk implements Disk {
  readonly #below: Disk
  /** By the name that a file has here: the name it has below, or its content. */
  readonly #files = new Map<string, Layer>()

  static async over(below: Disk): Promise<OverlayDisk> {
    return new OverlayDisk(below, await below.list())
  }

  private constructor(below: Disk, names: readonly string[]) {
    this.#below = below
    for (const name of names) this.#files.set(name, { below: name, content: null })
  }

  async list(): Promise<string[]> {
    return [...this.#files.keys()]
  }

  async create(name: string): Promise<DiskFile> {
    if (this.#files.has(name)) throw diskError('EEXIST', name)
    const layer: Layer = { below: '', content: new Uint8Array(0) }
    this.#files.set(name, layer)
    return new OverlayFile(layer, null)
  }

  async open(name: string): Promise<DiskFile> {
    const layer = this.#layer(name)
    return new OverlayFile(layer, layer.content === null ? await this.#below.open(layer.below) : null)
  }

  async rename(from: string, to: string): Promise<void> {
    const layer = this.#layer(from)
    this.#files.delete(from)
    this.#files.set(to, layer)
  }

  async remove(name: string): Promise<void> {
    this.#layer(name)
    this.#files.delete(name)
  }

  async syncDirectory(): Promise<void> {}

  freeBytes(): Promise<number> {
    return this.#below.freeBytes()
  }

  #layer(name: string): Layer {
    const layer = this.#files.get(name)
    if (layer === undefined) throw diskError('ENOENT', name)
    return layer
  }
}

interface Layer {
  readonly below: string
  /** Null while the file is as it is below. */
  content: Uint8Array | null
}

class OverlayFile implements DiskFile {
  readonly #layer: Layer
  readonly #below: DiskFile | null

  /** `below` is this file's own, and closed with it. */
  constructor(layer: Layer, below: DiskFile | null) {
    this.#layer = layer
    this.#below = below
  }

  async size(): Promise<number> {
    return this.#layer.content?.length ?? (await this.#file().size())
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    const { content } = this.#layer
    if (content === null) return this.#file().read(buffer, position)
    const piece = content.subarray(position, position + buffer.length)
    buffer.set(piece)
    return piece.length
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    const end = buffers.reduce((sum, { length }) => sum + length, position)
    const content = await this.#resized(Math.max(end, await this.size()))
    let at = position
    for (const bytes of buffers) {
      content.set(bytes, at)
      at += bytes.length
    }
  }

  writeDurably(buffers: readonly Uint8Array[], position: number): Promise<void> {
    return this.write(buffers, position)
  }

  async sync(): Promise<void> {}

  async truncate(bytes: number): Promise<void> {
    await this.#resized(bytes)
  }

  async close(): Promise<void> {
    await this.#below?.close()
  }

  /** The content in memory, with the length that it is to have. */
  async #resized(bytes: number): Promise<Uint8Array> {
    const resized = new Uint8Array(bytes)
    await this.read(resized, 0)
    this.#layer.content = resized
    return resized
  }

  #file(): DiskFile {
    if (this.#below === null) throw new Error('a file of the disk below was opened as one in memory')
    return this.#below
  }
}

function diskError(code: 'EEXIST' | 'ENOENT', name: string): DiskError {
  return Object.assign(new Error(`${code}: ${name}`), { code })
}
