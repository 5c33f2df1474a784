import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exposureProblem } from '../config/listening-settings.ts'
import { ConfigError, type ConfigSources, readConfig } from './read-config.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

const read = (sources: Partial<ConfigSources>) =>
  readConfig({ flags: {}, environment: {}, workingDirectory: '/srv', ...sources })

function problems(sources: Partial<ConfigSources>): readonly string[] {
  try {
    read(sources)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** The path of a config file with this content. */
function file(content: string): string {
  const path = join(directory, 'millrace.yaml')
  writeFileSync(path, content)
  return path
}

test('what nobody sets takes its default', () => {
  expect(read({})).toEqual({
    host: '127.0.0.1',
    port: 4566,
    tlsCert: '',
    tlsKey: '',
    tlsMinVersion: '1.2',
    tlsClientCa: '',
    tlsClientCert: '',
    allowPlainHttp: false,
    dataDirectory: '/srv/millrace-data',
    auth: true,
    authFailuresPerMinute: 120,
    durability: 'fsync',
    encryption: true,
    masterKeyFile: '/srv/millrace-data/master.key',
    masterKeyCommand: '',
    logLevel: 'info',
    insecureBind: false,
    allowedOrigins: [],
    fifoQuota: false,
    standardOrder: 'in-order',
    twicePercent: 1,
    seed: 0,
    purgeCooldown: false,
    deleteCooldown: false,
    kinesisTransitionMs: 0,
    kinesisThroughputLimits: false,
    acceptClock: false,
    allowReset: false,
    allowClockControl: false,
    console: true,
    deliveryAllowPrivate: false,
    deliveryCa: '',
    allowPlainPasswords: false,
    smtpUrl: '',
    smtpFrom: '',
    smsUrl: '',
    smsMethod: 'POST',
    smsHeaders: '{"Content-Type":"application/json"}',
    smsBody: '{"to":"{phone}","from":"{sender}","text":"{message}"}',
    smsSender: 'NOTICE',
    lambdaEndpoint: '',
    lambdaTimeoutSeconds: 60,
    lambdaAccessKeyId: '',
    lambdaSecretAccessKey: '',
    firehoseEndpoint: '',
    firehoseAccessKeyId: '',
    firehoseSecretAccessKey: '',
    dryRun: false,
    rootKey: undefined,
    masterKey: undefined,
    oldMasterKey: undefined,
    awsCredentials: undefined,
    queues: [],
  })
})

test('a flag wins over a variable, a variable over the file, the file over the default', () => {
  const config = file('port: 1003\nhost: localhost\ndurability: os\nlog-level: warn\n')
  const environment = { MILLRACE_PORT: '1002', MILLRACE_HOST: '::1' }
  expect(read({ flags: { port: '1001', config }, environment })).toMatchObject({
    port: 1001,
    host: '::1',
    durability: 'os',
    logLevel: 'warn',
    auth: true,
  })
})

test('the file is found by its variable, and the flag for it wins', () => {
  const config = file('port: 1003')
  expect(read({ environment: { MILLRACE_CONFIG: config } }).port).toBe(1003)
  const wrong = { MILLRACE_CONFIG: join(directory, 'absent.yaml') }
  expect(read({ flags: { config }, environment: wrong }).port).toBe(1003)
})

test('a variable that is set to nothing counts as not set', () => {
  expect(read({ environment: { MILLRACE_PORT: '', MILLRACE_ROOT_SECRET_KEY: '' } }).port).toBe(4566)
})

test('a path is relative to the working directory, in a file to the file', () => {
  expect(read({ environment: { MILLRACE_DATA_DIR: 'queues' } }).dataDirectory).toBe('/srv/queues')
  expect(read({ flags: { 'data-dir': '/var/lib/queues' } }).dataDirectory).toBe('/var/lib/queues')
  expect(read({ flags: { config: file('data-dir: queues') } }).dataDirectory).toBe(join(directory, 'queues'))
})

test('switches are on as flags, and true or false elsewhere', () => {
  const off = { auth: 'off', host: '0.0.0.0' }
  expect(read({ flags: { ...off, 'insecure-bind': true } })).toMatchObject({
    auth: false,
    insecureBind: true,
  })
  expect(read({ flags: off, environment: { MILLRACE_INSECURE_BIND: 'true' } }).insecureBind).toBe(true)
  expect(read({ flags: { config: file('insecure-bind: true') } }).insecureBind).toBe(true)
  expect(problems({ environment: { MILLRACE_INSECURE_BIND: 'yes' } })).toEqual([
    'MILLRACE_INSECURE_BIND must be true or false, not "yes"',
  ])
})

test('the cooldowns are on where somebody says so, by flag, variable or file', () => {
  expect(read({ flags: { 'purge-cooldown': 'on' } })).toMatchObject({
    purgeCooldown: true,
    deleteCooldown: false,
  })
  expect(read({ environment: { MILLRACE_DELETE_COOLDOWN: 'on' } }).deleteCooldown).toBe(true)
  expect(read({ flags: { config: file('purge-cooldown: on') } }).purgeCooldown).toBe(true)
})

test('origins are listed with commas between, as browsers write them', () => {
  const allowOrigin = 'http://localhost:3000, https://app.example.com,chrome-extension://abcdef'
  expect(read({ flags: { 'allow-origin': allowOrigin } }).allowedOrigins).toEqual([
    'http://localhost:3000',
    'https://app.example.com',
    'chrome-extension://abcdef',
  ])
})

test.each([
  ['allow-origin', '*', 'must be origins of web pages: "*" is not of the form http://host:port'],
  ['allow-origin', 'null', 'must be origins'],
  ['allow-origin', '', 'must be origins'],
  ['allow-origin', 'http://a/', 'must be origins'],
  ['allow-origin', 'http://a,,http://b', 'must be origins'],
  ['allow-origin', 'http://a:99999', 'must be origins'],
  [
    'allow-origin',
    'http://A:80',
    'must be origins of web pages: "http://A:80" is what browsers write as http://a',
  ],
  ['port', '65536', 'must be a whole number from 0 to 65535'],
  ['port', '-1', 'must be a whole number from 0 to 65535'],
  ['port', '80.5', 'must be a whole number from 0 to 65535'],
  ['port', '0x50', 'must be a whole number from 0 to 65535'],
  ['host', 'http://localhost', 'must be a host name or an IP address'],
  ['host', 'localhost:4566', 'must be a host name or an IP address'],
  ['host', '', 'must be a host name or an IP address'],
  ['data-dir', '', 'must not be empty'],
  ['auth', 'true', 'must be on or off'],
  ['purge-cooldown', '60', 'must be on or off'],
  ['delete-cooldown', 'yes', 'must be on or off'],
  ['fifo-quota', '300', 'must be on or off'],
  ['standard-order', 'random', 'must be in-order or shuffled'],
  ['twice-percent', '51', 'must be a whole number from 0 to 50'],
  ['twice-percent', '', 'must be a whole number from 0 to 50'],
  ['seed', '4294967296', 'must be a whole number from 0 to 4294967295'],
  ['seed', '-1', 'must be a whole number'],
  ['durability', 'FSYNC', 'must be fsync, os or memory'],
  ['log-level', 'verbose', 'must be trace, debug, info, warn, error or silent'],
])('--%s %j is refused', (name, value, message) => {
  const found = problems({ flags: { [name]: value } })
  expect(found).toHaveLength(1)
  expect(found[0]).toContain(`--${name} ${message}`)
  expect(found[0]).toContain(`not ${JSON.stringify(value)}`)
})

test('an IPv6 address may stand in brackets', () => {
  expect(read({ flags: { host: '[::1]' } }).host).toBe('::1')
})

test('all that is wrong is told at once, each with the place it comes from', () => {
  const config = file('port: many\ndurability: [os]\n')
  expect(problems({ flags: { config, auth: 'maybe' }, environment: { MILLRACE_LOG_LEVEL: 'loud' } })).toEqual(
    [
      `${config}: port must be a whole number from 0 to 65535, not "many"`,
      '--auth must be on or off, not "maybe"',
      `${config}: durability must be a single value, not ["os"]`,
      'MILLRACE_LOG_LEVEL must be trace, debug, info, warn, error or silent, not "loud"',
    ],
  )
})

test('an unknown name is refused, with the one that was probably meant', () => {
  const config = file('durabilty: os\nzebra: 1\n')
  expect(problems({ flags: { config }, environment: { MILLRACE_DATADIR: '/srv' } })).toEqual([
    'unknown variable MILLRACE_DATADIR (did you mean MILLRACE_DATA_DIR?)',
    `${config}: unknown setting durabilty (did you mean durability?)`,
    `${config}: unknown setting zebra`,
  ])
})

test('what is meant for one start is refused in a file and in the environment', () => {
  const config = file('accept-clock: true')
  expect(problems({ flags: { config } })).toEqual([`${config}: accept-clock is only for the command line`])
  expect(problems({ environment: { MILLRACE_ACCEPT_CLOCK: 'true' } })).toHaveLength(1)
  expect(read({ flags: { 'accept-clock': true } }).acceptClock).toBe(true)
})

test('variables that Kubernetes adds for a service called millrace are passed over, but its port is explained', () => {
  const linked = {
    MILLRACE_SERVICE_HOST: '10.0.0.1',
    MILLRACE_SERVICE_PORT: '4566',
    MILLRACE_PORT_4566_TCP: 'tcp://10.0.0.1:4566',
    MILLRACE_PORT_4566_TCP_ADDR: '10.0.0.1',
  }
  expect(problems({ environment: linked })).toEqual([])
  expect(problems({ environment: { ...linked, MILLRACE_PORT: 'tcp://10.0.0.1:4566' } })).toEqual([
    expect.stringContaining('enableServiceLinks: false'),
  ])
})

test.each(['- port', 'port', '4566'])('a config file that holds no settings (%j) is refused', (content) => {
  expect(problems({ flags: { config: file(content) } })).toEqual([
    expect.stringContaining('must hold settings'),
  ])
})

test('a config file that is missing, or no YAML, is refused with the reason', () => {
  expect(problems({ flags: { config: join(directory, 'absent.yaml') } })).toEqual([
    expect.stringContaining("absent.yaml can't be read: ENOENT"),
  ])
  expect(problems({ flags: { config: file('port: "45') } })).toEqual([
    expect.stringContaining("can't be read"),
  ])
  expect(problems({ flags: { config: file('port: 1\nport: 2') } })).toEqual([
    expect.stringContaining('unique'),
  ])
})

test('an empty config file sets nothing', () => {
  expect(read({ flags: { config: file('# nothing yet\n') } }).port).toBe(4566)
})

test('without authentication only loopback addresses are listened on, unless told twice', () => {
  for (const host of ['127.0.0.1', '127.8.0.1', '::1', 'localhost']) {
    expect(problems({ flags: { auth: 'off', host } })).toEqual([])
  }
  for (const host of ['0.0.0.0', '::', '192.168.0.7', 'example.com', '127.example.com']) {
    expect(problems({ flags: { auth: 'off', host } })).toEqual([expect.stringContaining('--insecure-bind')])
    expect(problems({ flags: { auth: 'off', host, 'insecure-bind': true } })).toEqual([])
    expect(problems({ flags: { host } })).toEqual([])
  }
})

test('without TLS only loopback addresses are listened on, unless that is asked for', () => {
  const exposure = (flags: Record<string, unknown>) => exposureProblem(read({ flags }))
  for (const host of ['127.0.0.1', '::1', 'localhost']) expect(exposure({ host })).toBeUndefined()
  for (const host of ['0.0.0.0', '::', '192.168.0.7', 'example.com']) {
    expect(exposure({ host })).toContain('--tls-cert and --tls-key')
    expect(exposure({ host })).toContain('--allow-plain-http')
    expect(exposure({ host, 'allow-plain-http': true })).toBeUndefined()
    expect(exposure({ host, 'tls-cert': 'c', 'tls-key': 'k' })).toBeUndefined()
    // Who lets everyone in without a name has said enough; with authentication the same flag says nothing.
    expect(exposure({ host, auth: 'off', 'insecure-bind': true })).toBeUndefined()
    expect(exposure({ host, 'insecure-bind': true })).toContain('--allow-plain-http')
  }
})

test('certificates of clients are asked for over TLS alone, and not where all may come without', () => {
  const tls = { 'tls-cert': 'cert.pem', 'tls-key': 'key.pem', 'tls-client-ca': 'ca.pem' }
  expect(read({ flags: tls })).toMatchObject({ tlsClientCa: '/srv/ca.pem', tlsClientCert: '' })
  for (const wish of ['required', 'optional']) {
    expect(problems({ flags: { 'tls-client-cert': wish } })).toEqual([
      expect.stringContaining('--tls-client-cert needs --tls-client-ca'),
    ])
  }
  expect(problems({ flags: { 'tls-client-ca': 'ca.pem' } })).toEqual([
    expect.stringContaining('--tls-client-ca needs --tls-cert'),
  ])
  expect(problems({ flags: { ...tls, 'allow-plain-http': true } })).toEqual([
    expect.stringContaining('--tls-client-cert optional'),
  ])
  const optional = { ...tls, 'allow-plain-http': true, 'tls-client-cert': 'optional' }
  expect(read({ flags: optional }).tlsClientCert).toBe('optional')
  expect(problems({ environment: { MILLRACE_TLS_CLIENT_CERT: 'never' } })).toEqual([
    'MILLRACE_TLS_CLIENT_CERT must be required or optional, not "never"',
  ])
})

test('the root key comes whole from two variables', () => {
  const id = { MILLRACE_ROOT_ACCESS_KEY: 'AKIAROOTROOTROOTROOT' }
  const secret = { MILLRACE_ROOT_SECRET_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfi' }
  expect(read({ environment: { ...id, ...secret } }).rootKey).toEqual({
    accessKeyId: 'AKIAROOTROOTROOTROOT',
    secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfi',
  })
  expect(problems({ environment: id })).toEqual([expect.stringContaining('give both or neither')])
  expect(problems({ environment: secret })).toEqual([expect.stringContaining('give both or neither')])
  const short = problems({ environment: { ...id, MILLRACE_ROOT_SECRET_KEY: 'short' } })
  expect(short).toEqual([expect.stringContaining('secret key must be 8 to 128')])
  expect(short[0]).not.toContain('"short"')
})

test('what leaves by email and text message is set by URLs of gateways', () => {
  const config = file(`
smtp-url: smtps://mill:secret@relay.example:465
smtp-from: Mill <no-reply@example.org>
sms-url: https://sms.example/send?key=secret&to={phone}
sms-method: GET
sms-headers: '{"X-Key":"secret"}'
sms-sender: MILL
delivery-allow-private: true
`)
  expect(read({ flags: { config } })).toMatchObject({
    smtpUrl: 'smtps://mill:secret@relay.example:465',
    smtpFrom: 'Mill <no-reply@example.org>',
    smsUrl: 'https://sms.example/send?key=secret&to={phone}',
    smsMethod: 'GET',
    smsHeaders: '{"X-Key":"secret"}',
    smsSender: 'MILL',
    deliveryAllowPrivate: true,
  })
})

test('what is wrong with a gateway is said, without its password', () => {
  const environment = {
    MILLRACE_SMTP_URL: 'http://mill:secret@relay.example',
    MILLRACE_SMTP_FROM: 'Mill',
    MILLRACE_SMS_URL: 'smpp://mill:secret@',
    MILLRACE_SMS_HEADERS: '{"X-Key":"secret\\n"}',
    MILLRACE_SMS_METHOD: 'DELETE',
    MILLRACE_SMS_SENDER: 'The old mill',
  }
  const found = problems({ environment })
  expect(found).toEqual([
    'MILLRACE_SMTP_URL must be a URL that begins with smtp://, smtps://',
    'MILLRACE_SMTP_FROM must be a mail address, or a name and an address as in "Mill <mill@example.org>", not "Mill"',
    'MILLRACE_SMS_URL must be a URL that begins with smpp://, ssmpp://, http://, https://',
    'MILLRACE_SMS_METHOD must be GET, POST or PUT, not "DELETE"',
    'MILLRACE_SMS_HEADERS must be a JSON object of headers, like {"Content-Type":"application/json"}',
    'MILLRACE_SMS_SENDER must be up to eleven letters and digits, or a number of up to 15 digits, not "The old mill"',
  ])
})

test('where a config file is no YAML is said, without a line of it', () => {
  const config = file('port: 1\nsmtp-url: smtp://mill:secret@relay.example: 25\n')
  const [problem = ''] = problems({ flags: { config } })
  expect(problem).toMatch(/can't be read: .* at line 2, column \d+$/)
  expect(problem).not.toContain('secret')
})

test.each([
  'smtp://',
  'smtp:relay.example',
  'relay.example',
  'smtp://re lay',
  'smtp://mill%zz:secret@relay.example',
])('%s is no relay', (url) => {
  const environment = { MILLRACE_SMTP_URL: url, MILLRACE_SMTP_FROM: 'mill@example.org' }
  expect(problems({ environment })).toEqual([
    'MILLRACE_SMTP_URL must be a URL that begins with smtp://, smtps://',
  ])
})

test.each([
  ['smpp://mill:secret@sms.example', '{}', true],
  ['smpp://mill@sms.example', '{}', true],
  ['smpp://sms.example', '{}', false],
  ['ssmpp://mill:secret@sms.example', '{}', false],
  ['smpp://mill:secret@127.0.0.1:2775', '{}', false],
  ['smpp://mill:secret@[::1]', '{}', false],
  ['smpp://mill:secret@localhost', '{}', false],
  ['smpp://mill:secret@127.0.0.1.example', '{}', true],
  ['http://sms.example/', '{"authorization":"Bearer secret"}', true],
  ['http://mill:secret@sms.example/', '{}', true],
  ['http://sms.example/', '{"Content-Type":"text/plain"}', false],
  ['https://sms.example/', '{"Authorization":"Bearer secret"}', false],
])('whether %s with the headers %s would tell a password to all on the way: %s', (url, headers, tells) => {
  const environment = { MILLRACE_SMS_URL: url, MILLRACE_SMS_HEADERS: headers }
  const found = problems({ environment })
  expect(found).toEqual(tells ? [expect.stringMatching(/^--sms-url would send its password/)] : [])
  expect(problems({ environment: { ...environment, MILLRACE_ALLOW_PLAIN_PASSWORDS: 'true' } })).toEqual([])
})

test('a relay needs a sender, and a sender a relay', () => {
  const both = ['--smtp-url and --smtp-from go together: give both or neither']
  expect(problems({ environment: { MILLRACE_SMTP_URL: 'smtp://relay.example' } })).toEqual(both)
  expect(problems({ environment: { MILLRACE_SMTP_FROM: 'mill@example.org' } })).toEqual(both)
})

test('functions and delivery streams elsewhere have endpoints, and keys of their own or those of AWS clients', () => {
  const config = file(`
lambda-endpoint: https://lambda.{region}.amazonaws.com
lambda-timeout: 900
lambda-access-key-id: AKIAMILL
lambda-secret-access-key: secret
firehose-endpoint: http://127.0.0.1:4573
`)
  const environment = { AWS_ACCESS_KEY_ID: 'AKIAALL', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' }
  expect(read({ flags: { config }, environment })).toMatchObject({
    lambdaEndpoint: 'https://lambda.{region}.amazonaws.com',
    lambdaTimeoutSeconds: 900,
    lambdaAccessKeyId: 'AKIAMILL',
    lambdaSecretAccessKey: 'secret',
    firehoseEndpoint: 'http://127.0.0.1:4573',
    firehoseAccessKeyId: '',
    awsCredentials: { accessKeyId: 'AKIAALL', secretAccessKey: 's', sessionToken: 't' },
  })
  expect(read({ environment: { AWS_ACCESS_KEY_ID: 'AKIAALL' } }).awsCredentials).toBeUndefined()
})

test.each([
  'lambda.example',
  'ftp://lambda.example',
  'http://',
  'http://key:secret@lambda.example',
  'http://l/?a',
])('%s is no endpoint of a service of AWS', (url) => {
  const rule = 'must be a URL that begins with http:// or https://, without credentials and query'
  expect(problems({ environment: { MILLRACE_LAMBDA_ENDPOINT: url } })).toEqual([
    `MILLRACE_LAMBDA_ENDPOINT ${rule}`,
  ])
  expect(problems({ environment: { MILLRACE_FIREHOSE_ENDPOINT: url } })).toEqual([
    `MILLRACE_FIREHOSE_ENDPOINT ${rule}`,
  ])
})

test.each(['https://lambda.{Region}.example', 'http://lambda.example/{region', 'http://{account}.example'])(
  '%s has a place that nothing is put into',
  (url) => {
    expect(problems({ environment: { MILLRACE_LAMBDA_ENDPOINT: url } })).toEqual([
      'MILLRACE_LAMBDA_ENDPOINT must have no braces but those of {region}',
    ])
  },
)

test('half a key, and a time that no function may take, are problems', () => {
  expect(problems({ environment: { MILLRACE_LAMBDA_ACCESS_KEY_ID: 'AKIAMILL' } })).toEqual([
    '--lambda-access-key-id and --lambda-secret-access-key go together: give both or neither',
  ])
  expect(problems({ environment: { MILLRACE_FIREHOSE_SECRET_ACCESS_KEY: 'secret' } })).toEqual([
    '--firehose-access-key-id and --firehose-secret-access-key go together: give both or neither',
  ])
  for (const MILLRACE_LAMBDA_TIMEOUT of ['0', '901'])
    expect(problems({ environment: { MILLRACE_LAMBDA_TIMEOUT } })).toEqual([
      `MILLRACE_LAMBDA_TIMEOUT must be a whole number from 1 to 900, not "${MILLRACE_LAMBDA_TIMEOUT}"`,
    ])
})

test('a certificate and its key are files, relative to what names them', () => {
  const config = file(
    'tls-cert: tls/cert.pem\ntls-key: /etc/key.pem\ntls-min-version: 1.3\nallow-plain-http: true\n',
  )
  expect(read({ flags: { config } })).toMatchObject({
    tlsCert: join(directory, 'tls/cert.pem'),
    tlsKey: '/etc/key.pem',
    tlsMinVersion: '1.3',
    allowPlainHttp: true,
  })
  const environment = {
    MILLRACE_TLS_CERT: 'cert.pem',
    MILLRACE_TLS_KEY: 'key.pem',
    MILLRACE_ALLOW_PLAIN_HTTP: 'true',
  }
  expect(read({ environment })).toMatchObject({
    tlsCert: '/srv/cert.pem',
    tlsKey: '/srv/key.pem',
    allowPlainHttp: true,
  })
})

test('a certificate needs its key, a key its certificate, and a version is one of two', () => {
  const both = ['--tls-cert and --tls-key go together: give both or neither']
  expect(problems({ environment: { MILLRACE_TLS_CERT: 'cert.pem' } })).toEqual(both)
  expect(problems({ environment: { MILLRACE_TLS_KEY: 'key.pem' } })).toEqual(both)
  expect(problems({ flags: { 'tls-min-version': '1.1' } })).toEqual([
    '--tls-min-version must be 1.2 or 1.3, not "1.1"',
  ])
})
