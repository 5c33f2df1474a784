import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { SeededRandom } from '../../../../base/random.ts'
import { ArrivalPage, FIRST_PAGE_BYTES } from './arrival-page.ts'
import { RunWordsWriter } from './run-words.ts'
import { ShardArrivals } from './shard-arrivals.ts'

const SHARD = 3
const OTHER = 4
const START = 1_000_000

/** Counts how many runs are looked at. */
class CountingPage extends ArrivalPage {
  looks = 0

  override shardOf(run: number): number {
    this.looks++
    return super.shardOf(run)
  }
}

/** Pages that runs of two shards come to, and the view that one of them has. */
class Arriving {
  readonly view = new ShardArrivals(SHARD, 1)
  readonly pages: ArrivalPage[] = []
  #bodies = 0

  page(): this {
    this.pages.push(new ArrivalPage(FIRST_PAGE_BYTES))
    return this
  }

  /** A body comes to the newest page, with a run of so many records for each of the shards. */
  body(time: number, ...runs: readonly (readonly [shard: number, count: number])[]): this {
    const page = this.pages.at(-1)!
    const writer = new RunWordsWriter()
    for (const [i, [shard, count]] of runs.entries()) writer.add(shard, i * 10, 10, count)
    const kind = { isEncrypted: false, isSealed: false, lifetime: 0 } as const
    const arrival = { bodyId: ++this.#bodies, bodyBytes: runs.length * 10, time: START + time, ...kind }
    page.add(arrival, writer.words)
    for (const [shard, count] of runs) if (shard === SHARD) this.view.add(page, count)
    return this
  }

  /** The oldest page goes, with its one run. */
  forgetFirst(): WeakRef<ArrivalPage> {
    const page = this.pages.shift()!
    this.view.pass(1)
    this.view.forget(page)
    return new WeakRef(page)
  }

  /** Index and body of each run that is read from an index on, at most so many. */
  read(index: number, limit = Number.POSITIVE_INFINITY): readonly (readonly [number, number])[] {
    const found: (readonly [number, number])[] = []
    for (const { firstIndex, bodyId } of this.view.from(index)) {
      found.push([firstIndex, bodyId])
      if (found.length === limit) break
    }
    return found
  }
}

/** Indexes 1, 4 and 5 in the first page, none in the second, 7 and 17 in the third. */
function threePages(): Arriving {
  return new Arriving()
    .page()
    .body(1, [SHARD, 3], [OTHER, 2])
    .body(2, [OTHER, 9], [SHARD, 1], [SHARD, 2])
    .page()
    .body(3, [OTHER, 5])
    .page()
    .body(4, [OTHER, 5])
    .body(5, [SHARD, 10], [OTHER, 1])
    .body(6, [SHARD, 1])
}

test('the runs of one shard are read from any index on, over pages that have none of it', () => {
  const arriving = threePages()
  const all = [...[[1, 1]], ...[[4, 2]], ...[[5, 2]], ...[[7, 5]], ...[[17, 6]]]
  expect([arriving.read(0), arriving.read(1), arriving.read(3)]).toEqual([all, all, all])
  expect(arriving.read(4)).toEqual(all.slice(1))
  expect([arriving.read(5), arriving.read(6)]).toEqual([all.slice(2), all.slice(2)])
  expect([arriving.read(7), arriving.read(16), arriving.read(17), arriving.read(18)]).toEqual([
    ...[all.slice(3), all.slice(3), all.slice(4), []],
  ])
  expect([arriving.view.start, arriving.view.end, arriving.view.lastTime]).toEqual([1, 18, START + 6])
})

test('a reader finds its place again, wherever others were in between', () => {
  const random = new SeededRandom(1)
  const arriving = new Arriving()
  const runs: [number, number][] = []
  let [index, bodies] = [1, 0]
  for (let pages = 0; pages < 4; pages++) {
    arriving.page()
    for (let i = 0; i < 40; i++) {
      const count = 1 + random.below(5)
      const isOurs = random.below(3) > 0
      arriving.body(i, [OTHER, 1], [isOurs ? SHARD : OTHER, count], [OTHER, 1])
      bodies++
      if (!isOurs) continue
      runs.push([index, bodies])
      index += count
    }
  }
  const expected = (from: number, limit: number) => {
    const first = runs.findIndex(([at], i) => (runs[i + 1]?.[0] ?? index) > from && at < index)
    return from >= index ? [] : runs.slice(first, first + limit)
  }
  for (let i = 0; i < 3000; i++) {
    // Mostly readers go on where they were, or stay there.
    const from = random.below(index + 2)
    const limit = 1 + random.below(6)
    expect(arriving.read(from, limit)).toEqual(expected(from, limit))
    expect(arriving.read(from + 1, limit)).toEqual(expected(from + 1, limit))
  }
})

test('a reader that goes on looks at no more than what came, although it asks each time where records begin', () => {
  const arriving = new Arriving()
  const page = new CountingPage(FIRST_PAGE_BYTES)
  arriving.pages.push(page)
  for (let i = 0; i < 100; i++) arriving.body(i, [OTHER, 1], [SHARD, 1])
  arriving.read(100)
  for (let i = 100; i < 110; i++) {
    arriving.body(i, [OTHER, 1], [SHARD, 1])
    expect(arriving.view.firstSince(START, 1)?.firstIndex).toBe(1)
    page.looks = 0
    expect(arriving.read(i + 1)).toEqual([[i + 1, i + 1]])
    expect(page.looks).toBe(3)
  }
})

test('what comes while a reader reads is read as well', () => {
  const arriving = threePages()
  const reader = arriving.view.from(17)
  expect(reader.next().value?.firstIndex).toBe(17)
  arriving.body(7, [SHARD, 2])
  expect(reader.next().value?.firstIndex).toBe(18)
  arriving.page().body(8, [SHARD, 1])
  expect(reader.next().value?.firstIndex).toBe(20)
  expect(reader.next().done).toBe(true)
})

test('the first run that came at a time or later is found, from an index on', () => {
  const { view } = threePages()
  const since = (time: number, index: number) => view.firstSince(START + time, index)?.firstIndex
  expect([since(0, 1), since(1, 1), since(2, 1), since(3, 1), since(5, 1), since(6, 1), since(7, 1)]).toEqual(
    [...[1, 1, 4, 7, 7, 17, undefined]],
  )
  // A run that has the index, and not only those behind it.
  expect([since(0, 5), since(0, 8), since(2, 6), since(6, 8), since(0, 18)]).toEqual([5, 7, 5, 17, undefined])
})

test('runs that went are not read any more, and their pages are forgotten', () => {
  const arriving = threePages()
  const { view, pages } = arriving
  view.pass(3)
  view.pass(1)
  expect([view.start, arriving.read(0)]).toEqual([5, [...[[5, 2]], ...[[7, 5]], ...[[17, 6]]]])
  view.pass(2)
  expect(arriving.read(0)).toEqual([...[[7, 5]], ...[[17, 6]]])
  view.forget(pages[0]!)
  // It never had anything in that one.
  view.forget(pages[1]!)
  expect(arriving.read(0)).toEqual([...[[7, 5]], ...[[17, 6]]])
  view.pass(10)
  view.pass(1)
  expect([view.start, view.end, arriving.read(0), view.lastTime]).toEqual([18, 18, [], START + 6])
  view.forget(pages[2]!)
  expect([view.lastTime, view.firstSince(0, 1)]).toEqual([undefined, undefined])
  arriving.page().body(9, [OTHER, 1], [SHARD, 4])
  expect([arriving.read(0), view.end, view.lastTime]).toEqual([[[18, 7]], 22, START + 9])
})

test('a view that is brought back knows what went of its first page', () => {
  const { pages } = threePages()
  const view = new ShardArrivals(SHARD, 5)
  view.rewind(3)
  view.rewind(1)
  for (const [page, counts] of [[pages[0]!, [3, 1, 2]] as const, [pages[2]!, [10, 1]] as const]) {
    for (const count of counts) view.add(page, count)
  }
  view.pass(3)
  view.pass(1)
  expect([view.start, view.end]).toEqual([5, 18])
  expect([...view.from(0)].map(({ firstIndex, bodyId }) => [firstIndex, bodyId])).toEqual([
    ...[...[[5, 2]], ...[[7, 5]], ...[[17, 6]]],
  ])
})

test('no page is held once it is forgotten, not by what the last reader left either', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const arriving = new Arriving()
  for (let i = 0; i < 9; i++) arriving.page().body(i, [SHARD, 1])
  expect(arriving.read(2, 1)).toEqual([[2, 2]])
  const forgotten = [arriving.forgetFirst(), arriving.forgetFirst(), arriving.forgetFirst()]
  // A reference that was just made lasts for the rest of the task.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  expect(forgotten.map((page) => page.deref() === undefined)).toEqual([true, true, true])
  expect(arriving.read(0, 1)).toEqual([[4, 4]])
})
