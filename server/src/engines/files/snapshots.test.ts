import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { testEncryption } from '../../../test/journal/encryption.ts'
import { SeededRandom } from '../../base/random.ts'
import { Keyring, NO_KEYS } from './keyring.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import type { DiskOperation } from './simulated-disk-calls.ts'
import { snapshotFileName } from './snapshot-format.ts'
import { type LoadedSnapshot, openSnapshots, type SnapshotStore, verifySnapshots } from './snapshots.ts'

type State = ReadonlyMap<number, Uint8Array>

const NOW = 1_700_000_000_000
const META = Uint8Array.of(1, 2, 3)

const groundOf = (disk: SimulatedDisk, keyring = NO_KEYS) => ({ disk, random: new SeededRandom(1), keyring })

const newDisk = (seed = 1) => new SimulatedDisk({ random: new SeededRandom(seed) })

/** Fails the test on any problem that is reported. */
const openQuietly = (disk: SimulatedDisk) =>
  openSnapshots(groundOf(disk), (problem) => {
    throw new Error(problem)
  })

async function openReporting(disk: SimulatedDisk): Promise<{ store: SnapshotStore; problems: string[] }> {
  const problems: string[] = []
  const store = await openSnapshots(groundOf(disk), (problem) => problems.push(problem))
  return { store, problems }
}

function stateOf(seed: number, units: readonly number[], bytes = 300): State {
  const random = new SeededRandom(seed)
  return new Map(units.map((unit) => [unit, random.bytes(bytes)]))
}

/** Writes `state`; units that are the same object in `before` are kept. */
async function writeSnapshot(
  store: SnapshotStore,
  frame: number,
  state: State,
  before?: State,
): Promise<void> {
  const writer = store.begin({ frame, now: NOW + frame, meta: META })
  for (const [unit, bytes] of state) {
    if (before?.get(unit) === bytes) writer.keep(unit)
    else await writer.write(unit, bytes)
  }
  await writer.finish()
}

function expectState(loaded: LoadedSnapshot | null, frame: number, state: State): void {
  expect(loaded?.frame).toBe(frame)
  expect(loaded?.now).toBe(NOW + frame)
  expect(loaded?.meta).toEqual(META)
  const drawn = (units: State) =>
    [...units]
      .sort(([a], [b]) => a - b)
      .map(([unit, bytes]) => `${unit} ${Buffer.from(bytes).toString('hex')}`)
  expect(drawn(loaded!.units)).toEqual(drawn(state))
}

/** Three states, each sharing most units with the one before. */
function threeStates(bytes = 300): readonly [State, State, State] {
  const first = stateOf(1, [16, 17, 18, 19, 0, 40_000_000], bytes)
  const second = new Map([...first, ...stateOf(2, [17, 20], bytes)])
  second.delete(18)
  const third = new Map([...second, ...stateOf(3, [0, 21], bytes)])
  return [first, second, third]
}

test('an empty directory has no snapshot', async () => {
  const store = await openQuietly(newDisk())
  expect(store.frames).toEqual([])
  expect(await store.newest()).toBeNull()
})

test('what was written comes back after a power loss, byte by byte, whatever the size of the units', async () => {
  const disk = newDisk()
  const state = new Map([
    [3, new Uint8Array(0)],
    [4_294_967_295, new SeededRandom(1).bytes(700_000)],
    [0, Uint8Array.of(7)],
    ...stateOf(2, [10, 11, 12], 200_000),
  ])
  await writeSnapshot(await openQuietly(disk), 42, state)
  const store = await openQuietly(disk.crash())
  expect(store.frames).toEqual([42])
  expectState(await store.newest(), 42, state)
})

test('a snapshot without units is one', async () => {
  const disk = newDisk()
  await writeSnapshot(await openQuietly(disk), 1, new Map())
  expectState(await (await openQuietly(disk.crash())).newest(), 1, new Map())
})

