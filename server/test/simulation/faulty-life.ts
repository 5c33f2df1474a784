import { SeededRandom } from '../../src/base/random.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { DiskFault, DiskOperation } from '../../src/engines/files/simulated-disk-calls.ts'
import { JournalError } from '../../src/journal/journal.ts'
import {
  address,
  ask,
  type ClientContext,
  consume,
  createQueues,
  pause,
  placeOf,
  produce,
  QUEUES,
} from './clients.ts'
import type { Legacy } from './damaged-start.ts'
import { readBody } from './message-bodies.ts'
import { receiveAll } from './receive-all.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'

/** What goes wrong in a life: the nth call of a kind, counted from 1. Without `operation`, nothing. */
export interface Mishap {
  readonly operation?: DiskOperation
  readonly nth: number
  /** `death` is the end of the process at that call, `power loss` that of the machine. */
  readonly fault: DiskFault | 'death' | 'power loss'
}

export interface FaultyLives {
  /** How each ended: a server that could not open, one that stopped by itself, one that was closed, one whose process died. */
  readonly ends: readonly ('not opened' | 'stopped' | 'closed' | 'died')[]
  /** The calls of the last of them. */
  readonly calls: ReadonlyMap<DiskOperation, number>
  /** What was noticed and survived. */
  readonly reports: readonly string[]
  /** What is not as it should be; null if nothing is. */
  readonly wrong: string | null
}

/** So that the journal often asks how much room there is. */
const SPACE = {
  floorBytes: 100_000,
  limits: { reserveBytes: 32_768, headroomBytes: 8192, askAfterBytes: 16_384, askAfterMilliseconds: 20 },
}

const OPERATIONS: readonly DiskOperation[] = [
  'list',
  'create',
  'open',
  'rename',
  'remove',
  'syncDirectory',
  'freeBytes',
  'size',
  'read',
  'write',
  'sync',
  'truncate',
  'close',
]

/**
 * Short lives of a server on what another one left, one for each mishap: it opens, serves, takes snapshots, relocates, and is
 * closed, while one call to the disk goes wrong. Afterwards a server is started on a disk without faults, and everything is
 * held against what the clients know.
 */
export async function liveThrough(legacy: Legacy, mishaps: readonly Mishap[]): Promise<FaultyLives> {
  const time = new SimulatedTime(legacy.now, new SeededRandom(1))
  const random = new SeededRandom(2)
  const history = legacy.history.copy()
  const clients = { time, random, history, places: new Map(legacy.places) }
  const reports: string[] = []
  const open = (on: SimulatedDisk, failures: Error[]) =>
    openServer({
      disk: on,
      time,
      random,
      limits: SMALL_FILES,
      encryption: legacy.encryption,
      space: { clock: time, ...SPACE },
      onFailure: (error) => failures.push(error),
      report: (problem) => reports.push(problem),
    })
  let disk = new SimulatedDisk({ random: new SeededRandom(mishaps[0]?.nth ?? 0), timers: time })
  for (const [name, bytes] of legacy.files) disk.place(name, bytes)
  let calls: ReadonlyMap<DiskOperation, number> = new Map()
  const ends: FaultyLives['ends'][number][] = []
  for (const mishap of mishaps) {
    const next = plan(disk, mishap)
    // What a process that died would have to say comes late, and to nobody.
    const failures: Error[] = []
    const ending = await time.settle(
      open(disk, failures).then(
        (cell) => serve({ ...clients, cell }, failures, next),
        (error: Error) => ({ end: 'not opened' as const, error }),
      ),
    )
    const on = disk
    calls = new Map(OPERATIONS.map((operation) => [operation, on.count(operation)]))
    ends.push(next.disk === null ? ending.end : 'died')
    // A file that could not be closed counts as open.
    const openNames = mishap.operation === 'close' ? [] : on.openNames()
    const wrong = next.disk === null ? judge(ending, failures, openNames) : null
    if (wrong !== null) return { ends, calls, reports, wrong }
    disk = next.disk ?? (mishap.nth % 2 === 0 ? disk.crash() : disk.kill())
  }
  const failures: Error[] = []
  const cell = await time.settle(open(disk, failures))
  const unreadable = await receiveAll({ ...clients, cell })
  await time.settle(cell.close())
  history.checkAll()
  const broken = [...history.violations.map((each) => JSON.stringify(each)), ...unreadable, ...failures]
  return { ends, calls, reports, wrong: broken.length === 0 ? null : `after it: ${broken.join(', ')}` }
}

/** What takes no space does not fail for want of it. */
const SPACE_TAKING: readonly DiskOperation[] = [
  'create',
  'write',
  'sync',
  'rename',
  'syncDirectory',
  'truncate',
]

