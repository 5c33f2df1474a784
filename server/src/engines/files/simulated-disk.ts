import assert from 'node:assert/strict'
import type { SeededRandom } from '../../base/random.ts'
import type { Disk, DiskFile } from './disk.ts'
import {
  type CallOptions,
  type DiskFault,
  type DiskOperation,
  diskError,
  type Effect,
  SimulatedCalls,
} from './simulated-disk-calls.ts'
import { SimulatedContent } from './simulated-disk-content.ts'
import { SimulatedDirectory } from './simulated-disk-directory.ts'

export interface SimulatedDiskOptions extends CallOptions {
  /** What all files together may hold. Unlimited by default. */
  readonly capacityBytes?: number
}

/** What outlives a process: the platter, and the page cache until the power goes. */
class SimulatedStorage {
  readonly directory = new SimulatedDirectory<SimulatedContent>()
  /** Numbers every change of a file or of the directory, across processes, so that a sync can cover what came before. */
  order = 0
  /** The last file that was removed: what new blocks may show before they are written. */
  stale: Uint8Array | null = null
  capacityBytes: number

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes
  }

  existing(name: string): SimulatedContent {
    const content = this.directory.find(name)
    if (content === undefined) throw diskError('ENOENT', `no such file: ${name}`)
    return content
  }

  /** A file that was removed holds its space until its last handle is closed. */
  freeBytes(openFiles: Iterable<SimulatedFile>): number {
    const held = new Set(this.directory.files)
    for (const file of openFiles) held.add(file.content)
    let used = 0
    for (const content of held) used += content.size
    return Math.max(0, this.capacityBytes - used)
  }
}

/**
 * A disk in memory that is as unkind as real ones are allowed to be, decided by a seed.
 *
 * An instance is the disk *as one process has it*. `kill` and `crash` end that process: every call under way or
 * made later fails with `ESHUTDOWN`, so that code which is still running can do no harm, and the next process goes on
 * with the disk they return.
 * - Process death (`kill`): what was written stays readable but is no more durable than before. Calls under way happened,
 *   happened in part, or did not.
 * - Power loss (`crash`): on top of that, what was never synced survives, is lost or is torn between sectors, and the names
 *   that the directory was never synced for may be as they were before.
 */
export class SimulatedDisk implements Disk {
  readonly #options: SimulatedDiskOptions
  readonly #random: SeededRandom
  readonly #storage: SimulatedStorage
  readonly #calls: SimulatedCalls
  readonly #openFiles = new Set<SimulatedFile>()

  /** `storage` is what an earlier process left; `kill` and `crash` pass it on. */
  constructor(options: SimulatedDiskOptions, storage?: SimulatedStorage) {
    this.#options = options
    this.#random = options.random
    this.#storage = storage ?? new SimulatedStorage(options.capacityBytes ?? Number.MAX_SAFE_INTEGER)
    this.#calls = new SimulatedCalls(options)
  }

  // The end of the process

  /** The process dies, the machine stays up. Returns the disk as the next process finds it: no faults, no hook. */
  kill(): SimulatedDisk {
    assert(!this.dead, 'a process ends once')
    this.#calls.die()
    this.#openFiles.clear()
    return new SimulatedDisk(this.#options, this.#storage)
  }

  /** The power goes, and the process with it. Returns the disk as the next process finds it: no faults, no hook. */
  crash(): SimulatedDisk {
    const next = this.kill()
    const { directory, stale } = this.#storage
    directory.losePower(this.#random)
    for (const content of new Set(directory.files)) {
      content.losePower(this.#random, this.#random.chance(0.25) ? stale : null)
    }
    return next
  }

  /** True once the process that had this disk has ended. */
  get dead(): boolean {
    return this.#calls.dead
  }

  // Faults, and what tests see and do at once

  /** Called before each call, with the name of its file or an empty string; may end the process. */
  set onOperation(hook: (operation: DiskOperation, name: string) => void) {
    this.#calls.onOperation = hook
  }

  /** The `nth` call of this kind from now on (1 is the next) fails. */
  failCall(operation: DiskOperation, nth: number, fault: DiskFault): void {
    this.#calls.failCall(operation, nth, fault)
  }

  /** From now on, each call of this kind fails with this probability, 0 to 1. */
  failByChance(operation: DiskOperation, probability: number, fault: DiskFault): void {
    this.#calls.failByChance(operation, probability, fault)
  }

  clearFaults(): void {
    this.#calls.clearFaults()
  }

  set capacityBytes(bytes: number) {
    this.#storage.capacityBytes = bytes
  }

  /** Turns one bit over (0 is the lowest) in what a file shows and in what it has on the platter. */
  flipBit(name: string, byteOffset: number, bit: number): void {
    this.#storage.existing(name).flipBit(byteOffset, bit)
  }

  /** Puts a durable file there, in the place of what had the name; all names are durable afterwards. */
  place(name: string, bytes: Uint8Array): void {
    const storage = this.#storage
    const content = new SimulatedContent()
    content.write(++storage.order, bytes, 0)
    content.flush(storage.order)
    storage.directory.link(++storage.order, name, content)
    storage.directory.flush(storage.order)
  }

  /** Takes a file away; all names are durable afterwards. */
  discard(name: string): void {
    const storage = this.#storage
    storage.existing(name)
    storage.directory.unlink(++storage.order, name)
    storage.directory.flush(storage.order)
  }

  names(): string[] {
    return this.#storage.directory.names.toSorted()
  }

  /** A copy of a file's bytes as processes see them. */
  contents(name: string): Uint8Array {
    return this.#storage.existing(name).bytes()
  }

  /** A copy of what a power loss would certainly leave under this name, or null where the name itself is not certain. */
  durableContents(name: string): Uint8Array | null {
    return this.#storage.directory.findDurable(name)?.durableBytes() ?? null
  }

  /** How often an operation was called on this disk and its files. */
  count(operation: DiskOperation): number {
    return this.#calls.count(operation)
  }

  /** The files that are open, by the names they were opened with: whoever closed all has none here. */
  openNames(): string[] {
    return [...this.#openFiles].map((file) => file.name).sort()
  }

  // Disk

  list(): Promise<string[]> {
    return this.#calls.perform('list', '', { apply: () => [...this.#storage.directory.names] })
  }

  create(name: string): Promise<DiskFile> {
    const apply = () => {
      const storage = this.#storage
      if (storage.directory.find(name) !== undefined) throw diskError('EEXIST', `file exists: ${name}`)
      const content = new SimulatedContent()
      storage.directory.link(++storage.order, name, content)
      return this.#handle(name, content)
    }
    return this.#calls.perform('create', name, { apply })
  }

  open(name: string): Promise<DiskFile> {
    const apply = () => this.#handle(name, this.#storage.existing(name))
    return this.#calls.perform('open', name, { apply })
  }

  rename(from: string, to: string): Promise<void> {
    const apply = () => {
      const storage = this.#storage
      storage.existing(from)
      storage.directory.rename(++storage.order, from, to)
    }
    return this.#calls.perform('rename', from, { apply })
  }

  remove(name: string): Promise<void> {
    const apply = () => {
      const storage = this.#storage
      storage.stale = storage.existing(name).bytes()
      storage.directory.unlink(++storage.order, name)
    }
    return this.#calls.perform('remove', name, { apply })
  }

  syncDirectory(): Promise<void> {
    const covered = this.#storage.order
    return this.#calls.perform('syncDirectory', '', {
      apply: () => this.#storage.directory.flush(covered),
    })
  }

  freeBytes(): Promise<number> {
    return this.#calls.perform('freeBytes', '', {
      apply: () => this.#storage.freeBytes(this.#openFiles),
    })
  }