test('units that are kept are not written again, within a process and after a restart', async () => {
  const [first, second, third] = threeStates(100_000)
  let disk = newDisk()
  let store = await openQuietly(disk)
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, second, first)
  expect(disk.contents(snapshotFileName(2)).length).toBeLessThan(201_000)
  disk = disk.crash()
  store = await openQuietly(disk)
  expectState(await store.newest(), 2, second)
  await writeSnapshot(store, 3, third, second)
  expect(disk.contents(snapshotFileName(3)).length).toBeLessThan(201_000)
  expectState(await (await openQuietly(disk.crash())).newest(), 3, third)
})

test('two snapshots stay, with every file that they need, and no other', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  const first = stateOf(1, [1, 2, 3, 4], 5000)
  const second = new Map([...first, ...stateOf(2, [1], 5000)])
  const third = new Map([...second, ...stateOf(3, [1], 5000)])
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, second, first)
  await writeSnapshot(store, 3, third, second)
  expect(disk.names()).toEqual([1, 2, 3].map(snapshotFileName))
  expect(store.frames).toEqual([3, 2])
  await writeSnapshot(store, 4, third, third)
  expect(disk.names()).toEqual([1, 3, 4].map(snapshotFileName)) // 2 held nothing any more
  const rewritten = stateOf(5, [1, 2, 3, 4], 5000)
  await writeSnapshot(store, 5, rewritten)
  await writeSnapshot(store, 6, rewritten, rewritten)
  expect(disk.names()).toEqual([5, 6].map(snapshotFileName))
})

test('a file that is needed for little is cleared', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  const units = Array.from({ length: 10 }, (_, i) => i)
  const first = stateOf(1, units, 5000)
  const second = new Map([...first, ...stateOf(2, units.slice(2), 5000)])
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, second, first)
  await writeSnapshot(store, 3, second, second)
  await writeSnapshot(store, 4, second, second)
  expect(disk.names()).toEqual([2, 3, 4].map(snapshotFileName)) // 3 took the units 0 and 1 over from 1
  expectState(await (await openQuietly(disk.crash())).newest(), 4, second)
})

test('a snapshot never needs more than 32 files', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  let state = stateOf(
    1,
    Array.from({ length: 50 }, (_, i) => i),
    4000,
  )
  await writeSnapshot(store, 1, state)
  for (let i = 0; i < 50; i++) {
    const next = new Map([...state, ...stateOf(100 + i, [i], 4000)])
    await writeSnapshot(store, 2 + i, next, state)
    state = next
  }
  expect(disk.names().length).toBeLessThanOrEqual(33)
  expectState(await (await openQuietly(disk.crash())).newest(), 51, state)
})

test('at whichever call the process or the power ends, the newest snapshot is whole: the last finished or a later one', async () => {
  const [first, second, third] = threeStates()
  for (const end of ['kill', 'crash'] as const) {
    for (let callsBefore = 1, finished = false; !finished; callsBefore++) {
      for (let seed = 1; seed <= 4; seed++) {
        const disk = newDisk(seed * 1000 + callsBefore)
        const { store } = await openReporting(disk)
        await writeSnapshot(store, 1, first)
        let next: SimulatedDisk | null = null
        let calls = 0
        disk.onOperation = () => {
          if (++calls === callsBefore) next = disk[end]()
        }
        let acknowledged = 1
        try {
          await writeSnapshot(store, 2, second, first)
          acknowledged = 2
          await writeSnapshot(store, 3, third, second)
          acknowledged = 3
        } catch (error) {
          expect(error).toMatchObject({ code: 'ESHUTDOWN' })
        }
        finished = next === null
        const reopened = await openQuietly((next ?? disk.kill()).crash())
        const loaded = await reopened.newest()
        const states = [first, second, third]
        expect(loaded!.frame).toBeGreaterThanOrEqual(acknowledged)
        expectState(loaded, loaded!.frame, states[loaded!.frame - 1]!)
        // It goes on from there.
        await writeSnapshot(reopened, 9, third, states[loaded!.frame - 1])
        expectState(await reopened.newest(), 9, third)
      }
    }
  }
})

