import { X509Certificate } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSigningKey } from './signing-key.ts'

const NOW = Date.parse('2026-01-31T12:00:00Z')
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signing-key-'))
})
afterEach(() => rm(directory, { recursive: true }))

const load = () => loadSigningKey(directory, NOW)
const file = () => join(directory, 'sns-signing-key.pem')

test('the first start makes a key for its owner alone, later starts find it', async () => {
  const first = await load()
  expect((await stat(file())).mode & 0o777).toBe(0o600)
  expect(await readdir(directory)).toEqual(['sns-signing-key.pem'])
  const later = await load()
  expect(later.certificate).toBe(first.certificate)
  expect(later.certificatePath).toBe(first.certificatePath)
  expect(later.privateKey.equals(first.privateKey)).toBe(true)
})

test('the certificate is for the key, signed by it, and has no end', async () => {
  const { certificate, certificatePath, privateKey } = await load()
  const read = new X509Certificate(certificate)
  expect(read.checkPrivateKey(privateKey)).toBe(true)
  expect(read.verify(read.publicKey)).toBe(true)
  expect(read.ca).toBe(false)
  expect(new Date(read.validFrom).getTime()).toBe(NOW - 86_400_000)
  expect(new Date(read.validTo).getUTCFullYear()).toBe(9999)
  expect(read.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2_048)
  expect(certificatePath).toMatch(/^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/)
})

test('the certificate tells nothing of the private key', async () => {
  const { certificate } = await load()
  expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----/)
  expect(certificate).not.toContain('PRIVATE')
})

test('two data directories have two keys', async () => {
  const first = await load()
  await rm(file())
  expect((await load()).certificatePath).not.toBe(first.certificatePath)
})

test('a file that others may read is refused', async () => {
  await load()
  await chmod(file(), 0o640)
  await expect(load()).rejects.toThrow(/sns-signing-key\.pem can be read or written by others .* chmod 600/)
})

test('a file without a key, without a certificate, or with those of two keys is refused and left alone', async () => {
  const { certificate } = await load()
  const own = await readFile(file(), 'utf8')
  await rm(file())
  await load()
  const other = await readFile(file(), 'utf8')
  const keyOf = (text: string) => text.slice(0, text.indexOf('-----BEGIN CERTIFICATE'))
  for (const text of [
    '',
    'no key',
    certificate,
    keyOf(own),
    keyOf(other) + certificate,
    ' '.repeat(70_000),
  ]) {
    await writeFile(file(), text, { mode: 0o600 })
    await expect(load()).rejects.toThrow("doesn't hold a signing key and its certificate")
    expect(await readFile(file(), 'utf8')).toBe(text)
  }
})
