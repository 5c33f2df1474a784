import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { SeededRandom } from '../../../../base/random.ts'
import type { Lifetime } from '../../../../core/lifetime.ts'
import { type Arrival, ArrivalPage, FIRST_PAGE_BYTES, PAGE_BYTES } from './arrival-page.ts'
import { NOBODY, type RunWords, RunWordsWriter, WORDS_BYTES_MAX, WORDS_RECORDS_MAX } from './run-words.ts'

const HEADER_BYTES = 32
const ARRIVAL_BYTES = 12
const RUN_BYTES = 8
const START = Date.UTC(2026, 0, 1)
/** What a page tells from its first arrival by 32 bits. */
const FAR = 2 ** 32

const SOME: Arrival = {
  ...{ bodyId: 7, bodyBytes: 1000, time: START, lifetime: 0 },
  ...{ isEncrypted: false, isSealed: false },
}

/** So many runs of one record each, of shards from 0 on, over all of a body. */
function evenly(runs: number, bodyBytes = SOME.bodyBytes): RunWords {
  const writer = new RunWordsWriter()
  const bytes = Math.floor(bodyBytes / runs)
  for (let i = 0; i < runs - 1; i++) writer.add(i, i * bytes, bytes, 1)
  const last = (runs - 1) * bytes
  writer.add(runs - 1, last, bodyBytes - last, 1)
  return writer.words
}

function hexOf(page: ArrivalPage): string {
  return Buffer.from(page.encode()).toString('hex')
}

test('the layout is for ever', () => {
  const page = new ArrivalPage(HEADER_BYTES + 2 * ARRIVAL_BYTES + 4 * RUN_BYTES)
  page.add({ ...SOME, isEncrypted: true, lifetime: 2 }, evenly(2))
  const writer = new RunWordsWriter()
  writer.add(3, 16, 32, 260)
  writer.end(64)
  page.add({ ...SOME, bodyId: 9, bodyBytes: 64, time: START + 5, isSealed: true, lifetime: 3 }, writer.words)
  page.gone = 1
  const header = ['0000000000001c40', '000080aa6db77942', '02000000', '01000000', '04000000', '00000000']
  const arrivals = ['00000000', '00000000', 'e8030009', '02000000', '05000000', '4000000e']
  // The last words are those of the first run.
  const runs = ['30000000ffffff1f', '1000000403000060', 'f401000101000000', '0000000100000020']
  expect(hexOf(page)).toBe([...header, ...arrivals, ...runs].join(''))
})

test('a page comes back from its bytes, of whatever size it is', () => {
  for (const bytes of [FIRST_PAGE_BYTES, PAGE_BYTES]) {
    const page = new ArrivalPage(bytes)
    for (let i = 0; i < 50; i++) page.add({ ...SOME, bodyId: 7 + i, time: START + i }, evenly(1 + (i % 3)))
    page.gone = 20
    const restored = new ArrivalPage(page.encode())
    expect([restored.entries, restored.gone, restored.runs, restored.lastTime]).toEqual([
      ...[50, 20, page.runs, START + 49],
    ])
    expect(hexOf(restored)).toBe(hexOf(page))
    const next = { ...SOME, bodyId: 100, time: START + 99 }
    restored.add(next, evenly(2))
    page.add(next, evenly(2))
    expect(hexOf(restored)).toBe(hexOf(page))
  }
})

