import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setMaxListeners } from 'node:events'
import { createServer } from 'node:https'
import forge from 'node-forge'
import { afterEach, expect, test } from 'vitest'
import type { Dispatch } from '../../src/core/pushes.ts'
import { HttpTransport, type HttpTransportOptions } from '../../src/delivery/http-transport.ts'
import { HeldTimers } from './held-timers.ts'
import { answer, type Behaviour, close, endless, HttpPeer, hang, reset, say } from './http-peer.ts'
import { delivery } from './test-delivery.ts'

const NEVER = new AbortController().signal
setMaxListeners(0, NEVER)
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function transport(options: Partial<HttpTransportOptions> = {}) {
  const timers = new HeldTimers()
  const made = new HttpTransport({
    ...{ timers, allowPrivate: true, resolveName: async () => ['127.0.0.1'] },
    ...options,
  })
  cleanups.push(() => made.close())
  const deliver = (what: Dispatch, signal = NEVER) => made.deliver(what, signal)
  return { timers, deliver }
}

async function peerThat(...script: Behaviour[]): Promise<HttpPeer> {
  const peer = await HttpPeer.start(...script)
  cleanups.push(() => peer.stop())
  return peer
}

/** A certificate for one name, signed by itself. */
function certificateFor(name: string) {
  const keys = forge.pki.rsa.generateKeyPair(2_048)
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = keys.publicKey
  certificate.serialNumber = '01'
  certificate.validity.notAfter = new Date(certificate.validity.notBefore.getTime() + 86_400_000)
  certificate.setSubject([{ name: 'commonName', value: name }])
  certificate.setIssuer([{ name: 'commonName', value: name }])
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }])
  certificate.sign(keys.privateKey, forge.md.sha256.create())
  return { key: forge.pki.privateKeyToPem(keys.privateKey), cert: forge.pki.certificateToPem(certificate) }
}

/** The lines of a request's head, without the first, and its body. */
function partsOf(request: string | undefined) {
  const [head = '', body] = (request ?? '').split('\r\n\r\n')
  const [line, ...headers] = head.split('\r\n')
  return { line, headers, body }
}

test('a notification is posted with the headers that AWS sends', async () => {
  const peer = await peerThat(answer(200))
  const { deliver } = transport()
  const what = delivery(`${peer.url}?a=b`)
  expect(await deliver(what, NEVER)).toEqual({ ok: true })
  const { line, headers, body } = partsOf(peer.requests[0])
  expect(line).toBe('POST /hook?a=b HTTP/1.1')
  expect(headers).toEqual([
    'x-amz-sns-message-type: Notification',
    'x-amz-sns-message-id: 165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
    'x-amz-sns-topic-arn: arn:aws:sns:us-east-1:000000000000:mill',
    'x-amz-sns-subscription-arn: arn:aws:sns:us-east-1:000000000000:mill:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55',
    `Content-Length: ${what.notification.document.length}`,
    'Content-Type: text/plain; charset=UTF-8',
    'Connection: Keep-Alive',
    'User-Agent: Amazon Simple Notification Service Agent',
    'Accept-Encoding: gzip,deflate',
    `Host: 127.0.0.1:${peer.port}`,
  ])
  expect(body).toBe(what.notification.document)
})

test('a raw notification is the message alone, of the content type that was asked for', async () => {
  const peer = await peerThat(answer(200))
  const { deliver } = transport()
  const message = 'Mühle \u{1f33e}'
  await deliver({ ...delivery(peer.url, { message }), raw: true, contentType: 'application/json' })
  const { headers, body } = partsOf(peer.requests[0])
  expect(headers).toContain('x-amz-sns-rawdelivery: true')
  expect(headers).toContain('Content-Type: application/json')
  expect(headers).toContain(`Content-Length: ${Buffer.byteLength(message)}`)
  expect(body).toBe(message)
})

test('a confirmation is a document also where delivery is raw, and names no subscription yet', async () => {
  const peer = await peerThat(answer(200))
  const { deliver } = transport()
  const changes = { type: 'SubscriptionConfirmation', subscriptionArn: undefined } as const
  await deliver({ ...delivery(peer.url, changes), raw: true })
  const { headers, body } = partsOf(peer.requests[0])
  expect(headers).toContain('x-amz-sns-message-type: SubscriptionConfirmation')
  expect(headers.join()).not.toMatch(/rawdelivery|subscription-arn/)
  expect(body).toContain('"Type"')
})

