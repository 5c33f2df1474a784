import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { testEncryption, testKeyring } from '../../../test/journal/encryption.ts'
import {
  bodyOf,
  files,
  type LedgerProcess,
  newDisk,
  openLedger,
  SMALL,
  snapshotAndTidy,
} from '../../../test/journal/ledger.ts'
import { SeededRandom } from '../../base/random.ts'
import {
  BLOCK_ENTRY_BYTES,
  decodeFrameHeader,
  encodeFrameHeader,
  FRAME_HEADER_BYTES,
} from '../../journal/frame-format.ts'
import { BodiesLostError } from '../../journal/journal.ts'
import { isEncrypted } from './check-keys.ts'
import { encryptJournal } from './encrypt-journal.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import { rotateKeys } from './key-rotation.ts'
import type { Encryption } from './keyring.ts'
import { repairJournal } from './repair-journal.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import { statJournal } from './stat-journal.ts'
import { verifyJournal } from './verify-journal.ts'

const TINY = { ...SMALL, segmentBytes: 1200, frameBytes: 600, relocateForBytes: 1000 }

const open = (disk: SimulatedDisk, encryption: Encryption | undefined = testEncryption()) =>
  openLedger(disk, { limits: TINY, encryption })

async function work(life: LedgerProcess, frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < 2; i++) life.add(bodyOf(life.journal.nextBodyId, 40))
    await life.commit()
  }
}

/** Several segments with indexes, a cold file, two snapshots, the later of which has units in the earlier one's file. */
async function richJournal(encryption?: Encryption): Promise<SimulatedDisk> {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY, encryption })
  await work(life, 24)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 8 !== 0))
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  const before = life.ledger.units()
  await work(life, 5)
  await life.time.settle(takeSnapshot(life, before))
  await life.close()
  expect(files(disk, 'cold')).not.toEqual([])
  expect(files(disk, 'snapshot').length).toBeGreaterThan(1)
  return disk
}

/** A snapshot that takes over what is as it was before. */
async function takeSnapshot(life: LedgerProcess, before: ReadonlyMap<number, Uint8Array>): Promise<void> {
  const writer = life.journal.beginSnapshot()
  for (const [unit, bytes] of life.ledger.units()) {
    const old = before.get(unit)
    if (old !== undefined && Buffer.compare(old, bytes) === 0) writer.keep(unit)
    else await writer.write(unit, bytes)
  }
  await writer.finish()
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  const copy = newDisk()
  for (const name of disk.names()) copy.place(name, disk.contents(name))
  return copy
}

function contentsOf(disk: SimulatedDisk): Map<string, Buffer> {
  return new Map(disk.names().map((name) => [name, Buffer.from(disk.contents(name))]))
}

/** What a text looks like in a file, in every way that somebody who looks for it would try. */
function formsOf(text: string): readonly Buffer[] {
  const utf8 = Buffer.from(text)
  // What lies in front of it decides where base64 begins; its ends depend on the neighbours.
  const base64 = (utf8.length < 9 ? [] : [0, 1, 2]).map((before) =>
    Buffer.from(
      Buffer.concat([Buffer.alloc(before), utf8])
        .toString('base64')
        .slice(4, -4),
    ),
  )
  return [
    utf8,
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
    ...base64,
    Buffer.from(utf8.toString('hex')),
  ]
}

function filesThatShow(disk: SimulatedDisk, text: string): string[] {
  const forms = formsOf(text)
  return [...contentsOf(disk)].flatMap(([name, bytes]) =>
    forms.some((form) => bytes.includes(form)) ? [name] : [],
  )
}

async function expectOpens(
  disk: SimulatedDisk,
  encryption: Encryption,
  bodies: number,
): Promise<LedgerProcess> {
  const life = await open(disk, encryption)
  expect(life.reports).toEqual([])
  expect(life.ledger.bodies.size).toBe(bodies)
  await life.expectAllReadable()
  return life
}

/** The same, where something is worth a report. */
async function expectOpensReporting(disk: SimulatedDisk, encryption: Encryption): Promise<LedgerProcess> {
  const life = await open(disk, encryption)
  expect(life.ledger.bodies.size).toBe(BODIES)
  await life.expectAllReadable()
  return life
}

