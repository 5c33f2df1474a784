import { BodyBlock } from '../../journal/body-block.ts'
import { type DecodedFrame, NONCE_BYTES } from '../../journal/frame-format.ts'
import { readUint53 } from '../../journal/uint53.ts'
import { ColdFile, Segment } from './body-file.ts'
import { ColdFileWriter } from './cold-file-writer.ts'
import type { Disk } from './disk.ts'
import { fileName, QUARANTINE_SUFFIX } from './file-names.ts'
import { FileWindow } from './file-window.ts'
import { walkFrames } from './frame-walk.ts'
import type { SegmentInspection } from './inspect-segment.ts'
import { resealFrame } from './reseal-frame.ts'
import { createSegmentFile, type SegmentOrigin } from './segment-file.ts'
import { blocksOf, openBlock } from './stored-block.ts'
import { writeFooter } from './tail.ts'
import { createWholeFile, withFile } from './whole-file.ts'

const STRETCH_BYTES = 1024 * 1024

/** What the pieces of one repair have in common. */
export type RepairGround = SegmentOrigin

/** Keeps a file as it was found, under a name that nothing reads. Durable when it resolves with that name. */
export async function quarantine(disk: Disk, name: string): Promise<string> {
  const taken = await disk.list()
  let target = name + QUARANTINE_SUFFIX
  for (let i = 2; taken.includes(target); i++) target = `${name}.${i}${QUARANTINE_SUFFIX}`
  const copy = await createWholeFile(disk, target, (to) =>
    withFile(disk, name, async (from) => {
      const size = await from.size()
      for (let at = 0; at < size; at += STRETCH_BYTES) {
        const stretch = Buffer.allocUnsafeSlow(Math.min(STRETCH_BYTES, size - at))
        const read = await from.read(stretch, at)
        await to.write([stretch.subarray(0, read)], at)
      }
    }),
  )
  await copy.close()
  return target
}

/** Calls `visit` for each good frame of a file, with its offset and its events or ids, in order. */
export async function visitGoodFrames(
  disk: Disk,
  { found, runs }: SegmentInspection,
  visit: (
    frame: DecodedFrame,
    offset: number,
    events: readonly Uint8Array[],
    window: FileWindow,
  ) => void | Promise<void>,
): Promise<void> {
  await withFile(disk, found.name, async (file) => {
    const window = new FileWindow(file, found.size, STRETCH_BYTES)
    for (const run of runs) {
      await walkFrames(window, run, {
        nonce: found.header.nonce,
        key: found.header.key,
        checkBodies: false,
        visit: (frame, offset, events) => visit(frame, offset, events, window),
      })
    }
  })
}

/**
 * A sealed segment of the good frames from `from` up to, not including, `to`: in the place of the one they come from, or beside
 * it where they begin later. It keeps its nonce, by which the next segment knows it, but not its key, and its footer keeps all ids
 * below `nextBodyId` from being given again.
 */
export async function rewriteSegment(
  ground: RepairGround,
  source: SegmentInspection,
  range: {
    readonly from: number
    readonly to: number
    readonly nextBodyId: number
    readonly previousNonce: Uint8Array
  },
): Promise<void> {
  const { header } = source.found
  let segment: Segment | null = null
  const frames: { readonly frame: DecodedFrame; readonly offset: number; readonly stored: Buffer }[] = []
  await visitGoodFrames(ground.disk, source, async (frame, offset, _events, window) => {
    if (frame.number < range.from || frame.number >= range.to || frame.kind === 'footer') return
    const bytes = window.peek(offset, frame.bytes) ?? (await window.load(offset, frame.bytes))
    segment ??= new Segment(frame.number, frame.firstBodyId, header.nonce, header.epoch)
    frames.push({ frame, offset, stored: Buffer.from(bytes) })
  })
  const target = segment ?? new Segment(range.from, range.nextBodyId, header.nonce, header.epoch)
  target.key = ground.keyring.newKey('segment', header.nonce)
  const file = await createSegmentFile(ground, target, range.previousNonce, async (to) => {
    for (const { frame, offset, stored } of frames) {
      const resealed = resealFrame(
        stored,
        frame,
        { key: header.key, offset },
        { key: target.key, offset: target.bytes },
        { ...frame, previousChecksum: target.lastChecksum },
      )
      target.lastChecksum = resealed.checksum
      await to.write(resealed.buffers, target.bytes)
      target.bytes += resealed.bytes
      target.lastFrame = frame.number
      target.lastNow = frame.now
    }
    target.nextBodyId = range.nextBodyId
    await writeFooter(to, target)
  })
  await file.close()
}