test('all that arrivals and runs say is told again', () => {
  const random = new SeededRandom(1)
  const page = new ArrivalPage(PAGE_BYTES)
  const arrivals: Arrival[] = []
  const runs: object[] = []
  for (let [bodyId, time] = [2 ** 40, START]; arrivals.length < 100; ) {
    const writer = new RunWordsWriter()
    let end = random.below(10)
    const arrival = arrivals.length
    const isFirst = () => runs.every((run) => (run as { arrival: number }).arrival !== arrival)
    for (let left = 1 + random.below(5); left > 0; left--) {
      const [shard, offset, bytes] = [random.below(NOBODY), end, 1 + random.below(100_000)]
      const count = random.below(3) === 0 ? WORDS_RECORDS_MAX : 1 + random.below(300)
      end = offset + bytes
      writer.add(shard, offset, bytes, count)
      runs.push({ arrival, shard, offset, end, count, isFirst: isFirst() })
    }
    if (random.below(3) === 0) {
      runs.push({ arrival, shard: NOBODY, offset: end, end: end + 9, count: 0, isFirst: false })
      end += 9
    }
    const kind = { isEncrypted: random.below(2) === 0, isSealed: random.below(2) === 0 }
    arrivals.push({ bodyId, bodyBytes: end, time, lifetime: random.below(4) as Lifetime, ...kind })
    writer.end(end)
    page.add(arrivals.at(-1)!, writer.words)
    bodyId += random.below(1000)
    time += random.below(1000)
  }
  const told = arrivals.map((_, i): Arrival => {
    const kind = { isEncrypted: page.isEncrypted(i), isSealed: page.isSealed(i) }
    return {
      ...{ bodyId: page.bodyId(i), bodyBytes: page.bodyBytes(i), time: page.time(i) },
      ...{ lifetime: page.lifetime(i), ...kind },
    }
  })
  expect(told).toEqual(arrivals)
  let arrival = -1
  const toldRuns = Array.from({ length: page.runs }, (_, run) => {
    const isFirst = page.isFirst(run)
    if (isFirst) arrival++
    const place = { offset: page.offsetOf(run), end: page.endOf(run, arrival) }
    return { arrival, shard: page.shardOf(run), ...place, count: page.countOf(run), isFirst }
  })
  expect(toldRuns).toEqual(runs)
})

test('a page takes what it has room for to the last byte', () => {
  const page = new ArrivalPage(HEADER_BYTES + 2 * ARRIVAL_BYTES + 5 * RUN_BYTES)
  expect(page.fits(SOME, evenly(6))).toBe(true)
  expect(page.fits(SOME, evenly(7))).toBe(false)
  page.add(SOME, evenly(3))
  expect(page.fits(SOME, evenly(2))).toBe(true)
  expect(page.fits(SOME, evenly(3))).toBe(false)
  page.add({ ...SOME, bodyId: 8 }, evenly(2))
  expect(page.fits({ ...SOME, bodyId: 9 }, evenly(1))).toBe(false)
  expect([page.offsetOf(0), page.offsetOf(4), page.bodyBytes(1)]).toEqual([0, 500, 1000])
})

test('an arrival costs 12 bytes and a run 8, and the smallest page takes a request of as many records as there may be', () => {
  expect(new ArrivalPage(FIRST_PAGE_BYTES).fits(SOME, evenly(500))).toBe(true)
  const page = new ArrivalPage(PAGE_BYTES)
  let arrivals = 0
  for (; page.fits(SOME, evenly(3)); arrivals++) page.add(SOME, evenly(3))
  expect(arrivals).toBe(Math.floor((PAGE_BYTES - HEADER_BYTES) / (ARRIVAL_BYTES + 3 * RUN_BYTES)))
})

test("what is too far from a page's first arrival begins another page", () => {
  const page = new ArrivalPage(FIRST_PAGE_BYTES)
  const far = (bodyId: number, time: number) => ({
    ...SOME,
    bodyId: SOME.bodyId + bodyId,
    time: START + time,
  })
  // An empty page has no first one.
  expect(page.fits(far(FAR, FAR), evenly(1))).toBe(true)
  page.add(SOME, evenly(1))
  expect(page.fits(far(FAR, 0), evenly(1))).toBe(false)
  expect(page.fits(far(1, FAR), evenly(1))).toBe(false)
  page.add(far(FAR - 1, FAR - 1), evenly(1))
  expect([page.bodyId(1), page.time(1)]).toEqual([SOME.bodyId + FAR - 1, START + FAR - 1])
})

test('a body has a length of 24 bits', () => {
  const page = new ArrivalPage(FIRST_PAGE_BYTES)
  expect(() => page.add({ ...SOME, bodyBytes: WORDS_BYTES_MAX + 1 }, evenly(1))).toThrow(
    'no body of records has 16777216 bytes',
  )
  page.add({ ...SOME, bodyBytes: WORDS_BYTES_MAX, lifetime: 3, isEncrypted: true, isSealed: true }, evenly(1))
  expect([page.bodyBytes(0), page.lifetime(0)]).toEqual([WORDS_BYTES_MAX, 3])
})
