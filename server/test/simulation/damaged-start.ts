import { SeededRandom } from '../../src/base/random.ts'
import type { Encryption } from '../../src/engines/files/keyring.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { JournalError } from '../../src/journal/journal.ts'
import { testEncryption } from '../journal/encryption.ts'
import { regionsOf } from './file-regions.ts'
import type { History, Violation } from './history.ts'
import { receiveAll } from './receive-all.ts'
import { openServer, SMALL_FILES } from './simulated-server.ts'
import { SimulatedTime } from './simulated-time.ts'
import { type Ending, World } from './world.ts'

/** What a server left on its disk, and what its clients know. */
export interface Legacy {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly history: History
  /** Places of the newest sends, as clients go on from. */
  readonly places: ReadonlyMap<string, number>
  readonly now: number
  /** What is received when nothing was damaged. */
  readonly found: ReadonlySet<string>
  /** What the files are encrypted with. */
  readonly encryption: Encryption | undefined
}

/** How a start on a damaged disk ended. */
export interface Start {
  /** Why it was refused, and null if the server started. */
  readonly refusal: JournalError | null
  /** Files that are other ones than before, by a start that was refused. */
  readonly changed: readonly string[]
  /** One for each message whose body could not be read. */
  readonly unreadable: readonly JournalError[]
  /** Promises that were broken, but for messages that are not there. */
  readonly violations: readonly Violation[]
  /** Messages that an undamaged start finds and this one does not, and the other way round. */
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  /** What an operator is told by the refusal and by the log. */
  readonly told: string
}

/** Lets a server live as often as there are endings, each between two requests, and remembers how it leaves the disk. */
export async function leaveBehind(
  seed: number,
  endings: readonly Ending[],
  isEncrypted: boolean,
): Promise<Legacy> {
  const world = new World({
    ...{ seed, endings, limits: SMALL_FILES },
    ...(isEncrypted && { encryption: 'always' }),
  })
  await world.live()
  const files = new Map(world.disk.names().map((name) => [name, world.disk.contents(name)]))
  const legacy = {
    files,
    history: world.history,
    places: world.places,
    now: world.now,
    found: new Set<string>(),
    encryption: isEncrypted ? testEncryption() : undefined,
  }
  const { refusal, violations, unreadable, extra } = await startAgain(diskWith(files), legacy)
  if (refusal !== null) throw refusal
  if (violations.length + unreadable.length > 0) {
    throw new Error(`the undamaged start breaks promises: ${JSON.stringify(violations)}`)
  }
  return { ...legacy, found: new Set(extra) }
}

/** What a disk has to have for every kind of damage to find its target. */
const KINDS = [
  'cold ids',
  'segment body',
  'segment bodies',
  'segment large body',
  'segment seal frame',
  'snapshot units',
]

/** `leaveBehind` by the first seed that leaves every kind of region. */
export async function leaveBehindEverything(
  endings: readonly Ending[],
  isEncrypted: boolean,
): Promise<Legacy> {
  for (let seed = 1; seed < 20; seed++) {
    const legacy = await leaveBehind(seed, endings, isEncrypted)
    const regions = [...legacy.files].flatMap(([name, bytes]) => regionsOf(name, bytes))
    if (KINDS.every((each) => regions.some(({ kind }) => kind === each))) return legacy
  }
  throw new Error('no seed leaves every kind of region behind')
}

export function diskWith(files: ReadonlyMap<string, Uint8Array>): SimulatedDisk {
  const disk = new SimulatedDisk({ random: new SeededRandom(1) })
  for (const [name, bytes] of files) disk.place(name, bytes)
  return disk
}

/** Starts the server on the disk and receives everything there is. Rejects with whatever should never happen. */
export async function startAgain(disk: SimulatedDisk, legacy: Legacy): Promise<Start> {
  const before = new Map(disk.names().map((name) => [name, disk.contents(name)]))
  const time = new SimulatedTime(legacy.now)
  const random = new SeededRandom(before.size)
  const history = legacy.history.copy()
  const reports: string[] = []
  const failures: Error[] = []
  const sound = { changed: [], unreadable: [], violations: [], missing: [], extra: [] }
  try {
    const cell = await time.settle(
      openServer({
        disk,
        time,
        random,
        limits: SMALL_FILES,
        encryption: legacy.encryption,
        onFailure: (error) => failures.push(error),
        report: (problem) => reports.push(problem),
      }),
    )
    const unreadable = await receiveAll({ cell, time, random, history })
    await time.settle(cell.close())
    if (failures.length > 0) throw failures[0]
    const found = new Set(history.foundIds)
    return {
      refusal: null,
      changed: [],
      unreadable,
      violations: history.violations,
      missing: [...legacy.found].filter((id) => !found.has(id)),
      extra: [...found].filter((id) => !legacy.found.has(id)),
      told: [...reports, ...unreadable.map(({ message }) => message)].join('\n'),
    }
  } catch (error) {
    if (!(error instanceof JournalError) || failures.length > 0) throw error
    const changed = [...new Set([...before.keys(), ...disk.names()])].filter((name) => {
      const bytes = before.get(name)
      return !disk.names().includes(name) || bytes === undefined || !sameBytes(bytes, disk.contents(name))
    })
    return { ...sound, refusal: error, changed, told: [...reports, error.message].join('\n') }
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