test('credentials in the URL become basic authentication, and are in no reason', async () => {
  const peer = await peerThat(answer(200), answer(500))
  const { deliver } = transport()
  const endpoint = peer.url.replace('http://', 'http://mill:se%3Acret@')
  expect(await deliver(delivery(endpoint))).toEqual({ ok: true })
  const { headers, line } = partsOf(peer.requests[0])
  expect(headers).toContain(`Authorization: Basic ${Buffer.from('mill:se:cret').toString('base64')}`)
  expect(`${line}${headers.find((header) => header.startsWith('Host'))}`).not.toContain('cret')
  const outcomes = [await deliver(delivery(endpoint)), await deliver(delivery(`${endpoint}:99999`))]
  expect(JSON.stringify(outcomes)).not.toContain('cret')
})

test.each([
  [200, true],
  [201, true],
  [204, true],
  [299, true],
])('an answer of %i is success', async (status) => {
  const peer = await peerThat(answer(status))
  expect(await transport().deliver(delivery(peer.url))).toEqual({ ok: true })
})

test.each([
  ...[301, 302, 304, 307, 400, 401, 403, 404, 408, 410, 418, 499, 600].map(
    (status) => [status, false] as const,
  ),
  ...[429, 500, 501, 502, 503, 504, 599].map((status) => [status, true] as const),
])('an answer of %i is a failure, retryable: %s', async (status, retryable) => {
  const peer = await peerThat(answer(status, '', 'location: http://127.0.0.1:1/\r\n'))
  const reason = `answered with status ${status}`
  expect(await transport().deliver(delivery(peer.url))).toEqual({ ok: false, retryable, reason, status })
  expect(peer.requests).toHaveLength(1)
})

test('a refused connection is tried again later', async () => {
  const peer = await HttpPeer.start(hang)
  const { url } = peer
  await peer.stop()
  expect(await transport().deliver(delivery(url))).toMatchObject({ ok: false, retryable: true })
})

test.each<[string, Behaviour]>([
  ['a reset before the answer', reset],
  ['a close before the answer', close],
  ['a reset within the head', say('HTTP/1.1 200 OK\r\ncontent-', reset)],
  ['a close within the head', say('HTTP/1.1 200 OK\r\ncontent-', close)],
  ['what is no HTTP', say('SSH-2.0-OpenSSH_9.6\r\n')],
  ['a head without end', endless('HTTP/1.1 200 OK\r\nx: ')],
])('%s is tried again later', async (_what, behaviour) => {
  const peer = await peerThat(behaviour)
  expect(await transport().deliver(delivery(peer.url))).toMatchObject({ ok: false, retryable: true })
  expect(peer.requests).toHaveLength(1)
})

test.each<[string, Behaviour]>([
  ['resets', say('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', reset)],
  ['closes', say('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', close)],
  ['writes without end', endless('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n')],
  ['never ends a chunk', endless('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffff\r\n')],
])('an endpoint that said 200 and then %s has the notification', async (_what, behaviour) => {
  const peer = await peerThat(behaviour)
  expect(await transport().deliver(delivery(peer.url))).toEqual({ ok: true })
})