/** Runs `work` once for each call to the disk, with a power loss there; `check` gets the disk as the next process finds it. */
async function crashAtEveryCall(
  from: SimulatedDisk,
  work: (disk: SimulatedDisk) => Promise<unknown>,
  check: (disk: SimulatedDisk, call: number) => Promise<void>,
): Promise<number> {
  for (let call = 1; ; call++) {
    const disk = copyOf(from)
    let calls = 0
    let next: SimulatedDisk | null = null
    disk.onOperation = () => {
      if (++calls === call) next = disk.crash()
    }
    await work(disk).catch(() => {})
    if (next === null) return call - 1
    await check(next, call)
  }
}

const BODIES = 16

/** What is in bodies, events and units, and in no header. */
const CONTENT = ['body 5', ' body ', 'add 5', ',40,1,0],[']

describe('what lies on the disk', () => {
  test('shows no body, no event and no state, in any spelling, whatever file one looks into', async () => {
    const plain = await richJournal()
    const kinds = (names: readonly string[]) => [...new Set(names.map((name) => name.split('.')[1]))].sort()
    // What is looked for is there, or else not finding it would say nothing.
    expect(kinds(filesThatShow(plain, 'body 56 body 56 '))).toEqual(['segment'])
    expect(kinds(filesThatShow(plain, 'body 16 body 16 '))).toContain('cold')
    expect(kinds(filesThatShow(plain, 'add 56 40'))).toEqual(['segment'])
    expect(kinds(filesThatShow(plain, '[16,40,1,0]'))).toEqual(['snapshot'])
    const encrypted = await richJournal(testEncryption())
    for (const text of [
      'body 56 body',
      'body 16 body',
      'body',
      'add 56 40',
      'drop 3',
      '[16,40,1,0',
      ',40,1,0],[',
    ]) {
      expect(filesThatShow(encrypted, text), text).toEqual([])
    }
    expect(kinds(encrypted.names())).toEqual(kinds(plain.names()))
  })

  test('is as sound and as readable as what is plain, and says that it is encrypted', async () => {
    const disk = await richJournal(testEncryption())
    const keyring = testKeyring(1)
    expect(await verifyJournal(disk, keyring)).toMatchObject({
      problems: [],
      notes: [],
      snapshots: 2,
      coldFiles: 2,
    })
    const { segments, coldFiles } = await statJournal(disk, keyring)
    expect([...segments, ...coldFiles].every(({ encrypted }) => encrypted)).toBe(true)
    await expectOpens(disk, testEncryption(), BODIES)
  })

  test('never has the same key twice, nor the same bytes for the same content', async () => {
    const encryption = testEncryption()
    const keys: string[] = []
    const disk = newDisk()
    const recording: Encryption = {
      ...encryption,
      cipher: {
        ...encryption.cipher,
        seal: (key, nonce, bound, plain) => {
          keys.push(`${Buffer.from(key).toString('hex')} ${Buffer.from(nonce).toString('hex')}`)
          return encryption.cipher.seal(key, nonce, bound, plain)
        },
      },
    }
    for (let start = 0; start < 3; start++) {
      const life = await open(disk, recording)
      await work(life, 12)
      life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 8 !== 0))
      for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
      if (start === 1) await life.close()
    }
    expect(keys.length).toBeGreaterThan(100)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('without the right master key', () => {
  test.each([
    ['none', undefined],
    ['another one', testEncryption(2)],
  ])('%s: a start is refused by the name of the key, and nothing is changed', async (_, encryption) => {
    const disk = await richJournal(testEncryption())
    disk.place('0000000000000099.snapshot.tmp', new Uint8Array(3))
    const before = contentsOf(disk)
    const id = Buffer.from(testEncryption().current!.id).toString('hex')
    await expect(openLedger(disk, { limits: TINY, encryption })).rejects.toThrow(`master key ${id}`)
    await expect(verifyJournal(disk)).rejects.toThrow(`master key ${id}`)
    await expect(statJournal(disk)).rejects.toThrow(`master key ${id}`)
    const repair = repairJournal(disk, { acceptLoss: true, random: new SeededRandom(1), encryption })
    await expect(repair).rejects.toThrow(`master key ${id}`)
    const rotation = rotateKeys(disk, testEncryption(2), new SeededRandom(1), () => {})
    await expect(rotation).rejects.toThrow(`master key ${id}`)
    expect(contentsOf(disk)).toEqual(before)
  })

  test('a key that only bears the same id is told from the right one', async () => {
    const disk = await richJournal(testEncryption())
    const before = contentsOf(disk)
    const { cipher, current } = testEncryption()
    const wrong = { cipher, current: { id: current!.id, wrapping: new Uint8Array(32) }, others: [] }
    await expect(open(disk, wrong)).rejects.toThrow('is not what the master key')
    expect(contentsOf(disk)).toEqual(before)
  })
})

describe('what was tampered with', () => {
  test('every bit that is turned over is found, wherever it is', async () => {
    const disk = await richJournal(testEncryption())
    const keyring = testKeyring(1)
    for (const name of disk.names()) {
      const { length } = disk.contents(name)
      for (let offset = 0; offset < length; offset += 29) {
        disk.flipBit(name, offset, offset % 8)
        const { problems, notes } = await verifyJournal(disk, keyring)
        const found = [...problems, ...notes].map(({ file }) => file)
        expect(found, `${name} at ${offset}`).toContain(name)
        disk.flipBit(name, offset, offset % 8)
      }
    }
    expect((await verifyJournal(disk, keyring)).problems).toEqual([])
  })

  /** Writes a frame's header anew as `change` has it, and the whole chain behind it: all checksums are right afterwards. */
  function forge(
    disk: SimulatedDisk,
    name: string,
    change: (frame: { number: number; now: number; firstBodyId: number }, bytes: Buffer, at: number) => void,
  ): void {
    const bytes = Buffer.from(disk.contents(name))
    let previousChecksum = decodeFrameHeader(bytes.subarray(FILE_HEADER_BYTES))!.previousChecksum
    for (let at = FILE_HEADER_BYTES; at < bytes.length; ) {
      const frame = { ...decodeFrameHeader(bytes.subarray(at))!, previousChecksum }
      change(frame, bytes, at)
      previousChecksum = encodeFrameHeader(bytes.subarray(at), frame, frame.blocks)
      at += frame.bytes
    }
    disk.place(name, bytes)
    disk.discard(name.replace('segment', 'index'))
  }

  async function twoFrames(): Promise<SimulatedDisk> {
    const disk = newDisk()
    const life = await openLedger(disk, { limits: SMALL, encryption: testEncryption() })
    await work(life, 2)
    await life.close()
    return disk
  }

  test('a forged time is noticed where every checksum is right', async () => {
    const disk = await twoFrames()
    const [name] = files(disk, 'segment') as [string]
    forge(disk, name, (frame) => {
      frame.now += 1
    })
    const { problems } = await verifyJournal(disk, testKeyring(1))
    expect(problems[0]).toMatchObject({ file: name, problem: expect.stringContaining('events') })
    await expect(openLedger(disk, { limits: SMALL, encryption: testEncryption() })).rejects.toThrow(name)
  })

  test('two blocks that changed places are noticed where every checksum is right', async () => {
    const disk = await twoFrames()
    const [name] = files(disk, 'segment') as [string]
    const swapped: { readonly at: number; readonly bytes: Buffer; readonly checksum: Buffer }[] = []
    forge(disk, name, (_, bytes, at) => {
      const { blocks } = decodeFrameHeader(bytes.subarray(at))!
      const [events, bodies] = blocks
      if (bodies === undefined) return
      const entry = at + FRAME_HEADER_BYTES + BLOCK_ENTRY_BYTES
      const start = at + FRAME_HEADER_BYTES + blocks.length * BLOCK_ENTRY_BYTES + events!.length
      swapped.push({
        at: start,
        bytes: Buffer.from(bytes.subarray(start, start + bodies.length)),
        checksum: Buffer.from(bytes.subarray(entry + 4, entry + 8)),
      })
      const [first, second] = swapped
      if (second === undefined) return
      // Both bodies are of one length; the table of the second frame says what the first one's said.
      first!.bytes.copy(bytes, second.at)
    })
    expect(swapped).toHaveLength(2)
    const { problems } = await verifyJournal(disk, testKeyring(1))
    expect(problems).toEqual([expect.objectContaining({ file: name, offset: swapped[1]!.at })])
  })

  test('a plain block is not taken for one of an encrypted file, nor a key for that of another file', async () => {
    const disk = await twoFrames()
    const [name] = files(disk, 'segment') as [string]
    const bytes = Buffer.from(disk.contents(name))
    bytes.fill(0, 60, 252)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 252)), 252)
    disk.place(name, bytes)
    await expect(openLedger(disk, { limits: SMALL, encryption: testEncryption() })).rejects.toThrow(name)
    const other = newDisk()
    const life = await openLedger(other, { seed: 5, limits: SMALL, encryption: testEncryption() })
    await work(life, 2)
    const foreign = Buffer.from(other.contents(files(other, 'segment')[0]!))
    foreign.copy(bytes, 60, 60, 252)
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 252)), 252)
    disk.place(name, bytes)
    await expect(openLedger(disk, { limits: SMALL, encryption: testEncryption() })).rejects.toThrow(
      'is not what the master key',
    )
  })

  test('a header of which only one copy of the key is good is mended without loss', async () => {
    for (const offset of [10, 70, 90, 140, 180, 230]) {
      const disk = await richJournal(testEncryption())
      const [name] = files(disk, 'segment') as [string]
      disk.flipBit(name, offset, 1)
      await expect(open(disk)).rejects.toThrow(name)
      const options = { acceptLoss: false, random: new SeededRandom(1), encryption: testEncryption() }
      expect(await repairJournal(disk, options)).toMatchObject({
        outcome: 'repaired',
        lostBodies: [],
        lostFrames: [],
      })
      expect((await verifyJournal(disk, testKeyring(1))).problems).toEqual([])
      for (const text of CONTENT) expect(filesThatShow(disk, text)).toEqual([])
      await expectOpensReporting(disk, testEncryption())
    }
  })

  test('bodies of a segment that is given up move into a cold file, encrypted', async () => {
    const disk = await richJournal(testEncryption())
    const before = files(disk, 'cold')
    disk.flipBit(
      files(disk, 'segment')[0]!,
      FILE_HEADER_BYTES + FRAME_HEADER_BYTES + 2 * BLOCK_ENTRY_BYTES + 2,
      1,
    )
    const options = { acceptLoss: true, random: new SeededRandom(1), encryption: testEncryption() }
    expect(await repairJournal(disk, options)).toMatchObject({ outcome: 'repaired' })
    expect(files(disk, 'cold').length).toBeGreaterThan(before.length)
    for (const text of CONTENT) expect(filesThatShow(disk, text)).toEqual([])
    expect((await verifyJournal(disk, testKeyring(1))).problems).toEqual([])
  })

  test('damaged bodies are lost, and their neighbours are kept, encrypted', async () => {
    const disk = await richJournal(testEncryption())
    const [name] = files(disk, 'cold') as [string]
    disk.flipBit(name, disk.contents(name).length - FRAME_HEADER_BYTES - 3, 1)
    const options = { acceptLoss: true, random: new SeededRandom(1), encryption: testEncryption() }
    const { lostBodies } = await repairJournal(disk, options)
    expect(lostBodies).not.toEqual([])
    for (const text of CONTENT) expect(filesThatShow(disk, text)).toEqual([])
    const life = await open(disk)
    let lost = 0
    for (const id of life.ledger.bodies.keys()) {
      await life.read(id).catch((error: unknown) => {
        expect(error).toBeInstanceOf(BodiesLostError)
        lost++
      })
    }
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThan(BODIES)
  })
})

