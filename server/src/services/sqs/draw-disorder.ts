import type { Disorder } from './commands.ts'
import type { DisorderSource } from './ports.ts'

const DRAW_BYTES = 4

/** What chance says of a command that needs `count` draws; undefined where chance has no say. */
export function drawDisorder(source: DisorderSource | undefined, count: number): Disorder | undefined {
  if (source === undefined) return undefined
  const bytes = source.random.bytes(DRAW_BYTES * count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const draws = Uint32Array.from({ length: count }, (_, i) => view.getUint32(DRAW_BYTES * i, true))
  return { draws, twicePercent: source.twicePercent }
}