test('whichever bit of the newest snapshot is flipped, the one before is used instead and the damage is reported', async () => {
  const [first, second] = threeStates(40)
  const disk = newDisk()
  const store = await openQuietly(disk)
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, second) // shares nothing with the first
  const name = snapshotFileName(2)
  const length = disk.contents(name).length
  for (let offset = 0; offset < length; offset++) {
    const bit = (offset * 5) % 8
    disk.flipBit(name, offset, bit)
    const { store: reopened, problems } = await openReporting(disk)
    expectState(await reopened.newest(), 1, first)
    expect(problems.join()).toContain(name)
    disk.flipBit(name, offset, bit)
  }
  expectState(await (await openQuietly(disk)).newest(), 2, second)
})

test('a flipped bit in an older file is noticed by every snapshot that needs the unit', async () => {
  const [first, second] = threeStates(2000)
  const disk = newDisk()
  const store = await openQuietly(disk)
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, second, first)
  const { store: reopened, problems } = await openReporting(disk)
  disk.flipBit(snapshotFileName(1), 128 + META.length + 5, 0) // in unit 16, which both have
  expect(await reopened.newest()).toBeNull()
  expect(problems.length).toBe(2)
  expect(problems[0]).toMatch(/snapshot 2 .*0001\.snapshot is corrupt at offset 131: unit 16/)
  expect(reopened.frames).toEqual([])
})

test('snapshots that were deleted, cut, emptied or exchanged are reported and never served', async () => {
  const [first, second] = threeStates(2000)
  const damages: Record<string, (disk: SimulatedDisk, one: Uint8Array, two: Uint8Array) => void> = {
    'cut by a byte': (disk, _, two) => disk.place(snapshotFileName(2), two.subarray(0, -1)),
    'cut to its header': (disk, _, two) => disk.place(snapshotFileName(2), two.subarray(0, 128)),
    emptied: (disk) => disk.place(snapshotFileName(2), new Uint8Array(0)),
    zeroed: (disk, _, two) => disk.place(snapshotFileName(2), new Uint8Array(two.length)),
    'longer by a byte': (disk, _, two) => disk.place(snapshotFileName(2), Buffer.concat([two, Buffer.of(0)])),
    'the other file': (disk, one) => disk.place(snapshotFileName(2), one),
  }
  for (const [damage, inflict] of Object.entries(damages)) {
    const disk = newDisk()
    const store = await openQuietly(disk)
    await writeSnapshot(store, 1, first)
    await writeSnapshot(store, 2, second, first)
    inflict(disk, disk.contents(snapshotFileName(1)), disk.contents(snapshotFileName(2)))
    const { store: reopened, problems } = await openReporting(disk)
    expectState(await reopened.newest(), 1, first)
    expect(problems.length, damage).toBe(1)
  }
})

test('a snapshot whose older file is gone, or is too short, is not used', async () => {
  const [first, second] = threeStates(2000)
  for (const keptBytes of [null, 500]) {
    const disk = newDisk()
    const store = await openQuietly(disk)
    await writeSnapshot(store, 1, first)
    await writeSnapshot(store, 2, second, first)
    const older = disk.contents(snapshotFileName(1))
    if (keptBytes === null) disk.discard(snapshotFileName(1))
    else disk.place(snapshotFileName(1), older.subarray(0, keptBytes))
    const { store: reopened } = await openReporting(disk)
    expect(reopened.frames).toEqual([])
    expect(await reopened.newest()).toBeNull()
  }
})

test('after the newest turned out bad, the next snapshot goes on from the one that was used', async () => {
  const [first, second, third] = threeStates(2000)
  const disk = newDisk()
  const store = await openQuietly(disk)
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, second)
  disk.flipBit(snapshotFileName(2), 200, 1)
  const { store: reopened } = await openReporting(disk)
  await reopened.newest()
  expect(reopened.frames).toEqual([1])
  await writeSnapshot(reopened, 3, third, first)
  expect(disk.names()).toEqual([1, 3].map(snapshotFileName))
  expectState(await (await openQuietly(disk.crash())).newest(), 3, third)
})

