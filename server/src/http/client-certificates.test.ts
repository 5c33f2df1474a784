import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { beforeAll, expect, test } from 'vitest'
import { TestAuthority, type TestCertificate } from '../../test/http/test-authority.ts'
import { closings, openHttp2, start, tick, UNUSUAL, Wire } from '../../test/http/test-listener.ts'
import type { TlsOptions } from './tls-acceptor.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const CLIENT = { dns: ['carter'] }

let authority: TestAuthority
let clients: TestAuthority
let own: TestCertificate
let carter: TestCertificate
let trust: ConnectionOptions
beforeAll(async () => {
  authority = await TestAuthority.create()
  clients = await TestAuthority.create('Clients')
  own = await authority.issue({ dns: ['mill.test'], ip: ['127.0.0.1'] })
  carter = await clients.issue(CLIENT)
  trust = { ca: authority.certificate, servername: 'mill.test' }
})

function startAsking(options: Partial<TlsOptions> = {}) {
  const clientAuthorities = [clients.certificate]
  return start({}, { tls: { ...own, minVersion: 'TLSv1.2', clientAuthorities, ...options } })
}

const shown = ({ certificate, privateKey }: TestCertificate) => ({ cert: certificate, key: privateKey })

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const

/** Whether a client with these options gets an answer, however the refusal shows. */
async function isServed(address: AddressInfo, options: ConnectionOptions): Promise<boolean> {
  const socket = connectTls({ port: address.port, host: '127.0.0.1', ...trust, ...options })
  closings.push(async () => void socket.destroy())
  socket.on('error', () => {})
  socket.write(GET)
  let received = ''
  socket.on('data', (piece: Buffer) => {
    received += piece.toString('latin1')
  })
  while (!received.includes('GET /?') && !socket.closed) await tick()
  return received.includes('200 OK')
}

test.each(VERSIONS)(
  'who shows a certificate of the authority is served, and nobody else (%s)',
  async (maxVersion) => {
    const { address, handler, log } = await startAsking()
    const stranger = await (await TestAuthority.create('Strangers')).issue(CLIENT)
    const expired = await clients.issue(CLIENT, -1)
    const server = await clients.issue({ ...CLIENT, use: 'serverAuth' })
    for (const refused of [undefined, stranger, expired, server, own]) {
      expect(await isServed(address, { maxVersion, ...(refused && shown(refused)) })).toBe(false)
    }
    expect(handler.seen).toEqual([])
    expect(log.losses[0]).toContain('peer did not return a certificate')
    expect(log.losses.filter((loss) => loss.startsWith('its'))).toEqual([
      'its certificate was refused: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'its certificate was refused: CERT_HAS_EXPIRED',
      'its certificate was refused: INVALID_PURPOSE',
      'its certificate was refused: SELF_SIGNED_CERT_IN_CHAIN',
    ])
    expect(await isServed(address, { maxVersion, ...shown(carter) })).toBe(true)
    const meant = await clients.issue({ ...CLIENT, use: 'clientAuth' })
    expect(await isServed(address, { maxVersion, ...shown(meant) })).toBe(true)
  },
)

test('HTTP/2 asks for a certificate too', async () => {
  const { address } = await startAsking()
  const admitted = openHttp2(address, { ...trust, ...shown(carter) })
  const [headers] = await once(admitted.request({ ':path': '/' }), 'response')
  expect(headers[':status']).toBe(200)
  const refused = openHttp2(address, trust).request({ ':path': '/' })
  await expect(once(refused, 'response')).rejects.toThrow()
})

test.each(VERSIONS)(
  'where it is optional, none is as good as one, but not a bad one (%s)',
  async (maxVersion) => {
    const { address, log } = await startAsking({ clientCertificate: 'optional' })
    expect(await isServed(address, { maxVersion })).toBe(true)
    expect(await isServed(address, { maxVersion, ...shown(carter) })).toBe(true)
    for (const bad of [await clients.issue(CLIENT, -1), own]) {
      expect(await isServed(address, { maxVersion, ...shown(bad) })).toBe(false)
    }
    expect(log.losses.filter((loss) => loss.includes('its certificate was refused'))).toHaveLength(2)
  },
)

test('a session is resumed without showing the certificate again, until the authorities are renewed', async () => {
  const { address, listener } = await startAsking()
  const from = {
    port: address.port,
    host: '127.0.0.1',
    ...trust,
    ...shown(carter),
    maxVersion: 'TLSv1.2',
  } as const
  const first = connectTls(from)
  closings.push(async () => void first.destroy())
  const [session] = await once(first, 'session')
  const bare = { maxVersion: 'TLSv1.2', session } as const
  expect(await isServed(address, bare)).toBe(true)

  const others = await TestAuthority.create('Others')
  listener.renewCertificate({ ...own, clientAuthorities: [others.certificate] })
  expect(await isServed(address, bare)).toBe(false)
  expect(await isServed(address, shown(carter))).toBe(false)
  expect(await isServed(address, shown(await others.issue(CLIENT)))).toBe(true)
  // Who is connected stays.
  first.write(GET)
  expect(String((await once(first, 'data'))[0])).toContain('200 OK')
})

test('on the same machine plain HTTP is served without a certificate', async () => {
  const { address } = await startAsking()
  await new Wire(address).write(GET).until('GET /?')
  await new Wire(address).write(`GET / HTTP/1.1\r\nHost: a\r\n${UNUSUAL}\r\n`).until('GET /?')
})
