import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Names, TestAuthority } from '../../test/http/test-authority.ts'
import { clientUrl } from './client-url.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-url-'))
afterAll(() => rmSync(directory, { recursive: true }))

let authority: TestAuthority
beforeAll(async () => {
  authority = await TestAuthority.create()
})

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4566'],
  ['0.0.0.0', 'http://127.0.0.1:4566'],
  ['::', 'http://[::1]:4566'],
  ['fd00::7', 'http://[fd00::7]:4566'],
  ['queues.example.com', 'http://queues.example.com:4566'],
])('clients reach a server on %s at %s', (host, url) => {
  expect(clientUrl({ host, port: 4566, tlsCert: '' })).toBe(url)
})

const MILL = { dns: ['*.mill.test', 'queues.mill.test', 'other.test'] }

test.each<[string, Names, string]>([
  ['0.0.0.0', MILL, 'https://queues.mill.test:4566'],
  ['127.0.0.1', { ...MILL, ip: ['127.0.0.1'] }, 'https://127.0.0.1:4566'],
  ['::', { ip: ['::1'] }, 'https://[::1]:4566'],
  ['a.mill.test', MILL, 'https://a.mill.test:4566'],
  ['mill', MILL, 'https://queues.mill.test:4566'],
  ['mill', { dns: ['*.mill.test'] }, 'https://mill:4566'],
])('on %s with a certificate for %o they reach it at %s', async (host, names, url) => {
  const tlsCert = join(directory, 'cert.pem')
  writeFileSync(tlsCert, (await authority.issue(names)).certificate)
  expect(clientUrl({ host, port: 4566, tlsCert })).toBe(url)
})

test('a certificate that the asker may not read changes nothing but the scheme', () => {
  expect(clientUrl({ host: '0.0.0.0', port: 1, tlsCert: join(directory, 'none') })).toBe(
    'https://127.0.0.1:1',
  )
})
