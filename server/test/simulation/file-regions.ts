import { BLOCK_ENTRY_BYTES, decodeFrameHeader, FRAME_HEADER_BYTES } from '../../src/journal/frame-format.ts'

/** A stretch of a file that is one thing to whoever reads it. */
export interface Region {
  readonly file: string
  readonly kind: string
  readonly start: number
  /** Not included. */
  readonly end: number
}

const FILE_HEADER_BYTES = 256
const INDEX_HEAD_BYTES = 80
const INDEX_ENTRY_BYTES = 16
const SNAPSHOT_HEADER_BYTES = 128
const SNAPSHOT_ENTRY_BYTES = 32
const SNAPSHOT_FOOTER_BYTES = 64
const LARGE_BYTES = 64 * 1024

/** What a file of a journal consists of, every byte of it in one region. Empty for a file of no known kind. */
export function regionsOf(file: string, bytes: Uint8Array): readonly Region[] {
  const cut = (kind: string, start: number, end: number): Region => ({ file, kind, start, end })
  const suffix = file.slice(file.lastIndexOf('.') + 1)
  switch (suffix) {
    case 'segment':
    case 'cold':
      return framesOf(suffix, bytes, cut)
    case 'index':
      return entriesOf('index entry', bytes.length, INDEX_HEAD_BYTES, INDEX_ENTRY_BYTES, cut)
    case 'snapshot':
      return snapshotOf(bytes, cut)
    default:
      return []
  }
}

type Cut = (kind: string, start: number, end: number) => Region

function framesOf(of: string, bytes: Uint8Array, cut: Cut): Region[] {
  const regions = [cut(`${of} header`, 0, FILE_HEADER_BYTES)]
  let at = FILE_HEADER_BYTES
  while (at < bytes.length) {
    const frame = decodeFrameHeader(bytes.subarray(at))
    if (frame === null) {
      if (bytes.subarray(at).some((byte) => byte !== 0)) throw new Error(`${of} has no frame at ${at}`)
      return [...regions, cut(`${of} zeros`, at, bytes.length)]
    }
    regions.push(cut(`${of} ${frame.kind} frame`, at, at + FRAME_HEADER_BYTES))
    at += FRAME_HEADER_BYTES
    const tableEnd = at + frame.blocks.length * BLOCK_ENTRY_BYTES
    if (tableEnd > at) regions.push(cut(`${of} block table`, at, tableEnd))
    at = tableEnd
    for (const { kind, count, length } of frame.blocks) {
      const name =
        kind !== 'bodies' ? kind : length > LARGE_BYTES ? 'large body' : count > 1 ? 'bodies' : 'body'
      regions.push(cut(`${of} ${name}`, at, at + length))
      at += length
    }
  }
  return regions
}

function snapshotOf(bytes: Uint8Array, cut: Cut): Region[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const metaEnd = SNAPSHOT_HEADER_BYTES + view.getUint32(32, true)
  const footer = bytes.length - SNAPSHOT_FOOTER_BYTES
  const directory = view.getUint32(footer, true)
  const all = [
    cut('snapshot header', 0, SNAPSHOT_HEADER_BYTES),
    cut('snapshot meta', SNAPSHOT_HEADER_BYTES, metaEnd),
    cut('snapshot units', metaEnd, directory),
    ...entriesOf('snapshot entry', footer, directory, SNAPSHOT_ENTRY_BYTES, cut).slice(1),
    cut('snapshot footer', footer, bytes.length),
  ]
  return all.filter(({ start, end }) => end > start)
}

function entriesOf(kind: string, size: number, head: number, entry: number, cut: Cut): Region[] {
  const regions = [cut(`${kind.split(' ')[0]} head`, 0, head)]
  for (let at = head; at < size; at += entry) regions.push(cut(kind, at, at + entry))
  return regions
}
