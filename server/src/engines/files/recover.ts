import type { Random } from '../../base/random.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { JournalError, type Recovery } from '../../journal/journal.ts'
import type { Segment } from './body-file.ts'
import { BodyPlaces } from './body-places.ts'
import { loadColdFile } from './cold-file.ts'
import { type CutRecord, decodeCutRecord } from './cut-record.ts'
import type { Disk, DiskFile } from './disk.ts'
import { fileName, fileNumbers, TEMPORARY_SUFFIX } from './file-names.ts'
import { sameBytes } from './frame-walk.ts'
import { encodeIndex, readIndex, writeIndex } from './index-file.ts'
import type { Keyring } from './keyring.ts'
import { Losses, readLosses } from './losses.ts'
import { References } from './references.ts'
import { createSegmentFile, planSegment, type SegmentOrigin } from './segment-file.ts'
import { corruptAt, type FoundSegment, findSegment, loadByIndex, walkSegment } from './segment-load.ts'
import type { LoadedSnapshot, SnapshotStore } from './snapshots.ts'
import { judgeTail, rewriteTail } from './tail.ts'
import { readWholeFile } from './whole-file.ts'

const FIRST_FRAME = 1
const FIRST_BODY_ID = 1

export interface RecoverOptions {
  readonly disk: Disk
  readonly random: Random
  readonly keyring: Keyring
  readonly recovery: Recovery
  readonly snapshots: SnapshotStore
  readonly report: (message: string) => void
}

/** A journal that was read, and whose newest segment is new, durable and empty. */
export interface Recovered {
  readonly origin: SegmentOrigin
  readonly places: BodyPlaces
  readonly references: References
  readonly losses: Losses
  /** Where appending goes on. */
  readonly segment: Segment
  readonly file: DiskFile
  readonly now: number
  /** What was noted at the cut of the snapshot that the state came from. */
  readonly cut: CutRecord | null
  readonly snapshotFrame: number
  /** Bytes of the frames behind that snapshot. */
  readonly replayedBytes: number
}

/**
 * Reads a journal: the newest good snapshot, the events of every frame behind it, and what is live. Rejects with
 * `JournalError`, before anything but temporary files was changed, if what is there can't be the whole truth.
 */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  return await new Recoverer(options).run()
}

class Recoverer {
  readonly #disk: Disk
  readonly #recovery: Recovery
  readonly #report: (message: string) => void
  readonly #options: RecoverOptions
  readonly #places = new BodyPlaces()
  #names: readonly string[] = []
  /** Files that are to be removed once the journal is known to open. */
  #useless: readonly string[] = []
  #snapshot: LoadedSnapshot | null = null
  #replayedBytes = 0
  /** Sealed segments whose index is missing or wrong. */
  readonly #unindexed: Segment[] = []

  constructor(options: RecoverOptions) {
    this.#options = options
    this.#disk = options.disk
    this.#recovery = options.recovery
    this.#report = options.report
  }

