import { createServer } from 'node:https'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { AwsCaller } from '../../src/delivery/aws-caller.ts'
import { EmailTransport } from '../../src/delivery/email-transport.ts'
import { LambdaApiInvoker } from '../../src/delivery/lambda-api-invoker.ts'
import { SmppGateway } from '../../src/delivery/smpp-gateway.ts'
import { SmsTransport } from '../../src/delivery/sms-transport.ts'
import { TestAuthority, type TestCertificate } from '../http/test-authority.ts'
import { HeldTimers } from './held-timers.ts'
import { startRelay } from './mail-relay.ts'
import { startSmppPeer, submitted } from './smpp-peer.ts'
import { delivery } from './test-delivery.ts'

const NEVER = new AbortController().signal
const TRUSTED = { ok: true }
const UNTRUSTED = { ok: false, retryable: true }
/** An address that leads to this machine, and is not known to. */
const ELSEWHERE = '0.0.0.0'

let authority: TestAuthority
/** Of 127.0.0.1 and localhost; of another name; of those, but expired. */
let own: TestCertificate
let others: TestCertificate
let expired: TestCertificate
const cleanups: (() => Promise<void> | void)[] = []

beforeAll(async () => {
  authority = await TestAuthority.create()
  const names = { dns: ['localhost'], ip: ['127.0.0.1'] }
  own = await authority.issue(names)
  others = await authority.issue({ dns: ['relay.example'] })
  expired = await authority.issue(names, -1)
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A relay that wants a password, and notes how it was told. */
async function relay(options: SMTPServerOptions = {}) {
  const passwords: { readonly password: unknown; readonly secure: boolean }[] = []
  const started = await startRelay({
    disabledCommands: [],
    onAuth({ username, password }, { secure }, done) {
      passwords.push({ password, secure })
      done(null, { user: username })
    },
    ...options,
  })
  cleanups.push(() => started.stop())
  return { ...started, passwords }
}

const certified = ({ certificate, privateKey }: TestCertificate) => ({ cert: certificate, key: privateKey })

interface MailOptions {
  readonly ca?: readonly string[]
  readonly allowPlainPassword?: boolean
}

async function mailBy(url: string, options: MailOptions = { ca: [authority.certificate] }) {
  const from = { name: 'Millrace', address: 'no-reply@mill.example' }
  const timers = new HeldTimers()
  const transport = new EmailTransport({
    relay: { url: new URL(url), from },
    timers,
    form: 'email',
    ...options,
  })
  cleanups.push(() => transport.close())
  return transport.deliver(delivery('mill@example.org'), NEVER)
}

test('a relay with STARTTLS is told the password over TLS alone', async () => {
  const { port, mails, passwords } = await relay(certified(own))
  expect(await mailBy(`smtp://mill:se%40cret@127.0.0.1:${port}`)).toEqual(TRUSTED)
  expect(passwords).toEqual([{ password: 'se@cret', secure: true }])
  expect(mails).toMatchObject([{ to: ['mill@example.org'], secure: true }])
})

test('a relay with TLS from the start is spoken to in nothing else, by the name of its certificate', async () => {
  const { port, mails, passwords } = await relay({ secure: true, ...certified(own) })
  for (const host of ['127.0.0.1', 'localhost'])
    expect(await mailBy(`smtps://mill:secret@${host}:${port}`)).toEqual(TRUSTED)
  expect(passwords).toHaveLength(2)
  expect(mails).toMatchObject([{ secure: true }, { secure: true }])
})

test.each([
  ['is signed by nobody who is known', () => own, {}],
  ['is that of another name', () => others, undefined],
  ['has expired', () => expired, undefined],
])('a relay whose certificate %s is told neither password nor mail', async (_what, certificate, options) => {
  for (const [scheme, secure] of [
    ['smtp', false],
    ['smtps', true],
  ] as const) {
    const { port, mails, passwords } = await relay({ secure, ...certified(certificate()) })
    expect(await mailBy(`${scheme}://mill:secret@127.0.0.1:${port}`, options)).toMatchObject(UNTRUSTED)
    expect(passwords).toEqual([])
    expect(mails).toEqual([])
  }
})

test('a relay on another machine without STARTTLS is not told the password, unless that is allowed', async () => {
  const { port, mails, passwords } = await relay({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true })
  const url = `smtp://mill:secret@${ELSEWHERE}:${port}`
  expect(await mailBy(url)).toMatchObject(UNTRUSTED)
  expect(passwords).toEqual([])
  expect(mails).toEqual([])
  expect(await mailBy(url, { allowPlainPassword: true })).toEqual(TRUSTED)
  expect(passwords).toEqual([{ password: 'secret', secure: false }])
})

test('a relay that says it has no STARTTLS though it has is not told the password', async () => {
  const { port, passwords } = await relay({ hideSTARTTLS: true, allowInsecureAuth: true, ...certified(own) })
  const outcome = await mailBy(`smtp://mill:secret@${ELSEWHERE}:${port}`)
  expect(outcome).toMatchObject(UNTRUSTED)
  expect(passwords.filter(({ secure }) => !secure)).toEqual([])
})

function textsBy(url: string, ca?: readonly string[]) {
  const timers = new HeldTimers()
  const transport = new SmsTransport(new SmppGateway(new URL(url), timers, ca), 'MILL')
  cleanups.push(() => transport.close())
  return { timers, send: () => transport.deliver(delivery('+15551234567'), NEVER) }
}

const textBy = (url: string, ca?: readonly string[]) => textsBy(url, ca).send()

async function gateway(certificate: TestCertificate) {
  const peer = await startSmppPeer({ certificate })
  cleanups.push(() => peer.stop())
  return peer
}

test('an SMPP gateway is bound over TLS, by the name of its certificate', async () => {
  const peer = await gateway(own)
  expect(peer.url).toMatch(/^ssmpp:/)
  expect(await textBy(peer.url, [authority.certificate])).toEqual(TRUSTED)
  expect(await textBy(peer.url.replace('127.0.0.1', 'localhost'), [authority.certificate])).toEqual(TRUSTED)
  expect(submitted(peer)).toHaveLength(2)
  expect(peer.names).toEqual(['localhost'])
  expect(peer.pdus[0]).toMatchObject({ system_id: 'mill', password: 'se@cret' })
})

test.each([
  ['is signed by nobody who is known', () => own, false],
  ['is that of another name', () => others, true],
  ['has expired', () => expired, true],
])('an SMPP gateway whose certificate %s is told nothing', async (_what, certificate, isKnown) => {
  const peer = await gateway(certificate())
  const outcome = await textBy(peer.url, isKnown ? [authority.certificate] : undefined)
  expect(outcome).toMatchObject({ ...UNTRUSTED, reason: expect.stringContaining('certificate') })
  expect(peer.pdus).toEqual([])
})

test('an SMPP gateway without TLS is told nothing where TLS was asked for', async () => {
  const peer = await startSmppPeer()
  cleanups.push(() => peer.stop())
  const { timers, send } = textsBy(peer.url.replace('smpp:', 'ssmpp:'), [authority.certificate])
  const outcome = send()
  await timers.expect()
  // It makes nothing of the beginning of TLS, and says nothing.
  while (peer.sessions.size === 0) await new Promise((resolve) => setImmediate(resolve))
  timers.fire()
  expect(await outcome).toMatchObject(UNTRUSTED)
  expect(peer.pdus).toEqual([])
})

test('who runs functions is trusted by the same certificates', async () => {
  const server = createServer(certified(own), (_, response) => response.writeHead(202).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `https://localhost:${typeof address === 'object' ? address?.port : ''}`
  const call = (ca?: readonly string[]) => {
    const caller = new AwsCaller(
      { url, service: 'lambda', credentials: undefined, ca },
      new HeldTimers(),
      1_000,
    )
    const invoker = new LambdaApiInvoker(caller)
    cleanups.push(() => invoker.close())
    return invoker.invoke('arn:aws:lambda:us-east-1:000000000000:function:grind', '{}', NEVER)
  }
  cleanups.push(() => void server.close())
  expect(await call([authority.certificate])).toEqual({ kind: 'accepted' })
  expect(await call()).toMatchObject({ kind: 'busy', reason: expect.stringContaining('certificate') })
})
