import { expect, test } from 'vitest'
import { SETTINGS } from '../config/config.ts'
import { type DeliverySettings, type PushProtocol, Transports } from './transports.ts'

const DEFAULTS: DeliverySettings = {
  deliveryAllowPrivate: SETTINGS.deliveryAllowPrivate.default,
  allowPlainPasswords: SETTINGS.allowPlainPasswords.default,
  smtpUrl: SETTINGS.smtpUrl.default,
  smtpFrom: SETTINGS.smtpFrom.default,
  smsUrl: SETTINGS.smsUrl.default,
  smsMethod: SETTINGS.smsMethod.default,
  smsHeaders: SETTINGS.smsHeaders.default,
  smsBody: SETTINGS.smsBody.default,
  smsSender: SETTINGS.smsSender.default,
  lambdaEndpoint: SETTINGS.lambdaEndpoint.default,
  lambdaTimeoutSeconds: SETTINGS.lambdaTimeoutSeconds.default,
  lambdaAccessKeyId: SETTINGS.lambdaAccessKeyId.default,
  lambdaSecretAccessKey: SETTINGS.lambdaSecretAccessKey.default,
  firehoseEndpoint: SETTINGS.firehoseEndpoint.default,
  firehoseAccessKeyId: SETTINGS.firehoseAccessKeyId.default,
  firehoseSecretAccessKey: SETTINGS.firehoseSecretAccessKey.default,
}
const RELAY = { smtpUrl: 'smtp://relay.example', smtpFrom: 'mill@example.org' }

const transports = (settings: Partial<DeliverySettings> = {}, hasFunctions = false) =>
  new Transports({
    settings: { ...DEFAULTS, ...settings },
    timers: { after: () => () => {}, soon: () => {} },
    resolveName: async () => [],
    ...(hasFunctions && { invoker: { invoke: async () => ({ kind: 'accepted' }) } }),
  })

const PROTOCOLS: readonly PushProtocol[] = [
  ...(['http', 'https', 'email', 'email-json', 'sms', 'lambda', 'firehose'] as const),
]
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
  const lambdaEndpoint = 'https://lambda.{region}.amazonaws.com'
  expect(served(transports({ lambdaEndpoint }))).toEqual(['http', 'https', 'lambda'])
  const firehoseEndpoint = 'http://firehose.example'
  const all = transports({ ...RELAY, smsUrl: 'smpp://gateway.example', firehoseEndpoint }, true)
  expect(served(all)).toEqual(PROTOCOLS)
  await all.close()
})

test.each([
  ['email', 'mill@example.org', /--smtp-url and --smtp-from/],
  ['email-json', 'mill@example.org', /--smtp-url and --smtp-from/],
  ['sms', '+15551234567', /--sms-url/],
  ['lambda', 'arn:aws:lambda:us-east-1:000000000000:function:grind', /--lambda-endpoint/],
  ['firehose', 'arn:aws:firehose:us-east-1:000000000000:deliverystream/flour', /--firehose-endpoint/],
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
