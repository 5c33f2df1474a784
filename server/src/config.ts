import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import type { KeyPair } from './auth/root-key.ts'
import { type AwsCredentials, endpointUrl } from './delivery/aws-caller.ts'
import { INVOCATION_SECONDS_MAX } from './delivery/limits.ts'
import { isLoopbackHost } from './delivery/loopback-host.ts'
import { parseSender } from './delivery/mail-address.ts'
import { wouldSendPlainPassword } from './delivery/plain-password.ts'
import { parseSmsHeaders } from './delivery/sms-http-gateway.ts'
import { isSmsSender } from './delivery/sms-transport.ts'
import type { DeliverySettings } from './delivery/transports.ts'
import type { Durability } from './journal/journal.ts'
import { LOG_LEVELS, type LogLevel } from './observe/logger.ts'

/** What a server is started with, checked. */
export interface Config extends Settings {
  /** The root key to use from now on; undefined to use the stored one, or to make one at the first start. */
  readonly rootKey: KeyPair | undefined
  /** The master key, 32 bytes; undefined where it comes from a command or a file. */
  readonly masterKey: Uint8Array | undefined
  /** The one before, which files may still be wrapped with. */
  readonly oldMasterKey: Uint8Array | undefined
  /** What requests to AWS's services are signed with that no key of their own is given for. */
  readonly awsCredentials: AwsCredentials | undefined
  /** The queues that are to be there, in the order of the config file. */
  readonly queues: readonly DeclaredQueue[]
}

/** A queue as the config file declares it. Its shape was checked; what SQS says of its values wasn't. */
export interface DeclaredQueue {
  /** Twelve digits. */
  readonly accountId: string
  readonly region: string
  readonly name: string
  /**
   * As CreateQueue takes them, but that a queue's name may stand for its ARN in `deadLetterTargetArn` and
   * `sourceQueueArns`.
   */
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** Where it stands, for messages: `millrace.yaml: queues[0]`. */
  readonly place: string
}

/** Every setting that has a flag. */
export interface Settings extends DeliverySettings {
  /** The address to listen on: a name, or an IP address without brackets. */
  readonly host: string
  /** 0 lets the system choose a free one. */
  readonly port: number
  /** Files, as absolute paths; both empty for no TLS. */
  readonly tlsCert: string
  readonly tlsKey: string
  readonly tlsMinVersion: '1.2' | '1.3'
  /** An absolute path; empty where clients are not asked for certificates. */
  readonly tlsClientCa: string
  readonly tlsClientCert: 'required' | 'optional'
  readonly allowPlainHttp: boolean
  /** An absolute path. */
  readonly dataDirectory: string
  readonly auth: boolean
  /** 0 for no limit. */
  readonly authFailuresPerMinute: number
  readonly durability: Durability
  /** Whether new files of the journal are encrypted. */
  readonly encryption: boolean
  /** An absolute path. */
  readonly masterKeyFile: string
  /** Run by the shell; empty for none. */
  readonly masterKeyCommand: string
  readonly logLevel: LogLevel
  readonly insecureBind: boolean
  /** An absolute path; empty for none. */
  readonly deliveryCa: string
  /** Origins of web pages that may use the server, as browsers write them. */
  readonly allowedOrigins: readonly string[]
  readonly purgeCooldown: boolean
  readonly deleteCooldown: boolean
  readonly fifoQuota: boolean
  readonly standardOrder: 'in-order' | 'shuffled'
  /** Of a hundred deliveries, and of a hundred deletions; 0 to 50. */
  readonly twicePercent: number
  /** 0 has one drawn. */
  readonly seed: number
  /** How long streams and their consumers take from one status to the next, in milliseconds. */
  readonly kinesisTransitionMs: number
  /** Whether shards are as slow as AWS's. */
  readonly kinesisThroughputLimits: boolean
  readonly acceptClock: boolean
  readonly allowReset: boolean
  readonly allowClockControl: boolean
  readonly console: boolean
  readonly dryRun: boolean
}

/** What one setting is called, what it may be, and what it is when nobody says. */
export interface Setting<T> {
  /** As a flag with two dashes before it, as a key of the config file as it stands, as a variable `MILLRACE_DATA_DIR`. */
  readonly name: string
  /** What stands for the value in the help, or null for a switch, which is on when it is named. */
  readonly placeholder: string | null
  readonly help: string
  readonly default: T
  /** Why that default; for the reader of this table. */
  readonly why: string
  /** The value may hold a password: it is in no message. */
  readonly secret?: true
  /** Only as a flag: what is meant for one start must not lie around in a file or an environment. */
  readonly flagOnly?: true
  /** Throws a RangeError that says what the value must be. Paths are relative to `directory`. */
  readonly parse: (text: string, directory: string) => T
}

