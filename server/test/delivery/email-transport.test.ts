import { createServer, type Socket } from 'node:net'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { EmailTransport, type EmailTransportOptions } from '../../src/delivery/email-transport.ts'
import { HeldTimers } from './held-timers.ts'
import { type Mail, startRelay } from './mail-relay.ts'
import { delivery } from './test-delivery.ts'

const NEVER = new AbortController().signal
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function relay(options: SMTPServerOptions = {}) {
  const started = await startRelay(options)
  cleanups.push(() => started.stop())
  return started
}

function transport(url: string, options: Partial<EmailTransportOptions> = {}) {
  const timers = new HeldTimers()
  const from = { name: 'Millrace', address: 'no-reply@mill.example' }
  const made = new EmailTransport({ relay: { url: new URL(url), from }, timers, form: 'email', ...options })
  cleanups.push(() => made.close())
  return { timers, deliver: made.deliver.bind(made) }
}

const headerOf = ({ headers }: Mail, name: string) =>
  headers.find((header) => header.toLowerCase().startsWith(`${name}:`))

test('a notification is mailed with its subject, and says how to be left alone', async () => {
  const { mails, url } = await relay()
  const what = delivery('mill@example.org', { subject: 'Grain is here', topicDisplayName: 'The Mill' })
  expect(await transport(url).deliver(what, NEVER)).toEqual({ ok: true })
  const [mail] = mails
  expect(mail).toMatchObject({ from: 'no-reply@mill.example', to: ['mill@example.org'] })
  expect(headerOf(mail!, 'subject')).toBe('Subject: Grain is here')
  expect(headerOf(mail!, 'from')).toBe('From: The Mill <no-reply@mill.example>')
  expect(headerOf(mail!, 'to')).toBe('To: mill@example.org')
  expect(mail!.body).toContain(
    `two millstones\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n${what.notification.link}\n`,
  )
})

test('without a subject and a name it has those of AWS and of the relay', async () => {
  const { mails, url } = await relay()
  await transport(url).deliver(delivery('mill@example.org'), NEVER)
  expect(headerOf(mails[0]!, 'subject')).toBe('Subject: AWS Notification Message')
  expect(headerOf(mails[0]!, 'from')).toBe('From: Millrace <no-reply@mill.example>')
})

test.each([
  [
    'SubscriptionConfirmation',
    'AWS Notification - Subscription Confirmation',
    'To confirm this subscription',
  ],
  ['UnsubscribeConfirmation', 'AWS Notification - Unsubscribe Confirmation', 'has been deactivated'],
] as const)('a %s is mailed with its link', async (type, subject, words) => {
  const { mails, url } = await relay()
  const what = delivery('mill@example.org', { type })
  expect(await transport(url).deliver(what, NEVER)).toEqual({ ok: true })
  expect(headerOf(mails[0]!, 'subject')).toBe(`Subject: ${subject}`)
  for (const part of [words, what.notification.topicArn, what.notification.link])
    expect(mails[0]!.body).toContain(part)
})

test('email-json has the signed document, whole', async () => {
  const { mails, url } = await relay()
  const document = `{\n  "Message" : "${'Mühle '.repeat(500)}"\n}`
  await transport(url, { form: 'email-json' }).deliver(delivery('mill@example.org', { document }), NEVER)
  expect(JSON.parse(mails[0]!.body)).toEqual(JSON.parse(document))
})

test.each(['Mühle \u{1f33e}\n.\n..\nFrom here', '.', 'x'.repeat(200_000), 'a\rb\r\nc'])(
  'a message is mailed as it was published: %#',
  async (message) => {
    const { mails, url } = await relay()
    expect(await transport(url).deliver(delivery('mill@example.org', { message }), NEVER)).toEqual({
      ok: true,
    })
    expect(mails[0]!.body.replaceAll('\r', '\n')).toContain(`${message.replaceAll(/\r\n|\r/g, '\n')}\n\n--\n`)
  },
)

test.each([
  'Grain\r\nbcc: thief@example.net\r\n\r\nbody',
  'Grain\nbcc: thief@example.net',
  'Grain\rbcc: thief@example.net',
  'Grain\u2028bcc: thief@example.net',
  'Grain\u0000\u0007',
  `${'long '.repeat(200)}\r\n\r\n`,
])('no header gets in by a subject or a name: %j', async (text) => {
  const { mails, url } = await relay()
  const what = delivery('mill@example.org', { subject: text, topicDisplayName: text })
  expect(await transport(url).deliver(what, NEVER)).toEqual({ ok: true })
  const names = mails[0]!.headers.map((header) => header.split(':')[0]?.toLowerCase()).sort()
  expect(names).toEqual([
    ...['content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version'],
    ...['subject', 'to'],
  ])
  expect(mails[0]!.to).toEqual(['mill@example.org'])
  expect(mails[0]!.body).toMatch(/^two millstones\n/)
})

test('what ends a line anywhere is a space in a header', async () => {
  const { mails, url } = await relay()
  const what = delivery('mill@example.org', {
    subject: 'Grain\u2028is\r\nhere',
    topicDisplayName: 'The\nmill',
  })
  await transport(url).deliver(what, NEVER)
  expect(headerOf(mails[0]!, 'subject')).toBe('Subject: Grain is here')
  expect(headerOf(mails[0]!, 'from')).toBe('From: The mill <no-reply@mill.example>')
})

test.each(['', 'mill', 'a@example.org, b@example.org', 'mill@example.org\r\nRCPT TO:<x@y.z>'])(
  'what is no address is refused for good, without asking the relay: %j',
  async (endpoint) => {
    const { deliver } = transport('smtp://127.0.0.1:1')
    const reason = 'not a mail address'
    expect(await deliver(delivery(endpoint), NEVER)).toEqual({ ok: false, retryable: false, reason })
  },
)

