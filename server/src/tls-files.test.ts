import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestAuthority, type TestCertificate } from '../test/http/test-authority.ts'
import { readTlsFiles, TlsFilesError } from './tls-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-tls-'))
afterAll(() => rmSync(directory, { recursive: true }))

let authority: TestAuthority
let mill: TestCertificate
beforeAll(async () => {
  authority = await TestAuthority.create()
  mill = await authority.issue({ dns: ['mill.test'] })
})

/** Reads files with these contents. */
function read(certificate: string, privateKey: string) {
  const paths = { tlsCert: join(directory, 'cert.pem'), tlsKey: join(directory, 'key.pem') }
  writeFileSync(paths.tlsCert, certificate)
  writeFileSync(paths.tlsKey, privateKey)
  return readTlsFiles(paths)
}

test('a certificate, those behind it, and its key are read as they are', async () => {
  const chain = mill.certificate + authority.certificate
  const files = await read(chain, mill.privateKey)
  expect(files).toMatchObject({ certificate: chain, privateKey: mill.privateKey })
  expect(files.own.subjectAltName).toBe('DNS:mill.test')
})

test('both may stand in one file', async () => {
  const both = mill.certificate + mill.privateKey
  expect((await read(both, both)).own.subject).toBe('CN=mill.test')
})

const encrypted = (pem: string) =>
  createPrivateKey(pem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'no certificate',
    () => read('nothing', mill.privateKey),
    /cert\.pem \(--tls-cert\) must hold a certificate/,
  ],
  ['no key', () => read(mill.certificate, 'nothing'), /key\.pem \(--tls-key\) must hold a private key/],
  ['an encrypted key', () => read(mill.certificate, encrypted(mill.privateKey)), /--tls-key\) is encrypted/],
  [
    "another certificate's key",
    async () => read(mill.certificate, (await authority.issue({ dns: ['mill.test'] })).privateKey),
    /is not that of the certificate/,
  ],
  [
    'a broken certificate behind the own one',
    () =>
      read(
        `${mill.certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
        mill.privateKey,
      ),
    /can't be used for TLS/,
  ],
  [
    'no file',
    () => readTlsFiles({ tlsCert: join(directory, 'none'), tlsKey: '' }),
    /can't read .*none \(--tls-cert\)/,
  ],
  [
    'no file of a key',
    () => readTlsFiles({ tlsCert: join(directory, 'cert.pem'), tlsKey: directory }),
    /can't read .* \(--tls-key\)/,
  ],
])('%s is told with the file and its setting', async (_what, task, message) => {
  const error = await task().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TlsFilesError)
  expect(String(error)).toMatch(message)
  expect(String(error)).not.toContain('BEGIN')
})
