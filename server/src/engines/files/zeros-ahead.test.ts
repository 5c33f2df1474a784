import { expect, test } from 'vitest'
import { bodyOf, files, newDisk, openLedger, SMALL, WITHOUT_ZEROS } from '../../../test/journal/ledger.ts'
import type { DiskFile } from './disk.ts'
import { FILES_LIMITS } from './limits.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import { ZerosAhead } from './zeros-ahead.ts'

const STEP = 1000
const LIMITS = { ...FILES_LIMITS, zerosFromBytes: 100, zerosStepBytes: STEP, zerosBelowBytes: 300 }
const ROOMY = { ...SMALL, segmentBytes: 100_000 }

/** A file that does what it is asked when the test says so, in order. */
class HeldFile implements DiskFile {
  readonly calls: string[] = []
  readonly #held: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []

  #call(what: string): Promise<void> {
    this.calls.push(what)
    return new Promise((resolve, reject) => this.#held.push({ resolve, reject }))
  }

  /** Ends the oldest call that is under way, and has what follows from it happen. */
  async end(error?: Error): Promise<void> {
    const { resolve, reject } = this.#held.shift()!
    if (error === undefined) resolve()
    else reject(error)
    await new Promise(setImmediate)
  }

  write(buffers: readonly Uint8Array[], position: number): Promise<void> {
    expect(buffers.every((buffer) => buffer.every((byte) => byte === 0))).toBe(true)
    return this.#call(
      `write ${position} to ${position + buffers.reduce((sum, { length }) => sum + length, 0)}`,
    )
  }
  sync(): Promise<void> {
    return this.#call('sync')
  }
  truncate(bytes: number): Promise<void> {
    return this.#call(`truncate ${bytes}`)
  }
  size = () => Promise.reject(new Error('not asked for'))
  read = () => Promise.reject(new Error('not asked for'))
  writeDurably = () => Promise.reject(new Error('not asked for'))
  close = () => Promise.reject(new Error('not asked for'))
}

function zerosOf(file: DiskFile, takeSpare: (bytes: number) => boolean = () => true) {
  const failures: unknown[] = []
  const zeros = new ZerosAhead({
    file,
    limits: LIMITS,
    takeSpare,
    onFailure: (cause) => failures.push(cause),
  })
  return { zeros, failures }
}

async function hasResolved(promise: Promise<void> | undefined): Promise<boolean> {
  return await Promise.race([
    Promise.resolve(promise).then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ])
}

test('the next step begins when half of one is used up, and one is written at a time', async () => {
  const file = new HeldFile()
  const { zeros } = zerosOf(file)
  expect(zeros.makeWay(50, 99)).toBeUndefined()
  expect(file.calls).toEqual([])
  expect(zeros.makeWay(100, 200)).toBeUndefined()
  expect(file.calls).toEqual(['write 200 to 1200'])
  await file.end()
  await file.end()
  expect(zeros.makeWay(200, 400)).toBeUndefined()
  expect(zeros.makeWay(400, 600)).toBeUndefined()
  expect(zeros.makeWay(600, 700)).toBeUndefined()
  expect(file.calls).toEqual(['write 200 to 1200', 'sync'])
  expect(zeros.makeWay(700, 800)).toBeUndefined()
  expect(zeros.makeWay(800, 900)).toBeUndefined()
  expect(file.calls).toEqual(['write 200 to 1200', 'sync', 'write 1200 to 2200'])
})

test('frames that would overtake zeros under way wait until these are durable', async () => {
  const file = new HeldFile()
  const { zeros } = zerosOf(file)
  zeros.makeWay(100, 200)
  const first = zeros.makeWay(200, 400)
  const second = zeros.makeWay(400, 600)
  expect(await hasResolved(first)).toBe(false)
  await file.end()
  expect(await hasResolved(first)).toBe(false)
  await file.end()
  expect(await hasResolved(first)).toBe(true)
  expect(await hasResolved(second)).toBe(true)
  expect(file.calls).toEqual(['write 200 to 1200', 'sync'])
})

test('a large write goes without zeros, and the next small one has them behind it', async () => {
  const file = new HeldFile()
  const { zeros } = zerosOf(file)
  expect(zeros.makeWay(100, 5000)).toBeUndefined()
  expect(file.calls).toEqual([])
  zeros.makeWay(5000, 5100)
  expect(file.calls).toEqual(['write 5100 to 6100'])
})

