import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadRootKey } from '../auth/root-key-file.ts'
import { SeededRandom } from '../base/random.ts'
import { readConfig } from './read-config.ts'
import { type AccessSources, findServer } from './server-access.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-access-'))
afterAll(() => rmSync(directory, { recursive: true }))

const find = ({
  flags = {},
  ...sources
}: Partial<AccessSources> & { flags?: Record<string, unknown> } = {}) =>
  findServer({
    config: readConfig({ flags, environment: {}, workingDirectory: directory }),
    ...{ environment: {}, isNamed: false, region: undefined, account: undefined },
    ...sources,
  })

const NAMED = {
  AWS_ENDPOINT_URL: 'http://queues.example:9324/',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
}
const OPEN = { auth: 'off' }

test('the environment names the server and the keys', async () => {
  expect(
    await find({ environment: { ...NAMED, AWS_SESSION_TOKEN: 't', AWS_DEFAULT_REGION: 'eu-west-1' } }),
  ).toEqual({
    endpoint: 'http://queues.example:9324',
    accessKeyId: 'AKIAEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 't',
    region: 'eu-west-1',
    accountId: '000000000000',
  })
})

test('a flag that says where the server is wins over the environment, keys and all', async () => {
  const found = await find({ environment: NAMED, isNamed: true, flags: { ...OPEN, port: '4999' } })
  expect(found).toMatchObject({ endpoint: 'http://127.0.0.1:4999', accessKeyId: '000000000000' })
})

test('keys without an endpoint are for another server', async () => {
  const { AWS_ENDPOINT_URL: _, ...keys } = NAMED
  expect(await find({ environment: keys, flags: OPEN })).toMatchObject({
    endpoint: 'http://127.0.0.1:4566',
    secretAccessKey: 'any',
  })
})

test('else the root key of the data directory signs', async () => {
  const { pair } = await loadRootKey(directory, undefined, new SeededRandom(1))
  expect(await find({ flags: { 'data-dir': directory } })).toMatchObject({
    accessKeyId: pair.accessKeyId,
    secretAccessKey: pair.secretKey,
  })
  const endpointOnly = { AWS_ENDPOINT_URL: NAMED.AWS_ENDPOINT_URL }
  expect(await find({ environment: endpointOnly, flags: { 'data-dir': directory } })).toMatchObject({
    endpoint: 'http://queues.example:9324',
    accessKeyId: pair.accessKeyId,
  })
})

test('without authentication the key id names the account', async () => {
  expect(await find({ flags: OPEN, account: '111111111111' })).toMatchObject({
    accessKeyId: '111111111111',
    accountId: '111111111111',
  })
})

test('the region is the one that was asked for, else the one of the environment, else the first', async () => {
  const regionOf = async (region: string | undefined, environment: Record<string, string>) =>
    (await find({ flags: OPEN, region, environment })).region
  expect(await regionOf('eu-west-1', { AWS_REGION: 'eu-west-2' })).toBe('eu-west-1')
  expect(await regionOf(undefined, { AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'x' })).toBe('eu-west-2')
  expect(await regionOf(undefined, { AWS_REGION: '' })).toBe('us-east-1')
})

test.each([
  [
    'no key',
    { flags: { 'data-dir': '/nonexistent' } },
    /no root key in \/nonexistent.*--data-dir.*--auth off/,
  ],
  ['port 0', { flags: { ...OPEN, port: '0' } }, /--port 0/],
  ['a region that is none', { flags: OPEN, region: 'Europe' }, /--region/],
  ['an account that is none', { flags: OPEN, account: '42' }, /--account/],
  [
    'an endpoint that is no URL',
    { environment: { ...NAMED, AWS_ENDPOINT_URL: 'localhost:4566' } },
    /AWS_ENDPOINT_URL/,
  ],
])('%s is told', async (_, sources, message) => {
  await expect(find(sources)).rejects.toThrow(message)
})