  async run(): Promise<Recovered> {
    const names = await this.#disk.list()
    this.#useless = names.filter((name) => name.endsWith(TEMPORARY_SUFFIX) || isStrayIndex(name, names))
    this.#names = names.filter((name) => !this.#useless.includes(name)).sort()
    const found = await this.#findSegments()
    this.#snapshot = await this.#options.snapshots.newest()
    const cut = this.#snapshot === null ? null : decodeCutRecord(this.#snapshot.meta)
    const newest = found.at(-1)
    if (newest === undefined) return await this.#begin()
    await this.#checkLast(newest)
    const { journalId } = newest.header
    if (cut !== null && !sameBytes(cut.journalId, journalId)) {
      throw new JournalError('the snapshots belong to another journal than the segments')
    }

    if (this.#snapshot !== null) this.#recovery.restore(this.#snapshot.units, this.#snapshot.now)
    const tail = await this.#readSegments(found)
    this.#checkCovered(tail, cut)
    let epoch = newest.header.epoch
    for (const serial of fileNumbers(this.#names, 'cold')) {
      const { cold, header } = await loadColdFile(this.#disk, serial, this.#options.keyring, false)
      if (!sameBytes(header.journalId, journalId)) throw foreign(cold.name)
      epoch = Math.max(epoch, header.epoch)
      this.#places.addCold(cold)
    }
    const losses = await readLosses(this.#disk, this.#names)
    const references = this.#markLive(losses)

    await this.#removeUselessFiles()
    const { random, keyring } = this.#options
    const origin = { disk: this.#disk, random, keyring, journalId, epoch: epoch + 1 }
    const { segment, file } = await this.#renew(origin, newest, tail)
    for (const sealed of this.#unindexed) await writeIndex(this.#disk, sealed)
    const now = Math.max(tail.lastNow, this.#snapshot?.now ?? 0, lastTime(this.#places.segments))
    return {
      origin,
      places: this.#places,
      references,
      losses,
      segment,
      file,
      now,
      cut,
      snapshotFrame: this.#snapshot?.frame ?? 0,
      replayedBytes: this.#replayedBytes,
    }
  }

  /** Before anything is written, and after all that might refuse to open. */
  async #removeUselessFiles(): Promise<void> {
    for (const name of this.#useless) await this.#disk.remove(name)
  }

  /** A segment has no index while it is the newest, and loses it before it goes: one behind the newest is of one that is missing. */
  async #checkLast({ name, number }: FoundSegment): Promise<void> {
    for (const behind of fileNumbers(this.#useless, 'index')) {
      if (behind < number) continue
      const index = await readIndex(this.#disk, this.#useless, fileName('index', behind))
      if (index?.firstFrame !== behind) continue
      throw new JournalError(
        `${fileName('segment', behind)} is missing: its index is there, but ${name} is the last segment. Put it back, or run \`millrace journal repair\``,
      )
    }
  }

  async #findSegments(): Promise<FoundSegment[]> {
    const found: FoundSegment[] = []
    for (const number of fileNumbers(this.#names, 'segment')) {
      const segment = await findSegment(this.#disk, number, this.#options.keyring)
      const first = found[0] ?? segment
      if (!sameBytes(first.header.journalId, segment.header.journalId)) throw foreign(segment.name)
      found.push(segment)
    }
    return found
  }

  /** The first start of a journal. */
  async #begin(): Promise<Recovered> {
    const all = [...this.#names, ...this.#useless]
    const others = all.filter((name) => /\.(cold|snapshot|index|losses)$/.test(name))
    if (others.length > 0) {
      throw new JournalError(
        `there are files of a journal (${others[0]} and ${others.length - 1} more) but not one segment: they were removed or lie elsewhere`,
      )
    }
    const { disk, random, keyring } = this.#options
    await this.#removeUselessFiles()
    const origin = { disk, random, keyring, journalId: random.bytes(8), epoch: 1 }
    const segment = planSegment(origin, FIRST_FRAME, FIRST_BODY_ID)
    const file = await createSegmentFile(origin, segment, new Uint8Array(NONCE_BYTES))
    const losses = new Losses([])
    this.#places.addSegment(segment)
    const references = this.#markLive(losses)
    return {
      origin,
      places: this.#places,
      references,
      losses,
      segment,
      file,
      now: 0,
      cut: null,
      snapshotFrame: 0,
      replayedBytes: 0,
    }
  }

  /** Reads all segments, replaying what the snapshot does not cover. Returns the newest. */
  async #readSegments(found: readonly FoundSegment[]): Promise<Segment> {
    const covered = this.#snapshot?.frame ?? 0
    let before: Segment | null = null
    for (const [i, each] of found.entries()) {
      checkOrder(before, each, covered, this.#cutSegment())
      const next = found[i + 1]
      const isCovered = next !== undefined && next.number <= covered + 1
      const segment: Segment = isCovered
        ? await this.#load(each)
        : await this.#replay(each, covered, next === undefined)
      this.#places.addSegment(segment)
      before = segment
    }
    return before!
  }

  /** The segment that the cut of the newest snapshot went through, if it is missing: what followed the cut was in it. */
  #cutSegment(): string | null {
    const files = this.#snapshot === null ? [] : decodeCutRecord(this.#snapshot.meta).files
    const segments = files.filter(({ kind }) => kind === 'segment')
    const name = fileName('segment', Math.max(0, ...segments.map(({ number }) => number)))
    return segments.length === 0 || this.#names.includes(name) ? null : name
  }

  /** A sealed segment of which only the places of its bodies are needed. */
  async #load(found: FoundSegment): Promise<Segment> {
    const indexed = await loadByIndex(this.#disk, this.#names, found)
    if (indexed !== null) return indexed
    this.#report(`${found.name} has no index that matches it: the index is made anew`)
    const { segment, end } = await walkSegment(this.#disk, found, { checkBodies: false, visit: () => {} })
    this.#requireSealed(found, segment, end)
    this.#unindexed.push(segment)
    return segment
  }

  async #replay(found: FoundSegment, covered: number, isNewest: boolean): Promise<Segment> {
    const { segment, end } = await walkSegment(this.#disk, found, {
      // A body block may be what a torn write lacks; not where an index proves that all of it was synced.
      checkBodies: isNewest && (await loadByIndex(this.#disk, this.#names, found)) === null,
      visit: (frame, _offset, blocks) => {
        if (frame.number <= covered) return
        this.#replayedBytes += frame.bytes
        for (const events of blocks) {
          this.#recovery.replay({ number: frame.number, now: frame.now, events })
        }
      },
    })
    if (isNewest) {
      await judgeTail(this.#disk, found, end)
      await this.#checkWhole(found, segment)
      if (end.fault !== null) {
        const torn = found.size - end.offset
        this.#report(
          `${found.name} ends in ${torn} bytes of a write that was never answered: ${end.fault}. They are cut off`,
        )
      }
      return segment
    }
    this.#requireSealed(found, segment, end)
    await this.#checkIndex(segment)
    return segment
  }

  /** An index is made when a segment is sealed: it proves that one with its nonce was complete, and how long it was. */
  async #checkWhole(found: FoundSegment, segment: Segment): Promise<void> {
    const index = await readIndex(this.#disk, this.#names, fileName('index', found.number))
    if (index === null || !sameBytes(index.nonce, found.header.nonce)) return
    // The last frame of an index is the footer: without it, nothing is missing.
    if (segment.lastFrame >= index.lastFrame - 1) return
    throw corruptAt(
      found.name,
      segment.bytes,
      `it ends here, and its index says that it was complete with ${index.segmentBytes} bytes`,
    )
  }

  #requireSealed(found: FoundSegment, segment: Segment, end: { readonly fault: string | null }): void {
    if (end.fault !== null) throw corruptAt(found.name, segment.bytes, end.fault)
    if (!segment.sealed)
      throw corruptAt(found.name, segment.bytes, 'it ends without a footer, and later segments follow')
    segment.blocks.trim()
  }

  /** The segment was walked through, so that what its index has to say is known. */
  async #checkIndex(segment: Segment): Promise<void> {
    const name = fileName('index', segment.firstFrame)
    if (this.#names.includes(name)) {
      if (sameBytes(await readWholeFile(this.#disk, name), encodeIndex(segment))) return
    }
    this.#report(`${segment.name} has no index that matches it: the index is made anew`)
    this.#unindexed.push(segment)
  }

  #checkCovered(tail: Segment, cut: CutRecord | null): void {
    if (this.#snapshot === null || cut === null) return
    if (tail.lastFrame >= this.#snapshot.frame && tail.nextBodyId >= cut.nextBodyId) return
    throw new JournalError(
      `the journal ends with frame ${tail.lastFrame}, but there is a snapshot of frame ${this.#snapshot.frame}: acknowledged frames are missing from ${tail.name} or behind it`,
    )
  }

  #markLive(losses: Losses): References {
    const references = new References(this.#places, losses)
    this.#recovery.live((bodyId, bytes, lifetime = 0) => {
      if (references.adopt(bodyId, bytes, lifetime)) return
      throw new JournalError(
        `body ${bodyId} is referred to, but no file of the journal has it: ${this.#whereItWas(bodyId)} is missing. Put it back, or run \`millrace journal repair\``,
      )
    })
    return references
  }

  /** What the newest snapshot noted of the files at its cut. */
  #whereItWas(bodyId: number): string {
    const files = this.#snapshot === null ? [] : decodeCutRecord(this.#snapshot.meta).files
    const missing = files.filter(
      ({ kind, number, dead, firstBodyId, lastBodyId }) =>
        !dead &&
        firstBodyId <= bodyId &&
        bodyId <= lastBodyId &&
        !this.#names.includes(fileName(kind, number)),
    )
    const names = missing.map(({ kind, number }) => fileName(kind, number))
    return names.length === 0 ? 'a segment or a cold file' : names.join(' or ')
  }

  /** Makes sure that everything read is on stable storage, and begins a new segment behind it. */
  async #renew(
    origin: SegmentOrigin,
    found: FoundSegment,
    tail: Segment,
  ): Promise<{ readonly segment: Segment; readonly file: DiskFile }> {
    if (tail.lastFrame < tail.firstFrame) {
      // Nothing in it was ever acknowledged: its name goes to the new one.
      this.#places.removeSegment(tail)
      const segment = planSegment(origin, tail.firstFrame, tail.nextBodyId)
      const file = await createSegmentFile(origin, segment, found.header.previousNonce)
      this.#places.addSegment(segment)
      return { segment, file }
    }
    const proven = tail.sealed && (await loadByIndex(this.#disk, this.#names, found)) !== null
    if (!proven) {
      await rewriteTail(origin, found, tail)
      this.#unindexed.push(tail)
    }
    const segment = planSegment(origin, tail.lastFrame + 1, tail.nextBodyId)
    const file = await createSegmentFile(origin, segment, tail.nonce)
    this.#places.addSegment(segment)
    return { segment, file }
  }
}

/** Refuses a gap, unless all that is missing lies before what has to be replayed: dead segments are removed there. */
function checkOrder(
  before: Segment | null,
  found: FoundSegment,
  covered: number,
  cutSegment: string | null,
): void {
  const due = before === null ? FIRST_FRAME : before.lastFrame + 1
  if (found.number < due) {
    throw new JournalError(
      `${found.name} begins with a frame that ${before?.name} has too: one of them is a copy`,
    )
  }
  if (found.number > due) {
    if (found.number <= covered + 1) {
      if (before !== null && found.header.firstBodyId < before.nextBodyId) throw wrongBody(found, before)
      return
    }
    const first = Math.max(due, covered + 1)
    const missing = first === due ? fileName('segment', due) : cutSegment
    const which = missing === null ? '' : ` with ${missing}`
    throw new JournalError(
      `frames ${first} to ${found.number - 1} are missing${which}: there is no segment for them before ${found.name}, and no snapshot that covers them`,
    )
  }
  if (before === null) return
  if (!sameBytes(found.header.previousNonce, before.nonce)) {
    throw new JournalError(
      `${found.name} does not follow ${before.name}: one of them was exchanged for another file`,
    )
  }
  if (found.header.firstBodyId !== before.nextBodyId) throw wrongBody(found, before)
}

function wrongBody({ name, header }: FoundSegment, before: Segment): JournalError {
  return corruptAt(name, 24, `it begins with body ${header.firstBodyId} where ${before.nextBodyId} is due`)
}

/** An index outlives its segment when the process ends between the two removals. */
function isStrayIndex(name: string, names: readonly string[]): boolean {
  return name.endsWith('.index') && !names.includes(name.replace(/index$/, 'segment'))
}

function lastTime(segments: readonly Segment[]): number {
  return segments.reduce((latest, { lastNow }) => Math.max(latest, lastNow), 0)
}

function foreign(name: string): JournalError {
  return new JournalError(`${name} belongs to another journal than the other files`)
}