const refusal = (responseCode: number) => Object.assign(new Error('as the test wants it'), { responseCode })

test.each([
  ['RCPT TO', 550, false],
  ['RCPT TO', 551, false],
  ['RCPT TO', 450, true],
  ['MAIL FROM', 553, true],
  ['MAIL FROM', 451, true],
] as const)('an answer to %s of %i is a failure, retryable: %s', async (command, code, retryable) => {
  const { url } = await relay(
    command === 'RCPT TO'
      ? { onRcptTo: (_address, _session, done) => done(refusal(code)) }
      : { onMailFrom: (_address, _session, done) => done(refusal(code)) },
  )
  const outcome = await transport(url).deliver(delivery('mill@example.org'), NEVER)
  expect(outcome).toMatchObject({ ok: false, retryable, status: code })
  expect(outcome).toMatchObject({ reason: `the relay answered ${code} to ${command}` })
})

test.each([
  [552, false],
  [554, false],
  [452, true],
] as const)('a message that is answered with %i is a failure, retryable: %s', async (code, retryable) => {
  const { url } = await relay({
    onData(stream, _session, done) {
      stream.resume()
      stream.on('end', () => done(refusal(code)))
    },
  })
  const outcome = await transport(url).deliver(delivery('mill@example.org'), NEVER)
  expect(outcome).toMatchObject({ ok: false, retryable, status: code })
})

test('a relay that refuses our password is asked again, and the password is in no reason', async () => {
  const { url } = await relay({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(refusal(535)),
  })
  const outcome = await transport(url.replace('//', '//mill:secret@')).deliver(
    delivery('a@example.org'),
    NEVER,
  )
  expect(outcome).toMatchObject({ ok: false, retryable: true, status: 535 })
  expect(JSON.stringify(outcome)).not.toContain('secret')
})

test('a relay that takes the password gets the mail', async () => {
  const passwords: unknown[] = []
  const { url, mails } = await relay({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      passwords.push([username, password])
      done(null, { user: username })
    },
  })
  const { deliver } = transport(url.replace('//', '//mill:se%40cret@'))
  expect(await deliver(delivery('a@example.org'), NEVER)).toEqual({ ok: true })
  expect(passwords).toEqual([['mill', 'se@cret']])
  expect(mails).toHaveLength(1)
})

/** A relay that does one thing with every connection. */
async function rawRelay(behave: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    behave(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return { url: `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, sockets }
}

test.each<[string, (socket: Socket) => void]>([
  ['resets', (socket) => socket.resetAndDestroy()],
  ['closes', (socket) => socket.end()],
  ['greets with 554', (socket) => socket.end('554 no service\r\n')],
  ['greets with 421', (socket) => socket.end('421 too busy\r\n')],
  ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  [
    'resets after the greeting',
    (socket) => socket.write('220 mill\r\n', () => socket.once('data', () => socket.resetAndDestroy())),
  ],
  ['greets without end', (socket) => socket.write(`220-${'x'.repeat(4_000_000)}`)],
])('a relay that %s is asked again later', async (_what, behave) => {
  const { url } = await rawRelay(behave)
  const { deliver, timers } = transport(url)
  const outcome = deliver(delivery('mill@example.org'), NEVER)
  const over = await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 1_000, 'hangs'))])
  if (over === 'hangs') timers.fire()
  expect(await outcome).toMatchObject({ ok: false, retryable: true })
})

test('a relay that is not there is asked again later', async () => {
  const outcome = await transport('smtp://127.0.0.1:1').deliver(delivery('mill@example.org'), NEVER)
  expect(outcome).toMatchObject({ ok: false, retryable: true })
})

test('a relay that hangs is given up, its connection closed, and the next mail starts afresh', async () => {
  let isHanging = true
  const seen: string[] = []
  const { url, sockets } = await rawRelay((socket) => {
    if (isHanging) return
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      seen.push(text)
      if (/^EHLO/.test(text)) socket.write('250 mill\r\n')
      else if (/^DATA/.test(text)) socket.write('354 go on\r\n')
      else if (/^(?:MAIL|RCPT)/.test(text) || text.endsWith('\r\n.\r\n')) socket.write('250 ok\r\n')
    })
    socket.write('220 mill\r\n')
  })
  const { deliver, timers } = transport(url)
  const outcome = deliver(delivery('mill@example.org'), NEVER)
  await timers.expect()
  while (sockets.size === 0) await new Promise((resolve) => setImmediate(resolve))
  expect(timers.waiting).toEqual([60_000])
  timers.fire()
  expect(await outcome).toMatchObject({
    ok: false,
    retryable: true,
    reason: 'the relay did not answer in time',
  })
  while (sockets.size > 0) await new Promise((resolve) => setImmediate(resolve))
  isHanging = false
  expect(await deliver(delivery('mill@example.org'), NEVER)).toEqual({ ok: true })
  expect(seen.join('')).toContain('RCPT TO:<mill@example.org>')
})

test('a relay that hangs has few connections, however many mails there are', async () => {
  const { url, sockets } = await rawRelay(() => {})
  const { deliver } = transport(url)
  const stop = new AbortController()
  const waiting = Array.from({ length: 8 }, () => deliver(delivery('mill@example.org'), stop.signal))
  while (sockets.size < 4) await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  expect(sockets.size).toBe(4)
  stop.abort()
  const outcomes = await Promise.all(waiting)
  expect(new Set(outcomes.map((outcome) => (outcome.ok ? '' : outcome.reason)))).toEqual(
    new Set(['given up']),
  )
})