export const SETTINGS: { readonly [Name in keyof Settings]: Setting<Settings[Name]> } = {
  host: {
    name: 'host',
    placeholder: 'address',
    help: 'address to listen on; 0.0.0.0 or :: for all',
    default: '127.0.0.1',
    why: 'a message server that was only tried out must not be open to the network',
    parse: parseHost,
  },
  port: {
    name: 'port',
    placeholder: 'number',
    help: 'port to listen on, 0 to 65535; 0 lets the system choose',
    default: 4566,
    why: 'the port at which tools look for a local AWS endpoint',
    parse: parsePort,
  },
  tlsCert: {
    name: 'tls-cert',
    placeholder: 'file',
    help: 'certificate for TLS on the same port, PEM, with those that lead to its authority; read again on SIGHUP',
    default: '',
    why: 'only the operator has one that clients trust',
    parse: pathOrNone,
  },
  tlsKey: {
    name: 'tls-key',
    placeholder: 'file',
    help: 'private key of that certificate, PEM, without a passphrase',
    default: '',
    why: 'as for the certificate',
    parse: pathOrNone,
  },
  tlsMinVersion: {
    name: 'tls-min-version',
    placeholder: '1.2|1.3',
    help: 'least version of TLS that clients may use',
    default: '1.2',
    why: 'what AWS takes; older ones are broken',
    parse: (text) => oneOf(['1.2', '1.3'], text),
  },
  tlsClientCa: {
    name: 'tls-client-ca',
    placeholder: 'file',
    help: 'certificates, PEM, of the authorities that issue those of clients; read again on SIGHUP. Who shows none of theirs is not let in',
    default: '',
    why: 'only the operator can have given clients certificates; and who signs a request is known without',
    parse: pathOrNone,
  },
  tlsClientCert: {
    name: 'tls-client-cert',
    placeholder: 'required|optional',
    help: 'with --tls-client-ca: whether clients that show no certificate are let in all the same',
    default: 'required',
    why: 'who names an authority wants its clients alone; optional is for the days in which clients are given theirs',
    parse: (text) => oneOf(['required', 'optional'], text),
  },
  allowPlainHttp: {
    name: 'allow-plain-http',
    placeholder: null,
    help: 'take plain HTTP from other machines, beside TLS or without it',
    default: false,
    why: 'a client that was forgotten would go on sending its messages for everyone on the way to read',
    parse: parseSwitch,
  },
  dataDirectory: {
    name: 'data-dir',
    placeholder: 'path',
    help: 'directory of the journal and the root key; made if missing, never shared',
    default: 'millrace-data',
    why: 'in the working directory, where it is seen, backed up and removed with the rest; a path in the home directory would be shared by every server that is only tried out',
    parse: (text, directory) => resolve(directory, notEmpty(text)),
  },
  auth: {
    name: 'auth',
    placeholder: 'on|off',
    help: 'whether requests must be signed with a known key',
    default: true,
    why: 'what is meant for production is safe unless told otherwise',
    parse: parseOnOff,
  },
  authFailuresPerMinute: {
    name: 'auth-failures-per-minute',
    placeholder: 'number',
    help: 'how often a minute one address may fail to sign with one key, before it is told to slow down; 0 for no limit',
    default: 120,
    why: 'two a second: enough for programs that start with a wrong secret and try again, and too little to try secrets out',
    parse: (text) => wholeNumber(text, 1_000_000),
  },
  durability: {
    name: 'durability',
    placeholder: 'fsync|os|memory',
    help: 'what an answer waits for: the disk, the operating system, or nothing',
    default: 'fsync',
    why: 'an acknowledged message survives a power cut',
    parse: (text) => oneOf(['fsync', 'os', 'memory'], text),
  },
  encryption: {
    name: 'encryption',
    placeholder: 'on|off',
    help: 'whether the journal is encrypted at rest; off leaves encrypted files as they are, and still needs their key',
    default: true,
    why: 'a disk that is sold, a backup that is copied: what is meant for production is safe unless told otherwise',
    parse: parseOnOff,
  },
  masterKeyFile: {
    name: 'master-key-file',
    placeholder: 'file',
    help: 'file of the master key, 32 bytes in base64; without it, master.key in the data directory, made at the first start',
    default: '',
    why: 'it works at once; who keeps the key apart from the data is protected from more',
    parse: pathOrNone,
  },
  masterKeyCommand: {
    name: 'master-key-command',
    placeholder: 'command',
    help: 'command that prints the master key, 32 bytes in base64, as a client of a vault does; run by the shell at the start',
    default: '',
    why: 'only the operator has a vault',
    secret: true,
    parse: (text) => text,
  },
  logLevel: {
    name: 'log-level',
    placeholder: LOG_LEVELS.join('|'),
    help: 'least level of what is logged, as JSON lines on standard error',
    default: 'info',
    why: 'what happens now and then; single requests are of level debug',
    parse: (text) => oneOf(LOG_LEVELS, text),
  },
  insecureBind: {
    name: 'insecure-bind',
    placeholder: null,
    help: 'with --auth off: listen on other addresses than loopback all the same, without TLS too',
    default: false,
    why: 'an open server that everyone can reach is to be asked for twice',
    parse: parseSwitch,
  },
  allowedOrigins: {
    name: 'allow-origin',
    placeholder: 'origins',
    help: 'origins of web pages that may use the server, with commas between; http://localhost:3000',
    default: [],
    why: 'a page that is open in a browser on this machine is not for that reason one to be trusted',
    parse: parseOrigins,
  },
  purgeCooldown: {
    name: 'purge-cooldown',
    placeholder: 'on|off',
    help: 'refuse a purge within 60 seconds of the one before, as AWS does',
    default: false,
    why: 'a purge is done at once here: there is nothing to wait for, and tests purge often',
    parse: parseOnOff,
  },
  deleteCooldown: {
    name: 'delete-cooldown',
    placeholder: 'on|off',
    help: 'refuse a queue named like one that was deleted within 60 seconds, as AWS does',
    default: false,
    why: 'a deletion is done at once here too, and tests create queues anew all the time',
    parse: parseOnOff,
  },
  fifoQuota: {
    name: 'fifo-quota',
    placeholder: 'on|off',
    help: 'refuse calls to a FIFO queue beyond the rates that AWS allows, as AWS does',
    default: false,
    why: 'nothing here needs such a limit; who wants to know whether a program bears it can ask for it',
    parse: parseOnOff,
  },
  standardOrder: {
    name: 'standard-order',
    placeholder: 'in-order|shuffled',
    help: 'whether standard queues stray from order and from one delivery, as at AWS they may',
    default: 'in-order',
    why: 'order costs nothing here; who wants to know whether a program relies on it can ask for disorder',
    parse: (text) => oneOf(['in-order', 'shuffled'], text),
  },
  twicePercent: {
    name: 'twice-percent',
    placeholder: 'number',
    help: 'with --standard-order shuffled: how many messages of a hundred are delivered twice, 0 to 50',
    default: 1,
    why: 'seldom enough for a suite to get on, and often enough to be met in it',
    parse: (text) => wholeNumber(text, 50),
  },
  seed: {
    name: 'seed',
    placeholder: 'number',
    help: 'with --standard-order shuffled: the seed of the order, to repeat a run; 0 draws one and logs it',
    default: 0,
    why: 'every run tries another order, and the log says which',
    parse: (text) => wholeNumber(text, 2 ** 32 - 1),
  },
  kinesisTransitionMs: {
    name: 'kinesis-transition-ms',
    placeholder: 'number',
    help: 'milliseconds that a stream stays CREATING, UPDATING or DELETING, 0 to 3600000',
    default: 0,
    why: 'nothing here takes time; who wants to know whether a program waits can ask for it',
    parse: (text) => wholeNumber(text, 3_600_000),
  },
  kinesisThroughputLimits: {
    name: 'kinesis-throughput-limits',
    placeholder: 'on|off',
    help: 'refuse what goes beyond the throughput of a shard of AWS, as AWS does',
    default: false,
    why: 'a shard here takes and gives what the machine can; who wants to know whether a program bears less can ask for it',
    parse: parseOnOff,
  },
  acceptClock: {
    name: 'accept-clock',
    placeholder: null,
    help: "start though the clock is far from the journal's last time",
    default: false,
    why: 'a clock that is off by a day would expire or delay messages wrongly',
    flagOnly: true,
    parse: parseSwitch,
  },
  allowReset: {
    name: 'allow-reset',
    placeholder: null,
    help: 'let POST /_millrace/reset delete all that there is, for test suites',
    default: false,
    why: 'one request that deletes everything has no place in production',
    parse: parseSwitch,
  },
  allowClockControl: {
    name: 'allow-clock-control',
    placeholder: null,
    help: 'let POST /_millrace/clock set the time that queues and streams go by, for test suites',
    default: false,
    why: 'one request that lets every message expire has no place in production',
    parse: parseSwitch,
  },
  console: {
    name: 'console',
    placeholder: 'on|off',
    help: 'whether browsers get the web console, at /_millrace/console/',
    default: true,
    why: 'it is a page that may do what its user may: files and no rights of its own',
    parse: parseOnOff,
  },
  deliveryAllowPrivate: {
    name: 'delivery-allow-private',
    placeholder: null,
    help: 'let HTTP endpoints of topics be on private addresses and on this machine',
    default: false,
    why: 'whoever may subscribe an endpoint could otherwise reach what only this machine reaches: its own services, its network, the metadata of its cloud',
    parse: parseSwitch,
  },
  deliveryCa: {
    name: 'delivery-ca',
    placeholder: 'file',
    help: 'certificates, PEM, of authorities that relays, gateways and endpoints are trusted by, beside the well-known ones',
    default: '',
    why: 'those that Node.js knows are enough for what everybody may reach',
    parse: pathOrNone,
  },
  allowPlainPasswords: {
    name: 'allow-plain-passwords',
    placeholder: null,
    help: 'let relays and gateways on other machines be told their passwords without TLS',
    default: false,
    why: 'a password is for nobody on the way to read',
    parse: parseSwitch,
  },
  smtpUrl: {
    name: 'smtp-url',
    placeholder: 'url',
    help: 'relay for email, smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start',
    default: '',
    why: 'mail that comes from just any machine is taken for spam',
    secret: true,
    parse: (text) => urlOf(['smtp', 'smtps'], text),
  },
  smtpFrom: {
    name: 'smtp-from',
    placeholder: 'address',
    help: 'whom email comes from, as in "Mill <no-reply@example.org>"',
    default: '',
    why: 'only the operator knows for which address the relay sends',
    parse: parseFrom,
  },
  smsUrl: {
    name: 'sms-url',
    placeholder: 'url',
    help: 'gateway for text messages: smpp://USER:PASSWORD@HOST:PORT, ssmpp:// for TLS, or http(s):// with {phone}, {message} and {sender} in it or in the body',
    default: '',
    why: 'text messages cost money, and a contract with a provider',
    secret: true,
    parse: (text) => urlOf(['smpp', 'ssmpp', 'http', 'https'], text),
  },
  smsMethod: {
    name: 'sms-method',
    placeholder: 'GET|POST|PUT',
    help: 'method of requests to an HTTP gateway for text messages',
    default: 'POST',
    why: 'what most providers want',
    parse: (text) => oneOf(['GET', 'POST', 'PUT'], text),
  },
  smsHeaders: {
    name: 'sms-headers',
    placeholder: 'json',
    help: 'headers of such requests, as JSON',
    default: '{"Content-Type":"application/json"}',
    why: 'what most providers want, but for a key',
    secret: true,
    parse: (text) => {
      parseSmsHeaders(text)
      return text
    },
  },
  smsBody: {
    name: 'sms-body',
    placeholder: 'template',
    help: 'body of such requests; what is put in is spelled as the content type wants it',
    default: '{"to":"{phone}","from":"{sender}","text":"{message}"}',
    why: 'an example more than a default: every provider has names of its own',
    parse: (text) => text,
  },
  smsSender: {
    name: 'sms-sender',
    placeholder: 'name',
    help: 'whom text messages come from unless their publisher says so: up to eleven letters and digits, or a number',
    default: 'NOTICE',
    why: "AWS's own default where a name is allowed",
    parse: parseSmsSender,
  },
  lambdaEndpoint: {
    name: 'lambda-endpoint',
    placeholder: 'url',
    help: 'whoever runs the functions that topics call, by the Invoke API of AWS Lambda; {region} stands for the region of the function',
    default: '',
    why: 'only the operator knows where functions run',
    secret: true,
    parse: awsEndpointOf,
  },
  lambdaTimeoutSeconds: {
    name: 'lambda-timeout',
    placeholder: 'seconds',
    help: 'how long its answer is waited for, 1 to 900; local runners answer when the function has ended',
    default: 60,
    why: 'AWS answers at once; longer, and a runner that hangs holds its messages for as long after a crash',
    parse: (text) => wholeNumber(text, INVOCATION_SECONDS_MAX, 1),
  },
  lambdaAccessKeyId: {
    name: 'lambda-access-key-id',
    placeholder: 'id',
    help: 'key that its requests are signed with, instead of AWS_ACCESS_KEY_ID; without any they are not signed',
    default: '',
    why: 'local runners take requests without a signature',
    parse: (text) => text,
  },
  lambdaSecretAccessKey: {
    name: 'lambda-secret-access-key',
    placeholder: 'secret',
    help: 'the secret of that key',
    default: '',
    why: 'as for the key',
    secret: true,
    parse: (text) => text,
  },
  firehoseEndpoint: {
    name: 'firehose-endpoint',
    placeholder: 'url',
    help: 'Amazon Data Firehose, or what speaks its API; {region} stands for the region of the delivery stream',
    default: '',
    why: 'only the operator knows where delivery streams are',
    secret: true,
    parse: awsEndpointOf,
  },
  firehoseAccessKeyId: {
    name: 'firehose-access-key-id',
    placeholder: 'id',
    help: 'key that its requests are signed with, instead of AWS_ACCESS_KEY_ID; without any they are not signed',
    default: '',
    why: 'what stands in for Firehose may take requests without a signature',
    parse: (text) => text,
  },
  firehoseSecretAccessKey: {
    name: 'firehose-secret-access-key',
    placeholder: 'secret',
    help: 'the secret of that key',
    default: '',
    why: 'as for the key',
    secret: true,
    parse: (text) => text,
  },
  dryRun: {
    name: 'dry-run',
    placeholder: null,
    help: 'print how the declared queues differ from those that are there, change nothing, and exit',
    default: false,
    why: 'a start is meant to serve',
    flagOnly: true,
    parse: parseSwitch,
  },
}

