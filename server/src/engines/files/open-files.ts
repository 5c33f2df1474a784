import type { Disk, DiskFile } from './disk.ts'

interface OpenFile {
  readonly file: Promise<DiskFile>
  users: number
}

/** Files open for reading, a limited number of them: there may be more segments than a process may have open files. */
export class OpenFiles {
  readonly #disk: Disk
  readonly #filesMax: number
  /** In the order of their last use. */
  readonly #open = new Map<string, OpenFile>()

  constructor(disk: Disk, filesMax: number) {
    this.#disk = disk
    this.#filesMax = filesMax
  }

  /** Opens the file if need be, for as long as `use` takes. */
  async use<T>(name: string, use: (file: DiskFile) => Promise<T>): Promise<T> {
    const entry = this.#open.get(name) ?? { file: this.#disk.open(name), users: 0 }
    this.#open.delete(name)
    this.#open.set(name, entry)
    entry.users++
    try {
      return await use(await entry.file)
    } catch (error) {
      // It may be the opening that failed, or the handle that went bad: the next one opens it anew.
      if (this.#open.get(name) === entry) this.#open.delete(name)
      throw error
    } finally {
      entry.users--
      if (entry.users === 0 && this.#open.get(name) !== entry) await close(entry)
      await this.#closeSurplus()
    }
  }

  /** To be called before the file is removed, when nobody uses it. */
  async close(name: string): Promise<void> {
    const entry = this.#open.get(name)
    this.#open.delete(name)
    if (entry !== undefined && entry.users === 0) await close(entry)
  }

  async closeAll(): Promise<void> {
    for (const name of [...this.#open.keys()]) await this.close(name)
  }

  async #closeSurplus(): Promise<void> {
    for (const [name, entry] of this.#open) {
      if (this.#open.size <= this.#filesMax) return
      if (entry.users > 0) continue
      this.#open.delete(name)
      await close(entry)
    }
  }
}

/** A handle that was only read through has nothing to lose: an error in closing it says nothing. */
async function close({ file }: OpenFile): Promise<void> {
  await file.then((open) => open.close()).catch(() => {})
}