describe('a plain journal', () => {
  test('is opened as it is, and encrypted file by file', async () => {
    const disk = await richJournal()
    const life = await expectOpens(disk, testEncryption(), BODIES)
    await work(life, 30)
    life.drop(...life.ledger.bodies.keys())
    for (let i = 0; i < 4; i++) await snapshotAndTidy(life)
    await work(life, 3)
    await life.close()
    for (const text of CONTENT) expect(filesThatShow(disk, text)).toEqual([])
    expect((await verifyJournal(disk, testKeyring(1))).problems).toEqual([])
    await expectOpens(disk, testEncryption(), 6)
  })

  test('with encrypted files beside it is sound', async () => {
    const disk = await richJournal()
    const life = await expectOpens(disk, testEncryption(), BODIES)
    await work(life, 10)
    await snapshotAndTidy(life)
    await life.close()
    const { segments } = await statJournal(disk, testKeyring(1))
    expect(new Set(segments.map(({ encrypted }) => encrypted))).toEqual(new Set([true, false]))
    expect(await verifyJournal(disk, testKeyring(1))).toMatchObject({ problems: [], notes: [] })
  })

  test('is encrypted at once where that is asked for', async () => {
    const disk = await richJournal()
    const options = { encryption: testEncryption(), random: new SeededRandom(3), report: () => {} }
    const { encrypted, left } = await encryptJournal(disk, options)
    expect(left).toEqual([])
    const kept = disk.names().filter((name) => /segment|cold|snapshot/.test(name))
    expect(encrypted.toSorted()).toEqual(kept)
    for (const text of CONTENT) expect(filesThatShow(disk, text)).toEqual([])
    expect(await verifyJournal(disk, testKeyring(1))).toMatchObject({ problems: [], notes: [] })
    expect(await encryptJournal(disk, options)).toEqual({ encrypted: [], left: [] })
    await expectOpens(disk, testEncryption(), BODIES)
  })

  test('a crash at any call of that loses nothing, and it can be done again', async () => {
    const options = { encryption: testEncryption(), random: new SeededRandom(3), report: () => {} }
    const calls = await crashAtEveryCall(
      await richJournal(),
      (disk) => encryptJournal(disk, options),
      async (disk, call) => {
        const { notes } = await verifyJournal(disk, testKeyring(1))
        expect(
          notes.filter(({ file }) => file.endsWith('.snapshot')),
          `call ${call}`,
        ).toEqual([])
        if (call % 2 === 0) await encryptJournal(disk, options)
        const life = await open(disk)
        expect(life.ledger.bodies.size, `call ${call}`).toBe(BODIES)
        await life.expectAllReadable()
        await life.close()
        await encryptJournal(disk, options)
        for (const text of CONTENT) expect(filesThatShow(disk, text), `call ${call}`).toEqual([])
      },
    )
    expect(calls).toBeGreaterThan(50)
  })

  test('keeps both snapshots whole at every moment of that, where the newer has units in the file of the older', async () => {
    const sound = newDisk()
    const life = await openLedger(sound, { limits: SMALL })
    await work(life, 40)
    await life.snapshot()
    const before = life.ledger.units()
    await work(life, 3)
    await life.time.settle(takeSnapshot(life, before))
    await life.close()
    const options = { encryption: testEncryption(), random: new SeededRandom(3), report: () => {} }
    const bothAreWhole = async (disk: SimulatedDisk, call: number) => {
      const { snapshots, notes } = await verifyJournal(disk, testKeyring(1))
      const bad = notes.filter(({ file }) => file.endsWith('.snapshot'))
      expect({ snapshots, bad }, `call ${call}`).toEqual({ snapshots: 2, bad: [] })
    }
    await bothAreWhole(sound, 0)
    await crashAtEveryCall(sound, (disk) => encryptJournal(disk, options), bothAreWhole)
  })

  test('goes on plain where encryption is off, also behind files that are encrypted', async () => {
    const disk = await richJournal(testEncryption())
    const { cipher, current } = testEncryption()
    const off = { cipher, current: null, others: [current!] }
    const life = await expectOpens(disk, off, BODIES)
    await work(life, 5)
    life.drop(...[...life.ledger.bodies.keys()].filter((id) => id < 56))
    for (let i = 0; i < 4; i++) await snapshotAndTidy(life)
    await life.close()
    expect(filesThatShow(disk, 'body 65 body')).not.toEqual([])
    await expectOpens(disk, off, life.ledger.bodies.size)
  })
})