/** Where the master key is kept when nobody says. */
export function masterKeyFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'master.key')
}

/** The variable of a setting, e.g. `MILLRACE_DATA_DIR`. */
export function variableOf(setting: { readonly name: string }): string {
  return `MILLRACE_${setting.name.toUpperCase().replaceAll('-', '_')}`
}

/** What is wrong with settings that are fine one by one; empty when they fit. */
export function conflictsIn(config: Settings): readonly string[] {
  return [
    ...openToOthers(config),
    ...passwordsInTheOpen(config),
    ...halfOf('--smtp-url and --smtp-from', config.smtpUrl, config.smtpFrom),
    ...halfOf('--tls-cert and --tls-key', config.tlsCert, config.tlsKey),
    ...clientCertificateProblems(config),
    ...halfOf(
      '--lambda-access-key-id and --lambda-secret-access-key',
      config.lambdaAccessKeyId,
      config.lambdaSecretAccessKey,
    ),
    ...halfOf(
      '--firehose-access-key-id and --firehose-secret-access-key',
      config.firehoseAccessKeyId,
      config.firehoseSecretAccessKey,
    ),
  ]
}

/**
 * What speaks against serving at the address of these settings; undefined if nothing does. Without TLS everything between clients and server
 * can be read on the way, and changed but for what is signed. Commands on a running server may be given such an address: it may be another's.
 */
