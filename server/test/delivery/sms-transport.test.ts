import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { SmppGateway } from '../../src/delivery/smpp-gateway.ts'
import { fillTemplate, SmsHttpGateway, type SmsRequestTemplate } from '../../src/delivery/sms-http-gateway.ts'
import { type SmsGateway, SmsTransport } from '../../src/delivery/sms-transport.ts'
import { HeldTimers } from './held-timers.ts'
import { answer, type Behaviour, close, HttpPeer, hang, reset, say } from './http-peer.ts'
import { type SmppPeer, type SmppStatuses, startSmppPeer, submitted, textOf } from './smpp-peer.ts'
import { delivery } from './test-delivery.ts'

const NEVER = new AbortController().signal
const PHONE = '+15551234567'
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function over(gateway: SmsGateway) {
  const made = new SmsTransport(gateway, 'MILL')
  cleanups.push(() => made.close())
  return made.deliver.bind(made)
}

const TEMPLATE: Omit<SmsRequestTemplate, 'url'> = {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer secret' },
  body: '{"to":"{phone}","from":"{sender}","text":"{message}"}',
}

async function httpGateway(...script: Behaviour[]) {
  const peer = await HttpPeer.start(...script)
  cleanups.push(() => peer.stop())
  const timers = new HeldTimers()
  const deliver = over(new SmsHttpGateway({ ...TEMPLATE, url: `${peer.url}?to={phone}` }, timers))
  return { peer, timers, deliver }
}

test('a provider gets the request of the template, filled in', async () => {
  const { peer, deliver } = await httpGateway(answer(201))
  const message = 'Grain "is"\nhere {phone} \u{1f33e}'
  expect(await deliver(delivery(PHONE, { message }), NEVER)).toEqual({ ok: true })
  const [head = '', body = ''] = (peer.requests[0] ?? '').split('\r\n\r\n')
  expect(head).toMatch(/^POST \/hook\?to=%2B15551234567 HTTP\/1\.1\r\n/)
  expect(head).toContain('authorization: Bearer secret')
  expect(JSON.parse(body)).toEqual({ to: PHONE, from: 'MILL', text: message })
})

test.each([
  ['application/json; charset=utf-8', '{"t":"{message}"}', '{"t":"a\\"b\\\\&<\\u0001"}'],
  ['application/x-www-form-urlencoded', 't={message}&p={phone}', 't=a%22b%5C%26%3C%01&p=%2B15551234567'],
  ['text/xml', '<t>{message}</t>', '<t>a&#34;b\\&#38;&#60;&#1;</t>'],
  ['text/plain', '{message}', 'a"b\\&<\u0001'],
])('in %s what is filled in stays one value', (type, body, expected) => {
  const template = { ...TEMPLATE, url: 'http://gateway.example/', headers: { 'Content-Type': type }, body }
  const sms = { phone: PHONE, text: 'a"b\\&<\u0001', sender: 'MILL', reference: 1 }
  expect(fillTemplate(template, sms).body).toBe(expected)
})

test('half a surrogate pair fits into a URL, as what stands for it', () => {
  const template = { ...TEMPLATE, url: 'http://gateway.example/?t={message}' }
  const sms = { phone: PHONE, text: '\ud83c\ufffd?', sender: '', reference: 1 }
  expect(fillTemplate(template, sms).url).toBe('http://gateway.example/?t=%EF%BF%BD%EF%BF%BD%3F')
})

test.each<[string, Behaviour, boolean]>([
  ['answers 400', answer(400), false],
  ['answers 302', answer(302, '', 'location: /\r\n'), false],
  ['answers 429', answer(429), true],
  ['answers 500', answer(500), true],
  ['resets', reset, true],
  ['closes', close, true],
  ['speaks no HTTP', say('220 mill ESMTP\r\n'), true],
])('a provider that %s is a failure, retryable: %s', async (_what, behaviour, retryable) => {
  const { deliver } = await httpGateway(behaviour)
  const outcome = await deliver(delivery(PHONE), NEVER)
  expect(outcome).toMatchObject({ ok: false, retryable })
  expect(JSON.stringify(outcome)).not.toContain('secret')
})

test('a provider that hangs is given up after 15 seconds', async () => {
  const { peer, timers, deliver } = await httpGateway(hang)
  const outcome = deliver(delivery(PHONE), NEVER)
  await peer.received(1)
  expect(timers.waiting).toEqual([15_000])
  timers.fire()
  expect(await outcome).toMatchObject({ ok: false, retryable: true })
})

/** A gateway that keeps what it is asked, and would take anything. */
function keeping() {
  const sent: Parameters<SmsGateway['send']>[0][] = []
  const gateway: SmsGateway = {
    async send(sms) {
      sent.push(sms)
      return { ok: true }
    },
    async close() {},
  }
  return { sent, deliver: over(gateway) }
}