test('there are none where there is no room, or where they could not be written', async () => {
  const file = new HeldFile()
  let isThereRoom = false
  const { zeros, failures } = zerosOf(file, () => isThereRoom)
  zeros.makeWay(100, 200)
  expect(file.calls).toEqual([])
  isThereRoom = true
  zeros.makeWay(200, 300)
  expect(file.calls).toEqual(['write 300 to 1300'])
  await file.end(new Error('the disk is full'))
  expect(zeros.makeWay(300, 400)).toBeUndefined()
  expect(file.calls).toHaveLength(1)
  expect(failures).toEqual([])
  // Some of them may be there all the same.
  const cut = zeros.cutOff(400)
  await new Promise(setImmediate)
  expect(file.calls.slice(1)).toEqual(['truncate 400'])
  await file.end()
  await file.end()
  await cut
})

test('a sync of theirs that fails is reported: frames may be lost with it', async () => {
  const file = new HeldFile()
  const { zeros, failures } = zerosOf(file)
  zeros.makeWay(100, 200)
  await file.end()
  const cause = new Error('the disk is broken')
  await file.end(cause)
  expect(failures).toEqual([cause])
})

test('cutting off waits for those under way, and syncs', async () => {
  const file = new HeldFile()
  const { zeros } = zerosOf(file)
  zeros.makeWay(100, 200)
  const cut = zeros.cutOff(200)
  for (let i = 0; i < 3; i++) {
    expect(await hasResolved(cut)).toBe(false)
    await file.end()
  }
  await file.end()
  await cut
  expect(file.calls).toEqual(['write 200 to 1200', 'sync', 'truncate 200', 'sync'])
})

test('a killed journal leaves zeros behind, which a start takes for the end', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: ROOMY })
  for (let i = 1; i <= 30; i++) {
    life.add(bodyOf(i, 100))
    await life.commit()
  }
  await life.time.runFor(100)
  expect(endsInZeros(disk)).toBe(true)
  const next = await openLedger(disk.kill(), { limits: ROOMY })
  expect(next.reports).toEqual([])
  expect(next.ledger.bodies.size).toBe(30)
  await next.expectAllReadable()
})

test('an acknowledged frame that became zeros is missed when another follows', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: ROOMY })
  const [name] = files(disk, 'segment') as [string]
  for (let i = 1; i <= 20; i++) {
    life.add(bodyOf(i, 100))
    await life.commit()
  }
  const { length } = trimmed(disk.contents(name))
  life.add(bodyOf(21, 100))
  await life.commit()
  await life.time.runFor(100)
  const damaged = Buffer.from(disk.contents(name))
  damaged.fill(0, length - 200, length + 50)
  const next = disk.kill()
  next.place(name, damaged)
  await expect(openLedger(next, { limits: ROOMY })).rejects.toThrow(/is corrupt at offset/)
})

test('a sealed segment has none, and its index matches it', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  for (let i = 1; i <= 200; i++) {
    life.add(bodyOf(i, 100))
    await life.commit()
  }
  await life.close()
  expect(files(disk, 'segment').length).toBeGreaterThan(3)
  const next = await openLedger(disk.kill())
  expect(next.reports).toEqual([])
  await next.expectAllReadable()
})

test('writes that are not synced need none', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: ROOMY, durability: 'os' })
  for (let i = 1; i <= 30; i++) {
    life.add(bodyOf(i, 100))
    await life.commit()
  }
  await life.time.runFor(100)
  expect(endsInZeros(disk)).toBe(false)
})

test('a full disk that has no room for zeros takes frames as long as these fit', async () => {
  const measure = async (limits: typeof ROOMY) => {
    const disk = newDisk(1, { capacityBytes: 8000 })
    const life = await openLedger(disk, { limits })
    let bodies = 0
    while (life.failures.length === 0 && bodies < 1000) {
      life.add(bodyOf(++bodies, 100))
      await life.commit()
    }
    return bodies
  }
  expect(await measure(ROOMY)).toBe(await measure({ ...ROOMY, ...WITHOUT_ZEROS }))
})

function endsInZeros(disk: SimulatedDisk): boolean {
  const bytes = disk.contents(files(disk, 'segment').at(-1)!)
  return trimmed(bytes).length < bytes.length - 100
}

function trimmed(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1)
}
