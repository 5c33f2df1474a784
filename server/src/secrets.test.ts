import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SeededRandom } from './base/random.ts'
import type { Command } from './core/command.ts'
import { Machine } from './core/machine.ts'
import { type Cut, Units } from './core/units.ts'
import { AesSealer } from './keys/aes-sealer.ts'
import { deriveKey } from './keys/derive-key.ts'
import { Secrets } from './secrets.ts'
import { secretContext } from './services/iam/secret-context.ts'
import { IamState } from './services/iam/state/iam-state.ts'
import { KmsState } from './services/kms/state/kms-state.ts'

const ACCOUNT = '000000000000'
const random = new SeededRandom(7)

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-secrets-'))
})
afterEach(() => rm(directory, { recursive: true }))

/** The states of IAM and KMS with a journal, and starts of a server on them. */
class Life {
  readonly events: Uint8Array[] = []
  readonly reports: string[] = []
  #units = new Units()
  states = { iam: new IamState(this.#units), kms: new KmsState(this.#units) }
  #machine = new Machine([this.states.iam, this.states.kms])

  readonly cell = {
    execute: async (command: Command) => {
      this.#machine.advance(1)
      const { reply, events } = this.#machine.execute(command, 1)
      if (events.length > 0) this.events.push(events)
      return reply
    },
  }

  async start({ root = 'root', isToBeWrapped = false, snapshot = false } = {}): Promise<Secrets> {
    const cut = snapshot ? unitsOf(this.#units.cut()) : null
    this.#units = new Units()
    this.states = { iam: new IamState(this.#units), kms: new KmsState(this.#units) }
    this.#machine = new Machine([this.states.iam, this.states.kms])
    if (cut !== null) this.#machine.restore(cut, this.#units, 1)
    else for (const events of this.events) this.#machine.replay(events)
    const report = (error: Error) => this.reports.push(error.message)
    const secrets = new Secrets({ random, rootSecret: root, directory, isToBeWrapped, report })
    await secrets.open(this.cell, this.states)
    return secrets
  }

  /** Keeps an access key as its sealer has it. */
  async keep(id: string, sealedSecret: Uint8Array): Promise<void> {
    const owner = { accountId: ACCOUNT, user: null }
    await this.cell.execute({
      ...{ service: 'iam', kind: 'createKey', ...owner, id, sealedSecret, keysElsewhere: 0 },
    } as Command)
  }
}

function unitsOf(cut: Cut): ReadonlyMap<number, Uint8Array> {
  const units = new Map<number, Uint8Array>()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) units.set(unit.id, unit.bytes!)
  return units
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const file = () => join(directory, 'secrets.key')

test.each([
  { isToBeWrapped: false, snapshot: false },
  { isToBeWrapped: true, snapshot: false },
  { isToBeWrapped: false, snapshot: true },
  { isToBeWrapped: true, snapshot: true },
])('what was sealed opens after a restart with another root key: %j', async (how) => {
  const life = new Life()
  const before = await life.start(how)
  const sealed = before.accessKeys.seal(bytes('a secret'), 'c')
  const material = before.keyMaterial.seal(bytes('material'), 'm')
  const events = life.events.length
  const after = await life.start({ ...how, root: 'another root' })
  expect(after.accessKeys.open(sealed, 'c')).toEqual(bytes('a secret'))
  expect(after.keyMaterial.open(material, 'm')).toEqual(bytes('material'))
  expect(after.keyMaterial.open(sealed, 'c')).toBeNull()
  expect(life.events).toHaveLength(events)
})

test('where the journal is plain the key is not in it, but wrapped by that of a file for its owner alone', async () => {
  const life = new Life()
  await life.start({ isToBeWrapped: true })
  const { isWrapped, bytes: wrapped } = life.states.iam.secretsKey!
  expect(isWrapped).toBe(true)
  expect(wrapped).toHaveLength(32 + 29)
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  const key = Buffer.from(await readFile(file(), 'utf8'), 'base64')
  const opened = new AesSealer(deriveKey(key, 'the key of secrets'), random).open(
    wrapped,
    'the key of secrets',
  )
  expect(opened).toHaveLength(32)
})

test('where the journal is encrypted there is no file', async () => {
  const life = new Life()
  await life.start()
  expect(life.states.iam.secretsKey).toMatchObject({ isWrapped: false, bytes: { length: 32 } })
  await expect(stat(file())).rejects.toThrow('ENOENT')
})

test.each([true, false])(
  'the key is kept in another way when encryption is switched (on: %s), and stays',
  async (on) => {
    const life = new Life()
    const sealed = (await life.start({ isToBeWrapped: on })).accessKeys.seal(bytes('a secret'), 'c')
    const switched = await life.start({ isToBeWrapped: !on })
    expect(life.states.iam.secretsKey!.isWrapped).toBe(!on)
    expect(switched.accessKeys.open(sealed, 'c')).toEqual(bytes('a secret'))
    for (const isToBeWrapped of [!on, on]) {
      const later = await life.start({ isToBeWrapped, root: 'another' })
      expect(later.accessKeys.open(sealed, 'c')).toEqual(bytes('a secret'))
    }
  },
)

test.each<[string, () => Promise<unknown>, string]>([
  ['is missing', () => rm(file()), 'is missing: put it back'],
  ['has another key', () => writeFile(file(), `${Buffer.alloc(32).toString('base64')}\n`), 'has another key'],
  ['has something else in it', () => writeFile(file(), 'x'), "doesn't hold a key for secrets"],
  ['can be read by others', () => chmod(file(), 0o644), 'can be read or written by others'],
])('a start on a plain journal whose file %s is refused, and changes nothing', async (_, harm, message) => {
  const life = new Life()
  await life.start({ isToBeWrapped: true })
  const events = life.events.length
  await harm()
  for (const isToBeWrapped of [true, false])
    await expect(life.start({ isToBeWrapped })).rejects.toThrow(message)
  expect(life.events).toHaveLength(events)
})

test('a key file that was made before a crash is taken by the next start', async () => {
  const made = `${Buffer.alloc(32, 5).toString('base64')}\n`
  await writeFile(file(), made, { mode: 0o600 })
  await new Life().start({ isToBeWrapped: true })
  expect(await readFile(file(), 'utf8')).toBe(made)
})

/** As a build before there was a key of secrets. */
async function sealedByEarlierBuild(life: Life, root: string): Promise<Uint8Array> {
  const id = 'AKIAEARLIEREARLIER00'
  const sealed = new AesSealer(deriveKey(root, 'access keys'), random).seal(bytes('early'), secretContext(id))
  await life.keep(id, sealed)
  return sealed
}

test.each([true, false])(
  'what an earlier build sealed under the root key opens, and goes on to when the root key changes (wrapped: %s)',
  async (isToBeWrapped) => {
    const life = new Life()
    const context = secretContext('AKIAEARLIEREARLIER00')
    const sealed = await sealedByEarlierBuild(life, 'root of then')
    const first = await life.start({ root: 'root of then', isToBeWrapped })
    expect(first.accessKeys.open(sealed, context)).toEqual(bytes('early'))
    const later = await life.start({ root: 'another', isToBeWrapped, snapshot: true })
    expect(later.accessKeys.open(sealed, context)).toEqual(bytes('early'))
    expect(life.reports).toEqual([])
  },
)

test('with another root key than an earlier build had the server starts and says so, and takes over once that is back', async () => {
  const life = new Life()
  const sealed = await sealedByEarlierBuild(life, 'root of then')
  const astray = await life.start({ root: 'another' })
  expect(astray.accessKeys.open(sealed, secretContext('AKIAEARLIEREARLIER00'))).toBeNull()
  expect(life.reports).toEqual([expect.stringContaining('start once with that root key')])
  expect(life.states.iam.secretsKey).toBeNull()
  await life.start({ root: 'root of then' })
  const later = await life.start({ root: 'another' })
  expect(later.accessKeys.open(sealed, secretContext('AKIAEARLIEREARLIER00'))).toEqual(bytes('early'))
})

test('material that an earlier build sealed is taken over where there are no access keys', async () => {
  const life = new Life()
  const address = { accountId: ACCOUNT, region: 'eu-west-1', name: '00000000-0000-4000-8000-000000000000' }
  const context = `material ${'0'.repeat(64)} of arn:aws:kms:eu-west-1:${ACCOUNT}:key/${address.name}`
  const sealed = new AesSealer(deriveKey('root', 'key material'), random).seal(bytes('m'), context)
  await life.cell.execute({
    ...{
      service: 'kms',
      kind: 'createKey',
      key: address,
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
    },
    ...{ manager: 'CUSTOMER', isMultiRegion: false, description: '', policy: '{}', tags: {} },
    material: { id: '0'.repeat(64), sealed },
  } as Command)
  await life.start()
  expect((await life.start({ root: 'another' })).keyMaterial.open(sealed, context)).toEqual(bytes('m'))
})

test('until the key is there nothing is sealed or opened, and clients are told to try again', () => {
  const report = () => {}
  const secrets = new Secrets({ random, rootSecret: 'root', directory, isToBeWrapped: false, report })
  for (const sealer of [secrets.accessKeys, secrets.keyMaterial]) {
    expect(() => sealer.seal(bytes('s'), 'c')).toThrow('is recovering')
    expect(() => sealer.open(bytes('s'), 'c')).toThrow('is recovering')
  }
})

test('a reset of IAM leaves the key, for KMS keys and the keys of accounts hang on it', async () => {
  const life = new Life()
  const sealed = (await life.start()).keyMaterial.seal(bytes('m'), 'c')
  await life.cell.execute({ service: 'iam', kind: 'reset' })
  expect((await life.start()).keyMaterial.open(sealed, 'c')).toEqual(bytes('m'))
})
