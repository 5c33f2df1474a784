import { SeededRandom } from '../../src/base/random.ts'
import type { Cell } from '../../src/cell/cell.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { JournalError } from '../../src/journal/journal.ts'
import type { StreamAddress } from '../../src/services/kinesis/commands.ts'
import { recordsIn } from '../kinesis/record-life.ts'
import { pause } from './clients.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { createStream, putInto, send } from './stream-requests.ts'

const STREAM: StreamAddress = { accountId: '000000000000', region: 'us-east-1', name: 'ledger' }
const START = Date.UTC(2026, 0, 1)
/** After so long runs are packed that are enough for it. */
export const PACKED_MS = 15_000

/** What a server with one shard left on its disk when it was killed, before anything was packed. */
export interface LedgerLegacy {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly records: number
  readonly now: number
}

export async function leaveLedger(records: number): Promise<LedgerLegacy> {
  const disk = new SimulatedDisk({ random: new SeededRandom(3) })
  const server = await LedgerServer.start(disk, START)
  const { cell, time } = server
  await time.settle(createStream(cell, STREAM))
  await time.settle(server.put(1, records))
  const left = disk.kill()
  const files = new Map(left.names().map((name) => [name, left.contents(name)]))
  return { files, records, now: time.now() }
}

/** A server whose one shard has a record of each number, in their order: the index is the number. */
export class LedgerServer {
  readonly cell: Cell
  readonly time: SimulatedTime
  readonly failures: readonly Error[]
  readonly reports: readonly string[]

  private constructor(
    cell: Cell,
    time: SimulatedTime,
    failures: readonly Error[],
    reports: readonly string[],
  ) {
    this.cell = cell
    this.time = time
    this.failures = failures
    this.reports = reports
  }

  static async start(disk: SimulatedDisk, now: number): Promise<LedgerServer> {
    const time = new SimulatedTime(now, new SeededRandom(1))
    const failures: Error[] = []
    const reports: string[] = []
    const cell = await time.settle(
      openServer({
        ...{ disk, time, random: new SeededRandom(2), limits: SMALL_FILES },
        onFailure: (error) => failures.push(error),
        report: (problem) => reports.push(problem),
      }),
    )
    return new LedgerServer(cell, time, failures, reports)
  }

  /** Has what is there packed. */
  pack(): Promise<void> {
    return this.time.settle(pause(this.time, PACKED_MS))
  }

  /** Puts the records from a number to another, one in a request. To be settled by the caller. */
  async put(from: number, to: number, acknowledged: (place: number) => void = () => {}): Promise<void> {
    for (let place = from; place <= to; place++) {
      await putInto(this.cell, STREAM, [{ shard: 0, key: 'key', text: textOf(place) }])
      acknowledged(place)
      await pause(this.time, 5)
    }
  }

  /** Reads record after record up to a number, and tells of each whether it was found, wrong, or could not be read. */
  readEach(to: number): Promise<readonly ('found' | 'wrong' | 'unreadable')[]> {
    const read = async () => {
      const outcomes: ('found' | 'wrong' | 'unreadable')[] = []
      for (let index = 1; index <= to; index++) {
        const position = { index, since: 0 }
        const wanted = { limit: 1, bytesMax: 1, waitMs: 0, isMetered: false }
        const reply = await send(this.cell, 'readRecords', {
          ...{ stream: STREAM, streamNumber: 1, shard: 0, position, ...wanted },
        })
        const records = await recordsIn(reply, position).catch((error: unknown) => {
          if (error instanceof JournalError) return null
          throw error
        })
        const isRight = records?.records[0]?.text === textOf(index)
        outcomes.push(records === null ? 'unreadable' : isRight ? 'found' : 'wrong')
      }
      return outcomes
    }
    return this.time.settle(read())
  }

  close(): Promise<void> {
    return this.time.settle(this.cell.close())
  }
}

function textOf(place: number): string {
  return `${place}`.padEnd(150, '.')
}
