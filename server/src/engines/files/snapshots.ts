import assert from 'node:assert/strict'
import type { Disk } from './disk.ts'
import type { Keyring } from './keyring.ts'
import { snapshotFileName, snapshotFrames } from './snapshot-format.ts'
import {
  findOlderFiles,
  readAllUnits,
  readSnapshotFile,
  type SnapshotFile,
  type UsableSnapshot,
} from './snapshot-reader.ts'
import { type SnapshotCut, SnapshotFileWriter, type SnapshotGround } from './snapshot-writer.ts'

/** The newest and the one before it: the second is what recovery falls back on when the first turns out to be bad. */
const KEPT = 2

/** A snapshot in memory. */
export interface LoadedSnapshot {
  /** The last frame it covers. */
  readonly frame: number
  /** That frame's time, milliseconds since the epoch. */
  readonly now: number
  readonly meta: Uint8Array
  /** They share memory. */
  readonly units: ReadonlyMap<number, Uint8Array>
}

/**
 * Opens the snapshots of a journal. What was left unfinished is removed; a snapshot that is not whole is reported and passed
 * over. Only directories are read here: the units are, and are checked, by `newest`.
 */
export async function openSnapshots(
  ground: SnapshotGround,
  report: (problem: string) => void,
): Promise<SnapshotStore> {
  const { disk } = ground
  const names = await disk.list()
  for (const name of names) if (name.endsWith('.snapshot.tmp')) await disk.remove(name)
  const store = new SnapshotStore(ground, report, snapshotFrames(names))
  await store.findUsable()
  return store
}

export class SnapshotStore {
  readonly #ground: SnapshotGround
  readonly #disk: Disk
  readonly #report: (problem: string) => void
  /** Newest first: snapshots that nothing bad is known of. `keep` refers to the first. */
  #usable: UsableSnapshot[] = []
  /** Frames of files that were not looked at yet, newest first. */
  readonly #unseen: number[]
  #writing = false

  /** `frames` are those of all snapshot files, newest first. `openSnapshots` is the way to make one. */
  constructor(ground: SnapshotGround, report: (problem: string) => void, frames: readonly number[]) {
    this.#ground = ground
    this.#disk = ground.disk
    this.#report = report
    this.#unseen = [...frames]
  }

  /** The frames of the snapshots that may be relied on, newest first: at most two. */
  get frames(): readonly number[] {
    return this.#usable.map((snapshot) => snapshot.frame)
  }

  /** The length of all units of the newest snapshot together; 0 where there is none. */
  get newestBytes(): number {
    return this.#usable[0]?.directory.bytes ?? 0
  }

  /**
   * The newest snapshot of which every byte is right, wherever it lies, or null. Those that are not are reported, and are
   * among `frames` no more.
   */
  async newest(): Promise<LoadedSnapshot | null> {
    for (;;) {
      const snapshot = this.#usable[0]
      if (snapshot === undefined) return null
      const units = new Map<number, Uint8Array>()
      try {
        await readAllUnits(this.#disk, snapshot, this.#ground.keyring, (unit, bytes) => {
          units.set(unit, bytes)
        })
        return { frame: snapshot.frame, now: snapshot.now, meta: snapshot.meta, units }
      } catch (error) {
        this.#reportUnusable(snapshot.frame, error)
        this.#usable.shift()
        await this.findUsable()
      }
    }
  }

  /** Begins the next snapshot, of a later frame than any before. One at a time. */
  begin(cut: SnapshotCut): SnapshotFileWriter {
    assert(!this.#writing, 'one snapshot is written at a time')
    const base = this.#usable[0] ?? null
    assert(base === null || cut.frame > base.frame, 'a snapshot is of a later frame than the one before')
    this.#writing = true
    return new SnapshotFileWriter(this.#ground, cut, base, {
      finished: async (snapshot) => {
        this.#usable = [snapshot, ...this.#usable].slice(0, KEPT)
        this.#writing = false
        await this.#removeUnneeded()
      },
      dropped: () => {
        this.#writing = false
      },
    })
  }

  /** Looks further back until there are as many usable snapshots as are kept, or no more files. */
  async findUsable(): Promise<void> {
    while (this.#usable.length < KEPT) {
      const frame = this.#unseen.shift()
      if (frame === undefined) return
      try {
        const { keyring } = this.#ground
        const found = await readSnapshotFile(this.#disk, frame, keyring)
        this.#usable.push(await findOlderFiles(this.#disk, found, keyring))
      } catch (error) {
        this.#reportUnusable(frame, error)
      }
    }
  }

  /** Removes every file that no kept snapshot needs. What can't be removed takes space and does no harm. */
  async #removeUnneeded(): Promise<void> {
    this.#unseen.length = 0
    const needed = neededFrames(this.#usable)
    try {
      for (const frame of snapshotFrames(await this.#disk.list())) {
        if (!needed.has(frame)) await this.#disk.remove(snapshotFileName(frame))
      }
    } catch (error) {
      this.#report(`old snapshots could not be removed: ${describe(error)}`)
    }
  }

  #reportUnusable(frame: number, error: unknown): void {
    this.#report(`snapshot ${frame} is not used: ${describe(error)}`)
  }
}

/** What `verifySnapshots` found out about one file. */
export interface SnapshotFinding {
  readonly name: string
  readonly frame: number
  /** A snapshot that a start would use, a file that only keeps units for one of those, or one that nothing needs. */
  readonly role: 'snapshot' | 'units' | 'unneeded'
  /** Units and their bytes, older files included; 0 unless it is a snapshot that is whole. */
  readonly units: number
  readonly bytes: number
  /** What is wrong with it, or null. */
  readonly problem: string | null
}

/** Checks every byte that the two newest good snapshots consist of, and changes nothing. Newest first. */
export async function verifySnapshots(disk: Disk, keyring: Keyring): Promise<SnapshotFinding[]> {
  const frames = snapshotFrames(await disk.list())
  const findings: SnapshotFinding[] = []
  const good: SnapshotFile[] = []
  for (const frame of frames) {
    const name = snapshotFileName(frame)
    if (good.length === KEPT) {
      const role = neededFrames(good).has(frame) ? 'units' : 'unneeded'
      findings.push({ name, frame, role, units: 0, bytes: 0, problem: null })
      continue
    }
    try {
      const snapshot = await readSnapshotFile(disk, frame, keyring)
      await readAllUnits(disk, snapshot, keyring, () => {})
      good.push(snapshot)
      const { rows: units, bytes } = snapshot.directory
      findings.push({ name, frame, role: 'snapshot', units, bytes, problem: null })
    } catch (error) {
      findings.push({ name, frame, role: 'snapshot', units: 0, bytes: 0, problem: describe(error) })
    }
  }
  return findings
}

/** The frames of all files that these snapshots consist of. */
function neededFrames(snapshots: readonly SnapshotFile[]): ReadonlySet<number> {
  const needed = new Set<number>()
  for (const snapshot of snapshots) {
    needed.add(snapshot.frame)
    for (const frame of snapshot.directory.files.keys()) needed.add(frame)
  }
  return needed
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