export function exposureProblem(config: Settings): string | undefined {
  const { host, tlsCert, allowPlainHttp, auth, insecureBind } = config
  const isAskedFor = allowPlainHttp || (!auth && insecureBind)
  if (tlsCert !== '' || isAskedFor || isLoopbackHost(host)) return undefined
  return (
    `without TLS, what clients of ${host} send and are sent can be read on the way; give --tls-cert and --tls-key, listen on ` +
    '127.0.0.1, or give --allow-plain-http if the network around is closed (in a container, behind a proxy that has TLS)'
  )
}

function clientCertificateProblems(config: Settings): readonly string[] {
  if (config.tlsClientCa === '') return []
  if (config.tlsCert === '')
    return ['--tls-client-ca needs --tls-cert and --tls-key: without TLS there are no certificates']
  if (config.allowPlainHttp && config.tlsClientCert === 'required') {
    return [
      '--allow-plain-http lets everyone in without the certificate that --tls-client-ca asks for; leave one of them out, ' +
        'or give --tls-client-cert optional',
    ]
  }
  return []
}

/** Whether anyone who reaches the server from another machine may do anything. */
export function isOpenToOthers({ auth, host }: Settings): boolean {
  return !auth && !isLoopbackHost(host)
}

function halfOf(both: string, one: string, other: string): readonly string[] {
  return (one === '') === (other === '') ? [] : [`${both} go together: give both or neither`]
}

