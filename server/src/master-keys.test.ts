import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SeededRandom } from './base/random.ts'
import { KeyFileError } from './key-file.ts'
import { loadMasterKeys, masterKeyOf, nextMasterKeys } from './master-keys.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'millrace-master-keys-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

const key = (fill: number) => new Uint8Array(32).fill(fill)
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const idOf = (bytes: Uint8Array) => masterKeyOf(bytes).id
const keyPath = () => join(directory, 'master.key')
const store = (name: string, bytes: Uint8Array) =>
  writeFileSync(join(directory, name), `${base64(bytes)}\n`, { mode: 0o600 })

function config(settings: Partial<Parameters<typeof loadMasterKeys>[0]> = {}) {
  return {
    encryption: true,
    masterKeyFile: keyPath(),
    masterKeyCommand: '',
    masterKey: undefined,
    oldMasterKey: undefined,
    ...settings,
  }
}

const load = (settings: Parameters<typeof config>[0] = {}, isNeeded = false, random = new SeededRandom(1)) =>
  loadMasterKeys(config(settings), random, async () => isNeeded)

test('a key is made at the first start, for its owner alone, and is the same afterwards', async () => {
  const made = await load()
  expect(made.madeFile).toBe(keyPath())
  expect(statSync(keyPath()).mode & 0o777).toBe(0o600)
  expect(readFileSync(keyPath(), 'utf8')).toMatch(/^[A-Za-z\d+/]{43}=\n$/)
  const again = await load({}, true)
  expect(again.madeFile).toBe(null)
  expect(again.encryption.current).toEqual(made.encryption.current)
})

test('no key is made where something is encrypted already, nor for a look, nor where encryption is off', async () => {
  await expect(load({}, true)).rejects.toThrow(`${keyPath()} is missing, and the journal is encrypted`)
  await expect(load({ encryption: false }, true)).rejects.toThrow(KeyFileError)
  for (const [settings, random] of [
    [{}, null],
    [{ encryption: false }, new SeededRandom(1)],
  ] as const) {
    const { encryption, madeFile } = await loadMasterKeys(config(settings), random, async () => false)
    expect(encryption).toMatchObject({ current: null, others: [] })
    expect(madeFile).toBe(null)
  }
  expect(() => statSync(keyPath())).toThrow('ENOENT')
})

test('a key from the environment wins over a command, and that over the file', async () => {
  store('master.key', key(1))
  const masterKeyCommand = `printf '%s\\n' ${base64(key(2))}`
  expect((await load()).encryption.current?.id).toEqual(idOf(key(1)))
  expect((await load({ masterKeyCommand })).encryption.current?.id).toEqual(idOf(key(2)))
  const given = await load({ masterKeyCommand, masterKey: key(3) })
  expect(given.encryption.current?.id).toEqual(idOf(key(3)))
})

test('with encryption off the key still opens what is encrypted', async () => {
  store('master.key', key(1))
  const { encryption } = await load({ encryption: false }, true)
  expect(encryption.current).toBe(null)
  expect(encryption.others).toEqual([masterKeyOf(key(1))])
})

test('what a command does wrong is told, and not what it is', async () => {
  for (const [masterKeyCommand, words] of [
    ['echo sealed >&2; exit 3 # s3cret', 'failed: sealed'],
    ['echo no-key # s3cret', 'something else than 32 bytes'],
  ] as const) {
    const refused = load({ masterKeyCommand })
    await expect(refused).rejects.toThrow(words)
    await expect(refused).rejects.not.toThrow('s3cret')
  }
})

test('a file that others may read, or without a key in it, is refused, and nobody is told to remove it', async () => {
  store('master.key', key(1))
  chmodSync(keyPath(), 0o640)
  await expect(load()).rejects.toThrow('chmod 600')
  await expect(load()).rejects.not.toThrow('emove')
  chmodSync(keyPath(), 0o600)
  for (const text of ['', 'x', base64(key(1)).slice(1), 'x'.repeat(5000)]) {
    writeFileSync(keyPath(), text)
    await expect(load(), text).rejects.toThrow("doesn't hold a master key")
    await expect(load(), text).rejects.not.toThrow('emove')
  }
})

test('a key in a file is changed for a new one, which lies beside it until all is wrapped with it', async () => {
  store('master.key', key(1))
  const change = await nextMasterKeys(config(), new SeededRandom(5))
  expect(change.encryption.others).toEqual([masterKeyOf(key(1))])
  expect(readFileSync(keyPath(), 'utf8')).toBe(`${base64(key(1))}\n`)
  // Cut short: whoever comes next knows both, and goes on with the same one.
  const again = await load({}, true)
  expect(again.encryption).toMatchObject({
    current: change.encryption.current,
    others: [masterKeyOf(key(1))],
  })
  expect((await nextMasterKeys(config(), new SeededRandom(6))).encryption.current).toEqual(
    change.encryption.current,
  )
  await again.settle()
  const after = await load({}, true)
  expect(after.encryption).toMatchObject({ current: change.encryption.current, others: [] })
})

test('a key that comes from elsewhere is changed there, with the one before in the environment', async () => {
  const settings = { masterKey: key(2) }
  await expect(nextMasterKeys(config(settings), new SeededRandom(1))).rejects.toThrow(
    'MILLRACE_OLD_MASTER_KEY',
  )
  for (const { encryption } of [
    await nextMasterKeys(config({ ...settings, oldMasterKey: key(1) }), new SeededRandom(1)),
    await load({ ...settings, oldMasterKey: key(1) }, true),
  ]) {
    expect(encryption).toMatchObject({ current: masterKeyOf(key(2)), others: [masterKeyOf(key(1))] })
  }
})

test('what follows from a key is fixed: files of today are to be read tomorrow', () => {
  const { id, wrapping } = masterKeyOf(key(7))
  expect(Buffer.from(id).toString('hex')).toMatchInlineSnapshot(`"2ea2a14b622cfabd"`)
  expect(Buffer.from(wrapping).toString('hex')).toMatchInlineSnapshot(
    `"cf1de3ffeb46682240307713755c8dd097a6b178f909dfa699ee0fe738d6c132"`,
  )
})