/** A segment of nothing but a footer, which has the number `frame`: it only says where numbers go on. */
export async function writeEmptySegment(
  ground: RepairGround,
  at: {
    readonly frame: number
    readonly firstBodyId: number
    readonly nextBodyId: number
    readonly now: number
    readonly previousNonce: Uint8Array
  },
): Promise<void> {
  const nonce = ground.random.bytes(NONCE_BYTES)
  const segment = new Segment(at.frame, at.firstBodyId, nonce, ground.epoch)
  segment.lastNow = at.now
  segment.nextBodyId = at.nextBodyId
  segment.key = ground.keyring.newKey('segment', nonce)
  const file = await createSegmentFile(ground, segment, at.previousNonce, (to) => writeFooter(to, segment))
  await file.close()
}

/**
 * Copies every good body of the frames up to `lastFrame` into a new cold file. Resolves with the ids that were in the source but
 * could not be read.
 */
export async function salvageBodies(
  ground: RepairGround,
  source: SegmentInspection,
  into: { readonly serial: number; readonly generation: number; readonly lastFrame: number },
): Promise<number[]> {
  const cold = new ColdFile(into.serial, into.generation)
  const lost: number[] = []
  const nonce = ground.random.bytes(NONCE_BYTES)
  cold.key = ground.keyring.newKey('cold', nonce)
  const { key } = source.found.header
  const file = await createWholeFile(ground.disk, fileName('cold', into.serial), async (to) => {
    const writer = new ColdFileWriter(to, cold, { journalId: ground.journalId, epoch: ground.epoch, nonce })
    await writer.begin()
    await visitGoodFrames(ground.disk, source, async (frame, offset, blocks, window) => {
      if (frame.number > into.lastFrame) return
      const ids = idsOf(frame, blocks)
      for (const block of blocksOf(frame, offset)) {
        if (block.kind !== 'bodies') continue
        const { offset: at, length, count } = block
        const opened = openBlock(key, window.peek(at, length) ?? (await window.load(at, length)), block)
        const own = ids.splice(0, count)
        if (opened === null) lost.push(...own)
        else addBodies(writer, opened, own)
      }
      if (writer.pendingBytes >= STRETCH_BYTES) await writer.flush()
    })
    await writer.end()
  })
  await file.close()
  return lost
}

function addBodies(writer: ColdFileWriter, block: Uint8Array, ids: readonly number[]): void {
  const bodies = new BodyBlock(block, ids.length)
  ids.forEach((bodyId, i) => {
    const body = bodies.body(i)
    if (body !== null) writer.add(bodyId, body)
  })
}

function idsOf(frame: DecodedFrame, blocks: readonly Uint8Array[]): number[] {
  const ids: number[] = []
  const idBlocks = blocks.filter(
    (_, i) => frame.blocks.filter(({ kind }) => kind !== 'bodies')[i]?.kind === 'ids',
  )
  for (const block of idBlocks) {
    const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
    for (let at = 0; at < block.length; at += 8) ids.push(readUint53(view, at))
  }
  if (idBlocks.length > 0) return ids
  for (const { kind, count } of frame.blocks) {
    if (kind === 'bodies') for (let i = 0; i < count; i++) ids.push(frame.firstBodyId + ids.length)
  }
  return ids
}