function openToOthers(config: Settings): readonly string[] {
  if (config.insecureBind || !isOpenToOthers(config)) return []
  return [
    `--auth off would let anyone who reaches ${config.host} read and delete messages; listen on 127.0.0.1, ` +
      'or give --insecure-bind if the network around is closed (in a container)',
  ]
}

function passwordsInTheOpen(config: Settings): readonly string[] {
  if (config.allowPlainPasswords || !wouldSendPlainPassword(config)) return []
  return [
    '--sms-url would send its password for everyone on the way to read; use ssmpp:// or https://, or give ' +
      '--allow-plain-passwords if the network up to there is closed',
  ]
}

function parseHost(text: string): string {
  const host = text.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0 || /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i.test(host))
    return host
  throw new RangeError('must be a host name or an IP address, without scheme, port or path')
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  // Kubernetes gives every container of a namespace MILLRACE_PORT=tcp://... where a service is called "millrace".
  const hint = text.startsWith('tcp://')
    ? ' (if Kubernetes set it, set enableServiceLinks: false in the pod)'
    : ''
  throw new RangeError(`must be a whole number from 0 to 65535${hint}`)
}

function parseOrigins(text: string): readonly string[] {
  const origins = text.split(',').map((each) => each.trim())
  for (const origin of origins) {
    const problem = originProblem(origin)
    if (problem !== undefined) throw new RangeError(`must be origins of web pages: "${origin}" ${problem}`)
  }
  return origins
}

