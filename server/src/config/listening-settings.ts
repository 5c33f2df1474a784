import { isIP } from 'node:net'
import { isLoopbackHost } from '../base/loopback.ts'
import { halfOf, oneOf, parseOnOff, parseSwitch, pathOrNone, wholeNumber } from './parse-values.ts'
import type { SettingsTable } from './setting.ts'

/** Where the server listens, and whom it lets in. */
export interface ListeningSettings {
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
  /** Empty for `required`, where there are authorities. */
  readonly tlsClientCert: 'required' | 'optional' | ''
  readonly allowPlainHttp: boolean
  readonly auth: boolean
  /** 0 for no limit. */
  readonly authFailuresPerMinute: number
  readonly insecureBind: boolean
  /** Origins of web pages that may use the server, as browsers write them. */
  readonly allowedOrigins: readonly string[]
  readonly console: boolean
}

export const LISTENING_SETTINGS: SettingsTable<ListeningSettings> = {
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
    help: 'with --tls-client-ca: whether clients that show no certificate are let in all the same; required if left out',
    default: '',
    why: 'who names an authority wants its clients alone; without one there is nothing to ask for; optional is for the days in which clients are given theirs',
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
  console: {
    name: 'console',
    placeholder: 'on|off',
    help: 'whether browsers get the web console, at /_millrace/console/',
    default: true,
    why: 'it is a page that may do what its user may: files and no rights of its own',
    parse: parseOnOff,
  },
}

/**
 * What speaks against serving at the address of these settings; undefined if nothing does. Without TLS everything between clients and server
 * can be read on the way, and changed but for what is signed. Commands on a running server may be given such an address: it may be another's.
 */
export function exposureProblem(config: ListeningSettings): string | undefined {
  const { host, tlsCert, allowPlainHttp, auth, insecureBind } = config
  const isAskedFor = allowPlainHttp || (!auth && insecureBind)
  if (tlsCert !== '' || isAskedFor || isLoopbackHost(host)) return undefined
  return (
    `without TLS, what clients of ${host} send and are sent can be read on the way; give --tls-cert and --tls-key, listen on ` +
    '127.0.0.1, or give --allow-plain-http if the network around is closed (in a container, behind a proxy that has TLS)'
  )
}

/** Whether anyone who reaches the server from another machine may do anything. */
export function isOpenToOthers({ auth, host }: ListeningSettings): boolean {
  return !auth && !isLoopbackHost(host)
}

/** What is wrong with settings that are fine one by one. */
export function listeningConflicts(settings: ListeningSettings): readonly string[] {
  return [
    ...openToOthers(settings),
    ...halfOf('--tls-cert and --tls-key', settings.tlsCert, settings.tlsKey),
    ...clientCertificateProblems(settings),
  ]
}

function openToOthers(config: ListeningSettings): readonly string[] {
  if (config.insecureBind || !isOpenToOthers(config)) return []
  return [
    `--auth off would let anyone who reaches ${config.host} read and delete messages; listen on 127.0.0.1, ` +
      'or give --insecure-bind if the network around is closed (in a container)',
  ]
}

/** What clients have to show where authorities are named. */
export function clientCertificates({ tlsClientCert }: ListeningSettings): 'required' | 'optional' {
  return tlsClientCert === '' ? 'required' : tlsClientCert
}

function clientCertificateProblems(config: ListeningSettings): readonly string[] {
  if (config.tlsClientCa === '') {
    // Whoever asks for certificates must not believe that they are looked at.
    return config.tlsClientCert === ''
      ? []
      : ['--tls-client-cert needs --tls-client-ca: the authorities that the certificates of clients are from']
  }
  if (config.tlsCert === '')
    return ['--tls-client-ca needs --tls-cert and --tls-key: without TLS there are no certificates']
  if (config.allowPlainHttp && config.tlsClientCert !== 'optional') {
    return [
      '--allow-plain-http lets everyone in without the certificate that --tls-client-ca asks for; leave one of them out, ' +
        'or give --tls-client-cert optional',
    ]
  }
  return []
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