test('an error of the disk at any call rejects the snapshot, leaves the one before, and the next succeeds', async () => {
  const [first, second] = threeStates()
  const operations: DiskOperation[] = [
    'create',
    'write',
    'sync',
    'read',
    'size',
    'open',
    'rename',
    'syncDirectory',
  ]
  for (const operation of operations) {
    for (let nth = 1; ; nth++) {
      const disk = newDisk(nth)
      const store = await openQuietly(disk)
      await writeSnapshot(store, 1, first)
      const before = disk.count(operation)
      disk.failCall(operation, nth, operation === 'write' ? 'ENOSPC' : 'EIO')
      const outcome = await writeSnapshot(store, 2, second, first).catch((error: unknown) => error)
      if (disk.count(operation) - before < nth) break // there is no such call
      expect(outcome, `${operation} ${nth}`).toMatchObject({ code: operation === 'write' ? 'ENOSPC' : 'EIO' })
      expect(store.frames).toEqual([1])
      expect(disk.openNames()).toEqual([])
      expect(disk.names().filter((name) => name.endsWith('.tmp'))).toEqual([])
      disk.clearFaults()
      await writeSnapshot(store, 3, second, first)
      expectState(await (await openQuietly(disk.crash())).newest(), 3, second)
    }
  }
})

test('a write that fails rejects a later call of the writer, and abort cleans up', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  disk.failCall('write', 1, 'EIO')
  const writer = store.begin({ frame: 1, now: NOW, meta: META })
  const writing = async () => {
    for (let unit = 0; unit < 10; unit++) await writer.write(unit, new Uint8Array(300_000))
  }
  await expect(writing()).rejects.toMatchObject({ code: 'EIO' })
  await writer.abort()
  expect(disk.names()).toEqual([])
  expect(disk.openNames()).toEqual([])
  await writeSnapshot(store, 1, stateOf(1, [1]))
})

test('a snapshot that is aborted leaves nothing, and what a dead process left is removed at the next start', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  const writer = store.begin({ frame: 1, now: NOW, meta: META })
  await writer.write(1, new Uint8Array(400_000))
  await writer.abort()
  await writer.abort()
  expect(disk.names()).toEqual([])
  const second = store.begin({ frame: 2, now: NOW, meta: META })
  await second.write(1, new Uint8Array(400_000))
  await second.write(2, new Uint8Array(400_000))
  const next = disk.kill()
  expect(next.names()).toEqual([`${snapshotFileName(2)}.tmp`])
  await openQuietly(next)
  expect(next.names()).toEqual([])
})

test('snapshots are written one at a time, each of a later frame, and keep only what is there', async () => {
  const store = await openQuietly(newDisk())
  await writeSnapshot(store, 5, stateOf(1, [1]))
  expect(() => store.begin({ frame: 5, now: NOW, meta: META })).toThrow('later frame')
  const writer = store.begin({ frame: 6, now: NOW, meta: META })
  expect(() => store.begin({ frame: 7, now: NOW, meta: META })).toThrow('one snapshot')
  expect(() => writer.keep(2)).toThrow('has unit 2')
  writer.keep(1)
  expect(() => writer.keep(1)).toThrow('once')
  await expect(writer.write(1, new Uint8Array(1))).rejects.toThrow('once')
})

test('a snapshot that does not read back as it was written is given up, and the one before stays', async () => {
  const [first, second] = threeStates()
  const temporaryName = `${snapshotFileName(2)}.tmp`
  const disk = newDisk()
  const store = await openQuietly(disk)
  await writeSnapshot(store, 1, first)
  let length = 0
  for (let offset = 0; offset === 0 || offset < length; offset += 37) {
    disk.onOperation = (operation, name) => {
      if (operation !== 'open' || name !== temporaryName) return
      length = disk.contents(name).length
      disk.flipBit(name, offset, 3)
      disk.onOperation = () => {}
    }
    await expect(writeSnapshot(store, 2, second)).rejects.toThrow(temporaryName)
    expect(disk.names()).toEqual([snapshotFileName(1)])
    expect(store.frames).toEqual([1])
  }
  expectState(await store.newest(), 1, first)
})

test('units are gathered into large writes', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  await writeSnapshot(
    store,
    1,
    stateOf(
      1,
      Array.from({ length: 700 }, (_, i) => i),
      6000,
    ),
  )
  expect(disk.count('write')).toBeLessThan(22) // 4.2 MB
})

