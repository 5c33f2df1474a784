import {
  type DecodedFrame,
  decodeFrameHeader,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC_BYTES,
  NONCE_BYTES,
  peekFrameLengths,
} from '../../journal/frame-format.ts'
import type { FileKey } from './file-key.ts'
import type { FileWindow } from './file-window.ts'
import { blocksOf, openBlock } from './stored-block.ts'

/** How much is read at once of what may be zeros to the end. */
const ZEROS_STEP_BYTES = 64 * 1024

/** Where a walk stands, and what the next frame has to say to be the next one. */
export interface WalkPosition {
  /** Offset of the next frame in the file. */
  readonly offset: number
  readonly number: number
  readonly previousChecksum: number
  readonly firstBodyId: number
}

export interface WalkEnd extends WalkPosition {
  /** The time of the last frame, 0 if there was none. */
  readonly now: number
  /** The last frame was a footer. */
  readonly sealed: boolean
  /** Why the walk ended before the end of the file, or before the zeros that may be there; null if it did not. */
  readonly fault: string | null
}

export interface WalkOptions {
  /** The nonce in the header of the file. */
  readonly nonce: Uint8Array
  /** What its blocks are encrypted with; null where they are plain. */
  readonly key: FileKey | null
  /** Bodies are read and their checksums verified too. */
  readonly checkBodies: boolean
  /**
   * Called for each good frame with its offset and its blocks of events (or ids), opened. The views may be kept. The walk goes on when
   * what it returns has settled.
   */
  readonly visit: (frame: DecodedFrame, offset: number, events: readonly Uint8Array[]) => void | Promise<void>
}

/** Follows the chain of frames from `start` until it ends or breaks. A disk that can't be read rejects. */
export async function walkFrames(
  window: FileWindow,
  start: WalkPosition,
  options: WalkOptions,
): Promise<WalkEnd> {
  let { offset, number, previousChecksum, firstBodyId } = start
  let now = 0
  let sealed = false
  const end = (fault: string | null): WalkEnd => {
    return { offset, number, previousChecksum, firstBodyId, now, sealed, fault }
  }
  while (offset < window.size) {
    if (sealed) return end('there are bytes after the footer')
    const frame = await readFrameHeader(window, offset)
    if (frame === null) {
      if (await isZeroFrom(window, offset)) return end(null)
      return end('there is no whole frame header that matches its checksum')
    }
    const wrong = whatBreaksTheChain(frame, { offset, number, previousChecksum, firstBodyId }, options.nonce)
    if (wrong !== null) return end(wrong)
    if (offset + frame.bytes > window.size) return end('the file ends within a frame')

    const events: Uint8Array[] = []
    let bodies = 0
    for (const block of blocksOf(frame, offset)) {
      if (block.kind === 'bodies') bodies += block.count
      if (block.kind === 'bodies' && !options.checkBodies) continue
      const { offset: at, length } = block
      const stored = window.peek(at, length) ?? (await window.load(at, length))
      const opened = stored.length < length ? null : openBlock(options.key, stored, block)
      if (opened === null) {
        return end(`a block of ${block.kind} at offset ${at} does not match its checksum`)
      }
      if (block.kind !== 'bodies') events.push(opened)
    }
    const visited = options.visit(frame, offset, events)
    if (visited !== undefined) await visited
    offset += frame.bytes
    number++
    previousChecksum = frame.checksum
    firstBodyId = frame.firstBodyId + bodies
    now = frame.now
    sealed = frame.kind === 'footer'
  }
  return end(null)
}

/**
 * The first frame of this file that lies somewhere from `from` on and that `isIt` accepts, whether or not it chains. Bytes
 * that only look like a frame don't count: the nonce and the checksum have to be right.
 */
export async function findFrame(
  window: FileWindow,
  from: number,
  nonce: Uint8Array,
  isIt: (frame: DecodedFrame) => boolean,
): Promise<{ readonly frame: DecodedFrame; readonly offset: number } | null> {
  const step = 1024 * 1024
  for (let start = from; start < window.size; start += step) {
    // The stretches overlap by one magic number, so that one on the border is seen.
    const stretch = Buffer.from(await window.load(start, step + FRAME_MAGIC_BYTES.length - 1))
    let at = stretch.indexOf(FRAME_MAGIC_BYTES)
    for (; at !== -1; at = stretch.indexOf(FRAME_MAGIC_BYTES, at + 1)) {
      const offset = start + at
      // The nonce first: a body may hold any number of magic numbers, and checksums over long tables behind them.
      const head = window.peek(offset, FRAME_HEADER_BYTES) ?? (await window.load(offset, FRAME_HEADER_BYTES))
      if (!sameBytes(head.subarray(48, 48 + NONCE_BYTES), nonce)) continue
      const frame = await readFrameHeader(window, offset)
      if (frame !== null && isIt(frame)) return { frame, offset }
    }
  }
  return null
}

/** Whether nothing but zeros follows: a growing segment has them ahead of its frames. */
async function isZeroFrom(window: FileWindow, offset: number): Promise<boolean> {
  for (let at = offset; at < window.size; ) {
    const stretch = await window.load(at, ZEROS_STEP_BYTES)
    if (stretch.length === 0 || !stretch.every((byte) => byte === 0)) return false
    at += stretch.length
  }
  return true
}

/** The header and the block table at `offset`; null if they are not whole or don't match their checksum. */
export async function readFrameHeader(window: FileWindow, offset: number): Promise<DecodedFrame | null> {
  const head = window.peek(offset, FRAME_HEADER_BYTES) ?? (await window.load(offset, FRAME_HEADER_BYTES))
  const lengths = peekFrameLengths(head)
  if (lengths === null) return null
  const bytes = FRAME_HEADER_BYTES + lengths.tableBytes
  return decodeFrameHeader(window.peek(offset, bytes) ?? (await window.load(offset, bytes)))
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function whatBreaksTheChain(frame: DecodedFrame, due: WalkPosition, nonce: Uint8Array): string | null {
  if (!sameBytes(frame.nonce, nonce)) return 'the frame belongs to another file'
  if (frame.number !== due.number) return `there is frame ${frame.number} where ${due.number} is due`
  if (frame.previousChecksum !== due.previousChecksum) return 'the frame does not chain to the one before'
  // A footer may skip ids: those that a repair took away are never given again.
  const inOrder =
    frame.kind === 'footer' ? frame.firstBodyId >= due.firstBodyId : frame.firstBodyId === due.firstBodyId
  return inOrder ? null : `the frame begins with body ${frame.firstBodyId} where ${due.firstBodyId} is due`
}