/** What is wrong with an origin; undefined if pages can have it. */
function originProblem(origin: string): string | undefined {
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#,@]+$/.test(origin)) return 'is not of the form http://host:port'
  if (!/^https?:/.test(origin)) return undefined
  const written = URL.canParse(origin) ? new URL(origin).origin : undefined
  if (written === undefined) return 'is not of the form http://host:port'
  return written === origin ? undefined : `is what browsers write as ${written}`
}

function wholeNumber(text: string, max: number, min = 0): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new RangeError(`must be a whole number from ${min} to ${max}`)
}

function awsEndpointOf(text: string): string {
  if (text === '') return text
  try {
    const { protocol, username, search, hash } = endpointUrl(text, 'us-east-1')
    if (/^https?:$/.test(protocol) && username === '' && search === '' && hash === '') return text
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  throw new RangeError('must be a URL that begins with http:// or https://, without credentials and query')
}

function urlOf(schemes: readonly string[], text: string): string {
  if (text === '') return text
  const [scheme = ''] = text.split('://')
  // A gateway's URL has places to be filled in, which are fine in a path and in a query.
  const url = schemes.includes(scheme) && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.hostname === '' || !isDecodable(url.username) || !isDecodable(url.password))
    throw new RangeError(`must be a URL that begins with ${schemes.map((each) => `${each}://`).join(', ')}`)
  return text
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function parseFrom(text: string): string {
  if (text !== '' && parseSender(text) === undefined)
    throw new RangeError('must be a mail address, or a name and an address as in "Mill <mill@example.org>"')
  return text
}

function parseSmsSender(text: string): string {
  if (text !== '' && !isSmsSender(text))
    throw new RangeError('must be up to eleven letters and digits, or a number of up to 15 digits')
  return text
}

function parseSwitch(text: string): boolean {
  return oneOf(['true', 'false'], text) === 'true'
}

function parseOnOff(text: string): boolean {
  return oneOf(['on', 'off'], text) === 'on'
}

function pathOrNone(text: string, directory: string): string {
  return text === '' ? '' : resolve(directory, text)
}

function notEmpty(text: string): string {
  if (text === '') throw new RangeError('must not be empty')
  return text
}

function oneOf<const T extends string>(choices: readonly T[], text: string): T {
  const choice = choices.find((each) => each === text)
  if (choice === undefined)
    throw new RangeError(`must be ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`)
  return choice
}