test('the topic is named before its message, in ten characters', async () => {
  const { sent, deliver } = keeping()
  await deliver(delivery(PHONE, { topicDisplayName: 'The old mill' }), NEVER)
  await deliver(delivery('1 555 123 4567'), NEVER)
  expect(sent.map(({ text }) => text)).toEqual(['The old mi> two millstones', 'two millstones'])
  expect(sent.map(({ phone }) => phone)).toEqual([PHONE, PHONE])
})

test('a publisher chooses the sender, if it can be one', async () => {
  const { sent, deliver } = keeping()
  const choose = (Value: string) =>
    deliver(
      delivery(PHONE, { messageAttributes: { 'AWS.SNS.SMS.SenderID': { Type: 'String', Value } } }),
      NEVER,
    )
  for (const name of ['Grain', '+15550000000', 'too long for it', 'no good!', '']) await choose(name)
  expect(sent.map(({ sender }) => sender)).toEqual(['Grain', '+15550000000', 'MILL', 'MILL', 'MILL'])
})

test('every attempt of a message has the same reference', async () => {
  const { sent, deliver } = keeping()
  await deliver(delivery(PHONE), NEVER)
  await deliver(delivery(PHONE), NEVER)
  await deliver(delivery(PHONE, { messageId: 'other' }), NEVER)
  expect(sent[1]?.reference).toBe(sent[0]?.reference)
  expect(sent[2]?.reference).not.toBe(sent[0]?.reference)
})

test('what is no phone number and what is too long is refused for good', async () => {
  const { sent, deliver } = keeping()
  for (const endpoint of ['', '+1', 'mill@example.org', '+15551234567,+15557654321'])
    expect(await deliver(delivery(endpoint), NEVER)).toMatchObject({ ok: false, retryable: false })
  expect(await deliver(delivery(PHONE, { message: 'x'.repeat(1_601) }), NEVER)).toMatchObject({
    retryable: false,
  })
  expect(sent).toEqual([])
  expect(await deliver(delivery(PHONE, { message: 'x'.repeat(1_600) }), NEVER)).toEqual({ ok: true })
})

async function smppPeer(statuses: SmppStatuses = {}): Promise<SmppPeer> {
  const peer = await startSmppPeer(statuses)
  cleanups.push(() => peer.stop())
  return peer
}

function overSmpp(url: string) {
  const timers = new HeldTimers()
  return { timers, deliver: over(new SmppGateway(new URL(url), timers)) }
}

test('an SMPP gateway is bound with our credentials once, and given every message', async () => {
  const peer = await smppPeer()
  const { deliver } = overSmpp(peer.url)
  const outcomes = await Promise.all([
    deliver(delivery(PHONE, { message: 'Grüße @£ [€]' }), NEVER),
    deliver(delivery(PHONE, { message: 'жито \u{1f33e}' }), NEVER),
  ])
  expect(outcomes).toEqual([{ ok: true }, { ok: true }])
  const binds = peer.pdus.filter(({ command }) => command.startsWith('bind'))
  expect(binds).toMatchObject([{ command: 'bind_transmitter', system_id: 'mill', password: 'se@cret' }])
  expect(submitted(peer)).toMatchObject([
    {
      destination_addr: '15551234567',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      source_addr: 'MILL',
      source_addr_ton: 5,
    },
    { data_coding: 8, esm_class: 0 },
  ])
  expect(submitted(peer).map(textOf)).toEqual(['Grüße @£ [€]', 'жито \u{1f33e}'])
})

test('a long message goes out in parts that a phone joins', async () => {
  const peer = await smppPeer()
  const message = 'grain and flour '.repeat(25)
  expect(await overSmpp(peer.url).deliver(delivery(PHONE, { message }), NEVER)).toEqual({ ok: true })
  const parts = submitted(peer)
  expect(parts).toHaveLength(3)
  expect(parts.every(({ esm_class }) => esm_class === 0x40)).toBe(true)
  expect(parts.map(textOf).join('')).toBe(message)
})

test.each([
  ['Grain', 5, 'Grain'],
  ['+15550000000', 1, '15550000000'],
  ['15550000000', 1, '15550000000'],
  ['12345', 3, '12345'],
])('the sender %s is told as what it is', async (Value, ton, address) => {
  const peer = await smppPeer()
  const messageAttributes = { 'AWS.SNS.SMS.SenderID': { Type: 'String', Value } }
  await overSmpp(peer.url).deliver(delivery(PHONE, { messageAttributes }), NEVER)
  expect(submitted(peer)).toMatchObject([{ source_addr_ton: ton, source_addr: address }])
})

test.each([
  [0x0b, false],
  [0x0a, false],
  [0x01, false],
  [0x65, false],
  [0x08, true],
  [0x14, true],
  [0x58, true],
  [0x64, true],
])('a status of %i is a failure, retryable: %s', async (status, retryable) => {
  const peer = await smppPeer({ submit: [status] })
  expect(await overSmpp(peer.url).deliver(delivery(PHONE), NEVER)).toEqual({
    ...{ ok: false, retryable, status, reason: `the gateway answered with status ${status}` },
  })
})

