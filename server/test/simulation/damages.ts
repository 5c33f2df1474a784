import { type Region, regionsOf } from './file-regions.ts'

/** Files that are replaced by these bytes, or removed where there are none. */
export interface Damage {
  readonly kind: 'bit' | 'page' | 'cut' | 'removal' | 'exchange' | 'copy'
  readonly what: string
  readonly replaced: Readonly<Record<string, Uint8Array | null>>
}

export interface DamageOptions {
  /** How many regions of each kind are damaged, the first and the last among them. */
  readonly perKind: number
  /**
   * Which bytes of a region have a bit turned over: every so many, or one somewhere in the middle. Of regions that are long and read under one checksum, a
   * hundredth as many.
   */
  readonly stride: number | null
}

const LONG_KINDS: ReadonlySet<string> = new Set(['segment large body', 'segment bodies', 'snapshot units'])
/** No divisor of a page, so that all places within one have their turn. */
const LONG_KIND_STEP = 101

const PAGE_BYTES = 4096

/** Everything that may happen to the files of a journal while no server has them open, one at a time. */
export function* damagesTo(
  files: ReadonlyMap<string, Uint8Array>,
  { perKind, stride }: DamageOptions,
): Generator<Damage> {
  const regions = someOfEachKind(
    [...files].flatMap(([name, bytes]) => regionsOf(name, bytes)),
    perKind,
  )
  const bytesOf = (file: string) => files.get(file)!.slice()
  for (const { file, kind, start, end } of regions) {
    const somewhere = start + ((start * 7 + end) % (end - start))
    const factor = LONG_KINDS.has(kind) ? LONG_KIND_STEP : 1
    const [first, step] = stride === null ? [somewhere, end - start] : [start, stride * factor]
    for (let offset = first; offset < end; offset += step) {
      const bytes = bytesOf(file)
      bytes[offset]! ^= 1 << (offset % 8)
      const what = `bit ${offset % 8} of byte ${offset} of ${file} (${kind})`
      yield { kind: 'bit', what, replaced: { [file]: bytes } }
    }
    const page = start - (start % PAGE_BYTES)
    const zeroed = bytesOf(file).fill(0, page, page + PAGE_BYTES)
    yield { kind: 'page', what: `page ${page} of ${file} (${kind})`, replaced: { [file]: zeroed } }
    const length = start % 2 === 0 ? start : start + Math.floor((end - start) / 2)
    const cut = bytesOf(file).subarray(0, length)
    yield { kind: 'cut', what: `${file} cut to ${length} (${kind})`, replaced: { [file]: cut } }
  }
  for (const file of files.keys())
    yield { kind: 'removal', what: `without ${file}`, replaced: { [file]: null } }
  for (const suffix of ['segment', 'index', 'snapshot', 'cold']) {
    const names = [...files.keys()].filter((name) => name.endsWith(`.${suffix}`))
    const last = names.at(-1)
    if (last === undefined) continue
    const unused = `${String(1 + Number(last.slice(0, 16))).padStart(16, '0')}.${suffix}`
    for (const [i, a] of names.entries()) {
      yield { kind: 'copy', what: `${a} copied to ${unused}`, replaced: { [unused]: bytesOf(a) } }
      const b = names[i + 1]
      if (b === undefined) continue
      const replaced = { [a]: bytesOf(b), [b]: bytesOf(a) }
      yield { kind: 'exchange', what: `${a} and ${b} exchanged`, replaced }
    }
  }
}

function someOfEachKind(regions: readonly Region[], perKind: number): readonly Region[] {
  const kinds = new Set(regions.map(({ kind }) => kind))
  return [...kinds].flatMap((kind) => {
    const all = regions.filter((region) => region.kind === kind)
    if (all.length <= perKind) return all
    return Array.from({ length: perKind }, (_, i) => all[Math.floor((i * (all.length - 1)) / (perKind - 1))]!)
  })
}