describe('a change of the master key', () => {
  const rotate = (disk: SimulatedDisk, encryption: Encryption) =>
    rotateKeys(disk, encryption, new SeededRandom(9), () => {})

  test('changes the keys in headers and no other byte; afterwards the old key is not needed', async () => {
    const disk = await richJournal(testEncryption(1))
    const before = contentsOf(disk)
    const changed = await rotate(disk, testEncryption(2, 1))
    expect(changed).toEqual(disk.names().filter((name) => /segment|cold|snapshot/.test(name)))
    for (const [name, bytes] of contentsOf(disk)) {
      const headerBytes = name.endsWith('.snapshot') ? 128 : FILE_HEADER_BYTES
      expect(bytes.subarray(headerBytes).equals(before.get(name)!.subarray(headerBytes)), name).toBe(true)
    }
    expect(await rotate(disk, testEncryption(2, 1))).toEqual([])
    expect(await verifyJournal(disk, testKeyring(2))).toMatchObject({ problems: [], notes: [] })
    await expect(verifyJournal(disk, testKeyring(1))).rejects.toThrow('master key')
    await expectOpens(disk, testEncryption(2), BODIES)
  })

  test('is on stable storage when it is done', async () => {
    const sound = await richJournal(testEncryption(1))
    for (let seed = 1; seed <= 10; seed++) {
      const disk = newDisk(seed)
      for (const name of sound.names()) disk.place(name, sound.contents(name))
      await rotate(disk, testEncryption(2, 1))
      const next = disk.crash()
      expect(await verifyJournal(next, testKeyring(2))).toMatchObject({ problems: [], notes: [] })
      expect(next.names()).not.toContain('keys.rotation')
    }
  })

  test('a crash at any call of it leaves a journal that opens with both keys, and is done with it then', async () => {
    const sound = await richJournal(testEncryption(1))
    const calls = await crashAtEveryCall(
      sound,
      (disk) => rotate(disk, testEncryption(2, 1)),
      async (disk, call) => {
        if (call % 3 === 0) await rotate(disk, testEncryption(2, 1))
        else await (await expectOpensReporting(disk, testEncryption(2, 1))).close()
        await rotate(disk, testEncryption(2, 1))
        expect(disk.names(), `call ${call}`).not.toContain('keys.rotation')
        expect((await verifyJournal(disk, testKeyring(2))).problems, `call ${call}`).toEqual([])
        await expectOpens(disk, testEncryption(2), BODIES)
      },
    )
    expect(calls).toBeGreaterThan(40)
  })

  test('headers that were torn while they were written are written again by the next start', async () => {
    const disk = await richJournal(testEncryption(1))
    let rotation: Uint8Array | undefined
    disk.onOperation = (operation, name) => {
      if (operation === 'remove' && name === 'keys.rotation') rotation = disk.contents(name)
    }
    await rotate(disk, testEncryption(2, 1))
    disk.place('keys.rotation', rotation!)
    for (const name of disk.names().filter((each) => /segment|cold|snapshot/.test(each))) {
      disk.place(name, Buffer.from(disk.contents(name)).fill(7, 60, 100))
    }
    const before = contentsOf(disk)
    await expect(open(disk, testEncryption(3))).rejects.toThrow('master key')
    expect(contentsOf(disk)).toEqual(before)
    const life = await expectOpensReporting(disk, testEncryption(2))
    expect(life.reports.join('\n')).toContain('cut short')
  })

  test('a note of it that is damaged is put aside where the headers are good', async () => {
    const disk = await richJournal(testEncryption(1))
    disk.place('keys.rotation', new Uint8Array(400).fill(3))
    const life = await expectOpensReporting(disk, testEncryption(1))
    expect(life.reports.join('\n')).toContain('keys.rotation')
    expect(disk.names()).toContain('keys.rotation.quarantine')
  })
})

test('whether any file is encrypted can be told without a key', async () => {
  expect(await isEncrypted(newDisk())).toBe(false)
  expect(await isEncrypted(await richJournal())).toBe(false)
  expect(await isEncrypted(await richJournal(testEncryption()))).toBe(true)
})
