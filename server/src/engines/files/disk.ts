/**
 * One directory of files, and all that the journal may ask of it. Everything the file engine does to storage goes
 * through these two interfaces, so that the same journal code runs on the real disk (`real-disk.ts`) and on a simulated
 * one that loses, tears, reorders and corrupts (`simulated-disk.ts`).
 */
export interface Disk {
  /** The names of all files, in no particular order. */
  list(): Promise<string[]>
  /** Makes an empty file; fails with `EEXIST` if the name is taken. The name is durable only after `syncDirectory`. */
  create(name: string): Promise<DiskFile>
  /** Opens a file that exists, for reading and writing; fails with `ENOENT` otherwise. */
  open(name: string): Promise<DiskFile>
  /** Atomic; replaces `to` if it exists. Durable only after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>
  /** Durable only after `syncDirectory`. Open handles stay readable. */
  remove(name: string): Promise<void>
  syncDirectory(): Promise<void>
  /** Bytes that an unprivileged process may still write. */
  freeBytes(): Promise<number>
}

/** An open file. Positions and lengths are bytes. */
export interface DiskFile {
  size(): Promise<number>
  /** Fills `buffer` from `position`; returns how many bytes there were before the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>
  /** Writes all buffers one after the other from `position`. Durable only after `sync`. */
  write(buffers: readonly Uint8Array[], position: number): Promise<void>
  /**
   * `write` and `sync` in one, as far as these buffers go: they are on stable storage when it resolves. Several may be under way at
   * a time; they end in any order, and each is told what became of its own bytes.
   */
  writeDurably(buffers: readonly Uint8Array[], position: number): Promise<void>
  /** Everything written so far, and the file's length, is on stable storage when this resolves (fdatasync). */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

/** An error of the disk: `code` is the errno name (`ENOENT`, `EEXIST`, `ENOSPC`, `EIO`), as Node gives it. */
export interface DiskError extends Error {
  readonly code: string
}