test('a part that is refused ends the message', async () => {
  const peer = await smppPeer({ submit: [0, 0x58, 0] })
  const outcome = await overSmpp(peer.url).deliver(delivery(PHONE, { message: 'x'.repeat(400) }), NEVER)
  expect(outcome).toMatchObject({ ok: false, retryable: true, status: 0x58 })
  expect(submitted(peer)).toHaveLength(2)
})

test('a gateway that refuses our password is asked again, and the password is in no reason', async () => {
  const peer = await smppPeer({ bind: 0x0e })
  const { deliver } = overSmpp(peer.url)
  const outcome = await deliver(delivery(PHONE), NEVER)
  expect(outcome).toMatchObject({ ok: false, retryable: true, status: 0x0e })
  expect(JSON.stringify(outcome)).not.toContain('cret')
  await deliver(delivery(PHONE), NEVER)
  expect(peer.pdus.filter(({ command }) => command === 'bind_transmitter')).toHaveLength(2)
})

test('a gateway that does not answer is given up after 15 seconds, and bound anew', async () => {
  const peer = await smppPeer({ submit: ['none', 0] })
  const { deliver, timers } = overSmpp(peer.url)
  const outcome = deliver(delivery(PHONE), NEVER)
  while (submitted(peer).length === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(timers.waiting).toContain(15_000)
  timers.fire()
  expect(await outcome).toMatchObject({
    ok: false,
    retryable: true,
    reason: 'the gateway did not answer in time',
  })
  expect(await deliver(delivery(PHONE), NEVER)).toEqual({ ok: true })
  expect(peer.pdus.filter(({ command }) => command === 'bind_transmitter')).toHaveLength(2)
})

test('a gateway that went away while nothing was sent is bound anew', async () => {
  const peer = await smppPeer()
  const { deliver } = overSmpp(peer.url)
  await deliver(delivery(PHONE), NEVER)
  for (const session of peer.sessions) session.destroy()
  let outcome = await deliver(delivery(PHONE), NEVER)
  // Whether the end was noticed before the message was written is chance; by the next one it was.
  if (!outcome.ok) outcome = await deliver(delivery(PHONE), NEVER)
  expect(outcome).toEqual({ ok: true })
})

test('a gateway that takes its leave is answered, and bound anew', async () => {
  const peer = await smppPeer()
  const { deliver } = overSmpp(peer.url)
  await deliver(delivery(PHONE), NEVER)
  const [session] = peer.sessions
  session?.unbind()
  while (!peer.pdus.some(({ command }) => command === 'unbind_resp'))
    await new Promise((resolve) => setImmediate(resolve))
  expect(await deliver(delivery(PHONE), NEVER)).toEqual({ ok: true })
  expect(peer.pdus.filter(({ command }) => command === 'bind_transmitter')).toHaveLength(2)
})

test('an idle gateway is asked now and then whether it is there', async () => {
  const peer = await smppPeer()
  const { deliver, timers } = overSmpp(peer.url)
  await deliver(delivery(PHONE), NEVER)
  expect(timers.waiting).toEqual([30_000])
  timers.fire()
  while (!timers.waiting.includes(30_000)) await new Promise((resolve) => setImmediate(resolve))
  expect(peer.pdus.at(-1)?.command).toBe('enquire_link')
})

test('messages that are given up are given up at once', async () => {
  const peer = await smppPeer({ submit: ['none'] })
  const { deliver } = overSmpp(peer.url)
  const stop = new AbortController()
  const outcome = deliver(delivery(PHONE), stop.signal)
  while (submitted(peer).length === 0) await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  expect(await outcome).toMatchObject({ ok: false, retryable: true, reason: 'given up' })
})

test.each<[string, (socket: Socket) => void]>([
  ['resets', (socket) => socket.resetAndDestroy()],
  ['closes', (socket) => socket.end()],
  ['speaks HTTP', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ['writes zeros', (socket) => socket.write(Buffer.alloc(100_000))],
  [
    'says lengths that are too small',
    (socket) => socket.write(Buffer.from('00000005800000090000000000000001', 'hex')),
  ],
  [
    'says lengths that are too great',
    (socket) => socket.write(Buffer.from('7fffffff800000090000000000000001', 'hex')),
  ],
  ['cuts a PDU short', (socket) => socket.end(Buffer.from('0000001080000009', 'hex'))],
  ['hangs', () => {}],
])('a gateway that %s is asked again later', async (_what, behave) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', () => behave(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  const { deliver, timers } = overSmpp(`smpp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  const outcome = deliver(delivery(PHONE), NEVER)
  const over = await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 500, 'hangs'))])
  if (over === 'hangs') timers.fire()
  expect(await outcome).toMatchObject({ ok: false, retryable: true })
  // What hangs on is cut off.
  timers.fire()
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a gateway that is not there is asked again later', async () => {
  expect(await overSmpp('smpp://127.0.0.1:1').deliver(delivery(PHONE), NEVER)).toMatchObject({
    ...{ ok: false, retryable: true },
  })
})
