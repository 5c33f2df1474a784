import { expect, test } from 'vitest'
import { SETTINGS } from '../config.ts'
import { type DeliverySettings, type PushProtocol, Transports } from './transports.ts'

const DEFAULTS: DeliverySettings = {
  deliveryAllowPrivate: SETTINGS.deliveryAllowPrivate.default,
  smtpUrl: SETTINGS.smtpUrl.default,
  smtpFrom: SETTINGS.smtpFrom.default,
  smsUrl: SETTINGS.smsUrl.default,
  smsMethod: SETTINGS.smsMethod.default,
  smsHeaders: SETTINGS.smsHeaders.default,
  smsBody: SETTINGS.smsBody.default,
  smsSender: SETTINGS.smsSender.default,
}
const RELAY = { smtpUrl: 'smtp://relay.example', smtpFrom: 'mill@example.org' }

const transports = (settings: Partial<DeliverySettings> = {}, hasFunctions = false) =>
  new Transports({
    settings: { ...DEFAULTS, ...settings },
    timers: { after: () => () => {}, soon: () => {} },
    resolveName: async () => [],
    ...(hasFunctions && { invoker: { invoke: async () => ({ kind: 'accepted' }) } }),
  })

const PROTOCOLS: readonly PushProtocol[] = ['http', 'https', 'email', 'email-json', 'sms', 'lambda']
const served = (all: Transports) => PROTOCOLS.filter((protocol) => all.for(protocol) !== undefined)

test('without settings there is a way to HTTP endpoints alone', async () => {
  const all = transports()
  expect(served(all)).toEqual(['http', 'https'])
  await all.close()
})

test('settings open the other ways', async () => {
  expect(served(transports(RELAY))).toEqual(['http', 'https', 'email', 'email-json'])
  for (const smsUrl of ['smpp://gateway.example', 'https://gateway.example/{phone}'])
    expect(served(transports({ smsUrl }))).toEqual(['http', 'https', 'sms'])
  const all = transports({ ...RELAY, smsUrl: 'smpp://gateway.example' }, true)
  expect(served(all)).toEqual(PROTOCOLS)
  await all.close()
})

test.each([
  ['email', 'mill@example.org', /--smtp-url and --smtp-from/],
  ['email-json', 'mill@example.org', /--smtp-url and --smtp-from/],
  ['sms', '+15551234567', /--sms-url/],
  ['lambda', 'arn:aws:lambda:us-east-1:000000000000:function:grind', /no functions/],
] as const)(
  'who subscribes by %s where there is no way is told what is missing',
  (protocol, endpoint, words) => {
    expect(transports().endpointProblem(protocol, endpoint)).toMatch(words)
  },
)

test('endpoints are checked as their protocol wants it', () => {
  const all = transports({ ...RELAY, smsUrl: 'smpp://gateway.example' }, true)
  expect(all.endpointProblem('http', 'http://example.org')).toBeUndefined()
  expect(all.endpointProblem('http', 'http://127.0.0.1')).toMatch(/^not a public address/)
  expect(all.endpointProblem('https', 'http://example.org')).toBe(
    'Endpoint must match the specified protocol',
  )
  expect(all.endpointProblem('email', 'mill@example.org')).toBeUndefined()
  expect(all.endpointProblem('email-json', 'mill')).toBe('Email address')
  expect(all.endpointProblem('sms', '+15551234567')).toBeUndefined()
  expect(all.endpointProblem('sms', '+15--551234567')).toBe('Invalid SMS endpoint: +15--551234567')
  expect(
    all.endpointProblem('lambda', 'arn:aws:lambda:us-east-1:000000000000:function:grind'),
  ).toBeUndefined()
  expect(
    transports({ deliveryAllowPrivate: true }).endpointProblem('http', 'http://127.0.0.1'),
  ).toBeUndefined()
})
