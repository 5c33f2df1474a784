import { createPrivateKey } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestAuthority, type TestCertificate } from '../test/http/test-authority.ts'
import { readAuthorities, readTlsFiles, TlsFilesError } from './tls-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-tls-'))
afterAll(() => rmSync(directory, { recursive: true }))

let authority: TestAuthority
let mill: TestCertificate
beforeAll(async () => {
  authority = await TestAuthority.create()
  mill = await authority.issue({ dns: ['mill.test'] })
})

function authorities(text: string): Promise<readonly string[]> {
  const path = join(directory, 'ca.pem')
  writeFileSync(path, text)
  return readAuthorities(path, '--delivery-ca')
}

/** Reads files with these contents. */
function read(certificate: string, privateKey: string, authorities?: string) {
  const paths = {
    tlsCert: join(directory, 'cert.pem'),
    tlsKey: join(directory, 'key.pem'),
    tlsClientCa: authorities === undefined ? '' : join(directory, 'ca.pem'),
  }
  writeFileSync(paths.tlsCert, certificate)
  writeFileSync(paths.tlsKey, privateKey)
  if (authorities !== undefined) writeFileSync(paths.tlsClientCa, authorities)
  return readTlsFiles(paths)
}

test('a certificate, those behind it, and its key are read as they are', async () => {
  const chain = mill.certificate + authority.certificate
  const files = await read(chain, mill.privateKey)
  expect(files).toMatchObject({ certificate: chain, privateKey: mill.privateKey })
  expect(files.own.subjectAltName).toBe('DNS:mill.test')
})

test('authorities of clients are read, and none is asked for where none is named', async () => {
  const both = authority.certificate + (await TestAuthority.create('Another')).certificate
  expect((await read(mill.certificate, mill.privateKey, both)).clientAuthorities).toHaveLength(2)
  expect((await read(mill.certificate, mill.privateKey)).clientAuthorities).toBeUndefined()
})

test('both may stand in one file', async () => {
  const both = mill.certificate + mill.privateKey
  expect((await read(both, both)).own.subject).toBe('CN=mill.test')
})

const encrypted = (pem: string) =>
  createPrivateKey(pem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()

test('all authorities of a file are found, whatever stands between them', async () => {
  const found = await authorities(`# ours\n${mill.certificate}\n${authority.certificate}`)
  expect(found).toEqual([mill.certificate.trim(), authority.certificate.trim()])
})

test.each<[string, () => Promise<unknown>, RegExp]>([
  ['no authority', () => authorities(mill.privateKey), /ca\.pem \(--delivery-ca\) must hold certificates/],
  [
    'a broken authority',
    () => authorities('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    /--delivery-ca\) must hold a certificate/,
  ],
  [
    'no file of authorities',
    () => readAuthorities(directory, '--delivery-ca'),
    /can't read .* \(--delivery-ca\)/,
  ],
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
    () => readTlsFiles({ tlsCert: join(directory, 'none'), tlsKey: '', tlsClientCa: '' }),
    /can't read .*none \(--tls-cert\)/,
  ],
  [
    'no file of a key',
    () => readTlsFiles({ tlsCert: join(directory, 'cert.pem'), tlsKey: directory, tlsClientCa: '' }),
    /can't read .* \(--tls-key\)/,
  ],
  [
    'no authority of clients',
    () => read(mill.certificate, mill.privateKey, 'nothing'),
    /ca\.pem \(--tls-client-ca\) must hold certificates/,
  ],
  [
    'a broken authority behind a good one',
    () =>
      read(
        mill.certificate,
        mill.privateKey,
        `${authority.certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      ),
    /ca\.pem \(--tls-client-ca\) must hold a certificate/,
  ],
])('%s is told with the file and its setting', async (_what, task, message) => {
  const error = await task().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TlsFilesError)
  expect(String(error)).toMatch(message)
  expect(String(error)).not.toContain('BEGIN')
})