/** Each kind of call that a life made fails, `perKind` of them. */
export function* failuresOf(calls: ReadonlyMap<DiskOperation, number>, perKind: number): Generator<Mishap> {
  for (const [operation, count] of calls) {
    for (const nth of some(count, perKind)) {
      yield { operation, nth, fault: 'EIO' }
      if (SPACE_TAKING.includes(operation)) yield { operation, nth, fault: 'ENOSPC' }
    }
  }
}

/** `count` numbers from 1 to `last`, both included; all where there are not so many. */
export function some(last: number, count: number): readonly number[] {
  if (last <= count) return Array.from({ length: last }, (_, i) => i + 1)
  return Array.from({ length: count }, (_, i) => 1 + Math.floor((i * (last - 1)) / (count - 1)))
}

interface Ending {
  readonly end: 'not opened' | 'stopped' | 'closed'
  readonly error: Error | null
}

async function serve(
  clients: Omit<ClientContext, 'stopping'>,
  failures: readonly Error[],
  next: { readonly disk: SimulatedDisk | null },
): Promise<Ending> {
  const { cell, time } = clients
  let stopping = false
  const context: ClientContext = { ...clients, stopping: () => stopping }
  const isOver = () => failures.length > 0 || next.disk !== null
  const work = [
    createQueues(cell).then(() => Promise.all([deleteMost(context), produce(context, 3), consume(context)])),
    (async () => {
      for (let i = 0; i < 4 && !isOver(); i++) {
        await pause(time, 25)
        await cell.snapshot()
      }
    })(),
  ]
  // A request that fails ends its client; that it failed for a reason is judged by what the cell says.
  for (const each of work) each.catch(() => {})
  for (let i = 0; i < 15 && !isOver(); i++) await pause(time, 10)
  stopping = true
  if (isOver()) return { end: 'stopped', error: null }
  cell.releaseWaiting()
  await Promise.race([Promise.allSettled(work), over(time, isOver)])
  try {
    await cell.close()
    return { end: 'closed', error: null }
  } catch (error) {
    return { end: 'stopped', error: error as Error }
  }
}

/** Leaves few bodies in each file, so that relocation has something to do. */
async function deleteMost({ cell, time, random, history }: ClientContext): Promise<void> {
  for (let round = 0; round < 16; round++) {
    const queue = address(QUEUES[round % QUEUES.length]!)
    const asked = time.now()
    const { messages, bodies } = await ask(cell, {
      service: 'sqs',
      kind: 'receiveMessages',
      queue,
      limit: 10,
      visibilityTimeoutSeconds: 5,
      waitSeconds: 0,
      tags: random.bytes(80),
    })
    const contents = await bodies
    const ids = messages.map((_, i) => readBody(contents[i]!).id)
    messages.forEach((message, i) => {
      history.received(ids[i]!, readBody(contents[i]!).intact, placeOf(message), time.now(), asked)
    })
    const gone = ids.slice(1).map((id) => history.find(id)!)
    for (const entry of gone) entry.mayBeGone = true
    const receipts = messages.slice(1).map(({ receipt }) => receipt)
    const outcomes = await ask(cell, { service: 'sqs', kind: 'deleteMessages', queue, receipts })
    for (const [i, entry] of gone.entries()) if (outcomes[i] === null) entry.goneAt = time.now()
  }
}

async function over(time: SimulatedTime, isOver: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isOver(); i++) await pause(time, 10)
}

/** Prepares what goes wrong; `disk` is the one of the next process once that of this one is dead. */
function plan(
  disk: SimulatedDisk,
  { operation, nth, fault }: Mishap,
): { readonly disk: SimulatedDisk | null } {
  const next: { disk: SimulatedDisk | null } = { disk: null }
  if (fault === 'EIO' || fault === 'ENOSPC') {
    if (operation !== undefined) disk.failCall(operation, nth, fault)
    return next
  }
  let calls = 0
  disk.onOperation = (called) => {
    if (operation !== undefined && called !== operation) return
    if (++calls === nth) next.disk = fault === 'death' ? disk.kill() : disk.crash()
  }
  return next
}

function judge(
  { end, error }: Ending,
  failures: readonly Error[],
  openNames: readonly string[],
): string | null {
  const stray = [error, ...failures].find((each) => each !== null && !(each instanceof JournalError))
  if (stray) return `it stopped with another error than the journal's: ${stray.stack}`
  if (failures.length > 1) return `it reported ${failures.length} failures: ${failures.join(', ')}`
  if (end === 'stopped' && failures.length === 0) return `it stopped without a report: ${error?.message}`
  if (end === 'closed' && openNames.length > 0) return `it left files open: ${openNames.join(', ')}`
  return null
}