test('an upgrade that nobody asked for is no success', async () => {
  const peer = await peerThat(
    say('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  )
  expect(await transport().deliver(delivery(peer.url))).toMatchObject({
    ok: false,
    retryable: false,
    status: 101,
  })
})

test('an endpoint that hangs is given up after 15 seconds, and its connection is closed', async () => {
  const peer = await peerThat(hang)
  const { deliver, timers } = transport()
  const outcome = deliver(delivery(peer.url))
  await peer.received(1)
  expect(timers.waiting).toEqual([15_000])
  timers.fire()
  expect(await outcome).toEqual({ ok: false, retryable: true, reason: 'no answer in time' })
  while (peer.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('an endpoint that said 200 and whose body hangs has the notification when the time is over', async () => {
  const peer = await peerThat(say('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nslow'))
  const { deliver, timers } = transport()
  const headCame = new Promise<void>((resolve) => {
    const listener = () => {
      unsubscribe('http.client.response.finish', listener)
      resolve()
    }
    subscribe('http.client.response.finish', listener)
  })
  const outcome = deliver(delivery(peer.url))
  await headCame
  timers.fire()
  expect(await outcome).toEqual({ ok: true })
})

test('an attempt that succeeded leaves no timer', async () => {
  const peer = await peerThat(answer(200, 'ok'))
  const { deliver, timers } = transport()
  await deliver(delivery(peer.url))
  expect(timers.waiting).toEqual([])
})

test('a signal gives an attempt up, before it and within', async () => {
  const peer = await peerThat(hang)
  const { deliver } = transport()
  const stop = new AbortController()
  const outcome = deliver(delivery(peer.url), stop.signal)
  await peer.received(1)
  stop.abort()
  expect(await outcome).toEqual({ ok: false, retryable: true, reason: 'given up' })
  expect(await deliver(delivery(peer.url), stop.signal)).toMatchObject({ reason: 'given up' })
  expect(peer.requests).toHaveLength(1)
})

test('connections are used again, and one that the endpoint had closed is no failure', async () => {
  const peer = await peerThat(answer(200), answer(200), reset, answer(200))
  const { deliver } = transport()
  expect(await deliver(delivery(peer.url))).toEqual({ ok: true })
  expect(await deliver(delivery(peer.url))).toEqual({ ok: true })
  expect(peer.connections).toBe(1)
  expect(await deliver(delivery(peer.url))).toEqual({ ok: true })
  expect(peer.connections).toBe(2)
  expect(peer.requests).toHaveLength(4)
})

test('endpoints that hang do not hold up others', async () => {
  const dead = await peerThat(hang)
  const alive = await peerThat(answer(200))
  const { deliver, timers } = transport()
  const waiting = Array.from({ length: 200 }, () => deliver(delivery(dead.url)))
  expect(await deliver(delivery(alive.url))).toEqual({ ok: true })
  await dead.received(16)
  expect(dead.connections).toBe(16)
  // From now on it gets one at a time.
  timers.fire()
  await dead.received(17)
  expect(await deliver(delivery(alive.url))).toEqual({ ok: true })
  expect(dead.requests).toHaveLength(17)
  await dead.stop()
  const outcomes = await Promise.all(waiting)
  expect(outcomes.every((outcome) => !outcome.ok && outcome.retryable)).toBe(true)
})

test('a name that leads to private addresses is refused for good, and nothing is connected to', async () => {
  const peer = await peerThat(answer(200))
  const endpoint = `http://rebind.example:${peer.port}/`
  for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254']) {
    const { deliver } = transport({ allowPrivate: false, resolveName: async () => [address] })
    expect(await deliver(delivery(endpoint))).toEqual({
      ...{ ok: false, retryable: false, reason: 'the name leads to no public address' },
    })
  }
  expect(peer.connections).toBe(0)
})

test('an address is looked up once for a connection, so that a second answer changes nothing', async () => {
  const peer = await peerThat(answer(200))
  const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.3']]
  let lookups = 0
  const { deliver } = transport({ resolveName: async () => answers[lookups++] ?? [] })
  expect(await deliver(delivery(`http://once.example:${peer.port}/`))).toEqual({ ok: true })
  expect(lookups).toBe(1)
})

test('private addresses are refused however they are written, unless they are allowed', async () => {
  const peer = await peerThat(answer(200))
  const guarded = transport({ allowPrivate: false })
  for (const host of ['127.0.0.1', '127.1', '0x7f000001', '[::1]', '[::ffff:7f00:1]', 'localhost'])
    expect(await guarded.deliver(delivery(`http://${host}:${peer.port}/`))).toMatchObject({
      retryable: false,
    })
  expect(peer.connections).toBe(0)
  expect(await transport().deliver(delivery(peer.url))).toEqual({ ok: true })
})

test('a name without an address is refused, and a name server that fails is asked again later', async () => {
  const none = transport({ resolveName: async () => [] })
  expect(await none.deliver(delivery('http://none.example/'))).toMatchObject({ retryable: false })
  const broken = transport({
    resolveName: async () => {
      throw new Error('queryA ETIMEOUT broken.example')
    },
  })
  expect(await broken.deliver(delivery('http://broken.example/'))).toMatchObject({
    ...{ retryable: true, reason: 'queryA ETIMEOUT broken.example' },
  })
})

test('an HTTPS endpoint is told who it is asked as, and trusted only by its certificate', async () => {
  const { key, cert } = certificateFor('hook.example')
  const names: unknown[] = []
  const SNICallback = (name: string, done: (error: null) => void) => {
    names.push(name)
    done(null)
  }
  const server = createServer({ key, cert, SNICallback }, (_, response) => response.end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined

  const trusting = transport({ ca: [cert] })
  expect(await trusting.deliver(delivery(`https://hook.example:${port}/`))).toEqual({ ok: true })
  expect(names).toEqual(['hook.example'])
  const other = await trusting.deliver(delivery(`https://other.example:${port}/`))
  expect(other).toMatchObject({ ok: false, retryable: true })
  const untrusting = await transport().deliver(delivery(`https://hook.example:${port}/`))
  expect(untrusting).toMatchObject({ ok: false, retryable: true, reason: 'self-signed certificate' })
})

test('an endpoint that can be none is refused for good', async () => {
  const { deliver } = transport()
  for (const endpoint of ['', 'ftp://example.org', 'http://u%zz@example.org/', 'http://exa mple/'])
    expect(await deliver(delivery(endpoint))).toMatchObject({ ok: false, retryable: false })
})

test('a header that can be none is refused for good, not thrown', async () => {
  const peer = await peerThat(answer(200))
  const { deliver } = transport()
  const outcome = await deliver({ ...delivery(peer.url), contentType: 'text/plain\r\nx: y' })
  expect(outcome).toMatchObject({ ok: false })
  expect(peer.connections).toBe(0)
})
