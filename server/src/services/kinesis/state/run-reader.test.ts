import { expect, test } from 'vitest'
import { Unit, Units } from '../../../core/units.ts'
import { RunList } from './run-list.ts'
import { RUN_PAGE_ENTRIES, type Run } from './run-page.ts'

class Owner extends Unit {
  encode(): Uint8Array {
    return new Uint8Array(0)
  }
}

const RUNS = 3 * RUN_PAGE_ENTRIES
const RECORDS = 2

/** Three full pages of runs, each of two records, with all kinds of them. */
function filledList(): { readonly list: RunList; readonly runs: readonly Run[] } {
  const units = new Units()
  const owner = new Owner()
  units.add(owner)
  const list = new RunList(units, owner)
  const runs = Array.from({ length: RUNS }, (_, i): Run => {
    const kind = { isPacked: i % 2 > 0, isEncrypted: i % 3 > 0, isSealed: i % 5 > 0 }
    const body = { bodyId: i + 7, bodyBytes: 900 + i, lifetime: 2 } as const
    return {
      firstIndex: 1 + RECORDS * i,
      count: RECORDS,
      offset: i,
      bytes: 80 + i,
      time: 1e12 + i,
      ...kind,
      ...body,
    }
  })
  for (const run of runs) list.append(run.firstIndex, run, run)
  return { list, runs }
}

function readAll(list: RunList, from: number, to: number): readonly Run[] {
  const found: Run[] = []
  const run = list.read(from, to)
  while (run.next()) {
    const { firstIndex, count, offset, bytes, time, isPacked, isEncrypted, isSealed } = run
    const { bodyId, bodyBytes, lifetime, endIndex } = run
    expect(endIndex).toBe(firstIndex + count)
    const kind = { isPacked, isEncrypted, isSealed }
    found.push({ firstIndex, count, offset, bytes, time, ...kind, bodyId, bodyBytes, lifetime })
  }
  return found
}

test('runs are read from the one that has a record on, up to before another, over the ends of pages', () => {
  const { list, runs } = filledList()
  const endOfPage = 1 + RECORDS * RUN_PAGE_ENTRIES
  for (const from of [0, 1, 2, 3, endOfPage - 1, endOfPage, endOfPage + 1, 1 + RECORDS * (RUNS - 1)]) {
    for (const to of [from, from + 1, from + 40, endOfPage, endOfPage + 1, Number.POSITIVE_INFINITY]) {
      const wanted = runs.filter(({ firstIndex }) => firstIndex + RECORDS > from && firstIndex < to)
      expect(readAll(list, from, to)).toEqual(wanted)
    }
  }
  expect(readAll(list, 1 + RECORDS * RUNS, Number.POSITIVE_INFINITY)).toEqual([])
})

test('those that were taken away are not read any more, and their bodies are let go of in their order', () => {
  const { list, runs } = filledList()
  for (const taken of [1, 100, RUN_PAGE_ENTRIES, RUN_PAGE_ENTRIES + 1, RUNS]) {
    const released: number[] = []
    const before = RUNS - list.size
    // The record behind belongs to a run that stays.
    list.removeBefore(2 + RECORDS * taken, (bodyId) => released.push(bodyId))
    expect(released).toEqual(runs.slice(before, taken).map(({ bodyId }) => bodyId))
    const left = runs.slice(taken)
    expect(readAll(list, 0, Number.POSITIVE_INFINITY)).toEqual(left)
    expect([list.size, list.bytes]).toEqual([left.length, left.reduce((sum, { bytes }) => sum + bytes, 0)])
  }
  expect(list.first).toBeUndefined()
})