  #handle(name: string, content: SimulatedContent): DiskFile {
    const file = new SimulatedFile({
      name,
      content,
      calls: this.#calls,
      random: this.#random,
      storage: this.#storage,
      openFiles: this.#openFiles,
    })
    this.#openFiles.add(file)
    return file
  }
}

interface FileContext {
  readonly name: string
  readonly content: SimulatedContent
  readonly calls: SimulatedCalls
  readonly random: SeededRandom
  readonly storage: SimulatedStorage
  readonly openFiles: Set<SimulatedFile>
}

class SimulatedFile implements DiskFile {
  readonly name: string
  readonly content: SimulatedContent
  readonly #context: FileContext
  #closed = false

  constructor(context: FileContext) {
    this.name = context.name
    this.content = context.content
    this.#context = context
  }

  size(): Promise<number> {
    return this.#perform('size', { apply: () => this.content.size })
  }

  read(buffer: Uint8Array, position: number): Promise<number> {
    return this.#perform('read', { apply: () => this.content.read(buffer, position) })
  }

  write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    const { random, storage } = this.#context
    const put = (bytes: Uint8Array) => this.content.write(++storage.order, bytes, position)
    const apply = () => {
      const bytes = Buffer.concat(buffers)
      const growth = Math.max(0, position + bytes.length - this.content.size)
      const missing = Math.max(0, growth - storage.freeBytes(this.#context.openFiles))
      // A disk that fills up takes what still fits.
      put(bytes.subarray(0, Math.max(0, bytes.length - missing)))
      if (missing > 0) throw diskError('ENOSPC', `no space left to write to ${this.name}`)
    }
    const putPart = () => {
      const bytes = Buffer.concat(buffers)
      put(bytes.subarray(0, random.below(bytes.length + 1)))
    }
    return this.#perform('write', { apply, partly: putPart, fail: putPart })
  }

  async writeDurably(buffers: readonly Uint8Array[], position: number): Promise<void> {
    await this.write(buffers, position)
    await this.sync()
  }

  sync(): Promise<void> {
    const { random, storage } = this.#context
    // Only what was complete when the sync began is certain to be in it.
    const covered = storage.order
    return this.#perform('sync', {
      apply: () => this.content.flush(covered),
      fail: () => this.content.failFlush(covered, random),
    })
  }

  truncate(bytes: number): Promise<void> {
    const { storage, openFiles } = this.#context
    const apply = () => {
      if (bytes - this.content.size > storage.freeBytes(openFiles)) {
        throw diskError('ENOSPC', `no space left to extend ${this.name}`)
      }
      this.content.truncate(++storage.order, bytes)
    }
    return this.#perform('truncate', { apply })
  }

  async close(): Promise<void> {
    const { openFiles } = this.#context
    const closing = this.#perform('close', { apply: () => openFiles.delete(this) })
    this.#closed = true
    await closing
  }

  #perform<T>(operation: keyof DiskFile, effect: Effect<T>): Promise<T> {
    if (this.#closed) return Promise.reject(diskError('EBADF', `${operation} on a closed file: ${this.name}`))
    return this.#context.calls.perform(operation, this.name, effect)
  }
}
