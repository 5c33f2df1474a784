import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { RootCredentials } from './root-key.ts'
import { loadRootKey } from './root-key-file.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'root-key-'))
})
afterEach(() => rm(directory, { recursive: true }))

const load = (given?: { accessKeyId: string; secretKey: string }) =>
  loadRootKey(directory, given, new SeededRandom(7))
const file = () => join(directory, 'root-key.json')
const GIVEN = {
  accessKeyId: 'AKIAGIVENGIVENGIVEN0',
  secretKey: 'a secret key without spaces'.replaceAll(' ', '-'),
}

test('the first start makes a key in AWS’s form and keeps it for its owner alone', async () => {
  const { pair, isNew } = await load()
  expect(isNew).toBe(true)
  expect(pair.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
  expect(pair.secretKey).toMatch(/^[A-Za-z0-9+/]{40}$/)
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['root-key.json'])
})

test('later starts find the same key', async () => {
  const first = await load()
  expect(await loadRootKey(directory, undefined, new SeededRandom(8))).toEqual({
    pair: first.pair,
    isNew: false,
  })
})

test('a key that is given takes the place of the kept one', async () => {
  await load()
  expect(await load(GIVEN)).toEqual({ pair: GIVEN, isNew: false })
  expect(await load()).toEqual({ pair: GIVEN, isNew: false })
})

test.each([
  [{ ...GIVEN, accessKeyId: 'short' }, 'the access key id must be'],
  [{ ...GIVEN, accessKeyId: 'has/a/slash/in/its/middle' }, 'the access key id must be'],
  [{ ...GIVEN, secretKey: 'short' }, 'the secret key must be'],
  [{ ...GIVEN, secretKey: 'with a space in it' }, 'the secret key must be'],
])('a given key that clients could not use is refused', async (given, message) => {
  await expect(load(given)).rejects.toThrow(message)
  expect(await readdir(directory)).toEqual([])
})

test.each([0o640, 0o604, 0o660])('a file with mode %o is refused, and what to do is said', async (mode) => {
  await load()
  await chmod(file(), mode)
  await expect(load()).rejects.toThrow(/root-key\.json can be read or written by others .* chmod 600/)
  await expect(load(GIVEN)).rejects.toThrow('can be read or written by others')
})

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"accessKeyId":"AKIAGIVENGIVENGIVEN0"}',
  '{"accessKeyId":1,"secretKey":2}',
  '{"accessKeyId":"a","secretKey":"b"}',
  ' '.repeat(5_000),
])('a file that holds no key is refused: %j', async (text) => {
  await writeFile(file(), text, { mode: 0o600 })
  await expect(load()).rejects.toThrow("doesn't hold an access key")
  expect(await readFile(file(), 'utf8')).toBe(text)
})

test('what a crash left of an unfinished write is not in the way', async () => {
  await writeFile(`${file()}.new`, 'half', { mode: 0o644 })
  await load()
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['root-key.json'])
})

test('the root key speaks for the root user of the first account', () => {
  const credentials = new RootCredentials(GIVEN)
  expect(credentials.find(GIVEN.accessKeyId)).toEqual({
    ...GIVEN,
    accountId: '000000000000',
    userId: '000000000000',
    principalArn: 'arn:aws:iam::000000000000:root',
    identity: expect.objectContaining({ session: null }),
  })
  expect(credentials.find(GIVEN.accessKeyId)).toBe(credentials.find(GIVEN.accessKeyId))
  expect(credentials.find('AKIAANOTHER000000000')).toBeUndefined()
})