test('a snapshot of a later version, or with flags of one, is refused by name', async () => {
  for (const [offset, words] of [
    [8, 'version 3'],
    [12, 'flags (2)'],
  ] as const) {
    const disk = newDisk()
    await writeSnapshot(await openQuietly(disk), 1, stateOf(1, [1]))
    const bytes = disk.contents(snapshotFileName(1))
    bytes[offset]! |= 2
    new DataView(bytes.buffer).setUint32(124, crc32(bytes.subarray(0, 124)), true)
    disk.place(snapshotFileName(1), bytes)
    const { problems } = await openReporting(disk)
    expect(problems[0]).toContain(words)
  }
})

test('verification says what each file is for and what is wrong with it, and changes nothing', async () => {
  const disk = newDisk()
  const store = await openQuietly(disk)
  const first = stateOf(1, [1, 2, 3, 4], 5000)
  await writeSnapshot(store, 1, first)
  await writeSnapshot(store, 2, first, first)
  await writeSnapshot(store, 3, first, first)
  await writeSnapshot(store, 4, stateOf(2, [1, 2], 5000))
  disk.place(snapshotFileName(5), disk.contents(snapshotFileName(4)))
  disk.place(`${snapshotFileName(6)}.tmp`, new Uint8Array(3))
  const names = disk.names()
  const findings = await verifySnapshots(disk, NO_KEYS)
  expect(findings.map(({ frame, role, units, bytes }) => ({ frame, role, units, bytes }))).toEqual([
    { frame: 5, role: 'snapshot', units: 0, bytes: 0 },
    { frame: 4, role: 'snapshot', units: 2, bytes: 10_000 },
    { frame: 3, role: 'snapshot', units: 4, bytes: 20_000 },
    { frame: 1, role: 'units', units: 0, bytes: 0 },
  ])
  expect(findings.map((finding) => finding.problem)).toEqual([
    expect.stringContaining('frame 4'),
    null,
    null,
    null,
  ])
  expect(disk.names()).toEqual(names)
})

const encrypting = () => new Keyring(testEncryption(), new SeededRandom(4))

test('units that are plain are not taken over by an encrypted snapshot, nor the other way round', async () => {
  const disk = newDisk()
  const state = stateOf(1, [1, 2, 3])
  const fail = (problem: string) => {
    throw new Error(problem)
  }
  for (const [frame, keyring] of [
    [1, NO_KEYS],
    [2, encrypting()],
    [3, new Keyring({ ...testEncryption(), current: null, others: [testEncryption().current!] }, null)],
  ] as const) {
    const store = await openSnapshots(groundOf(disk, keyring), fail)
    await writeSnapshot(store, frame, state, frame === 1 ? undefined : state)
    expect(store.frames[0]).toBe(frame)
    expectState(await store.newest(), frame, state)
    const shown = [...state.values()].map((bytes) =>
      Buffer.from(disk.contents(snapshotFileName(frame))).includes(Buffer.from(bytes)),
    )
    expect(new Set(shown)).toEqual(new Set([!keyring.encrypts]))
  }
})

test('an encrypted unit is not taken for another one, where every checksum is right', async () => {
  const disk = newDisk()
  const store = await openSnapshots(groundOf(disk, encrypting()), () => {})
  await writeSnapshot(store, 1, stateOf(1, [1, 2]))
  const name = snapshotFileName(1)
  const bytes = Buffer.from(disk.contents(name))
  const footer = bytes.length - 64
  const directory = bytes.readUInt32LE(footer)
  bytes.writeUInt32LE(2, directory)
  bytes.writeUInt32LE(1, directory + 32)
  bytes.writeUInt32LE(crc32(bytes.subarray(directory, footer)), footer + 12)
  bytes.writeUInt32LE(crc32(bytes.subarray(footer, footer + 60)), footer + 60)
  disk.place(name, bytes)
  const [finding] = await verifySnapshots(disk, encrypting())
  expect(finding?.problem).toContain('unit 2 does not match')
})
