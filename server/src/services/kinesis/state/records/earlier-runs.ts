import type { Run } from '../../commands.ts'
import type { Arrival } from './arrival-page.ts'
import { type RunWords, RunWordsWriter } from './run-words.ts'

interface RunOfShard {
  readonly shard: number
  readonly run: Run
}

/**
 * Runs that older builds kept in lists of each shard until they came into a chunk: as arrivals of the stream, as they once were, less what is in chunks by now. A body's id
 * says when it came.
 */
export class EarlierRuns {
  readonly #bodies = new Map<number, RunOfShard[]>()

  add(shard: number, run: Run): void {
    const runs = this.#bodies.get(run.bodyId)
    if (runs === undefined) this.#bodies.set(run.bodyId, [{ shard, run }])
    else runs.push({ shard, run })
  }

  /** The oldest first. */
  *arrivals(): IterableIterator<{ readonly arrival: Arrival; readonly runs: RunWords }> {
    for (const [, runs] of [...this.#bodies].sort(([a], [b]) => a - b)) {
      const writer = new RunWordsWriter()
      const inOrder = runs.sort((a, b) => a.run.offset - b.run.offset)
      for (const { shard, run } of inOrder) writer.add(shard, run.offset, run.bytes, run.count)
      const arrival = inOrder[0]!.run
      writer.end(arrival.bodyBytes)
      yield { arrival, runs: writer.words }
    }
  }
}
