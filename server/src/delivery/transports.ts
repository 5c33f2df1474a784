import type { Timers } from '../base/time.ts'
import { AwsCaller, type AwsCredentials } from './aws-caller.ts'
import { EmailTransport } from './email-transport.ts'
import { FirehoseTransport } from './firehose-transport.ts'
import { httpEndpointProblem } from './http-endpoint.ts'
import { HttpTransport } from './http-transport.ts'
import { LambdaApiInvoker } from './lambda-api-invoker.ts'
import { type FunctionInvoker, LambdaTransport } from './lambda-transport.ts'
import { ATTEMPT_MS_MAX } from './limits.ts'
import { isMailAddress, parseSender } from './mail-address.ts'
import type { ResolveName } from './name-resolution.ts'
import { normalizePhoneNumber } from './phone-number.ts'
import { SmppGateway } from './smpp-gateway.ts'
import { parseSmsHeaders, SmsHttpGateway } from './sms-http-gateway.ts'
import { type SmsGateway, SmsTransport } from './sms-transport.ts'
import type { Transport } from './transport.ts'

const PUSH_PROTOCOLS = ['http', 'https', 'email', 'email-json', 'sms', 'lambda', 'firehose'] as const

/** The protocols of subscriptions that leave the process. */
export type PushProtocol = (typeof PUSH_PROTOCOLS)[number]

export function isPushProtocol(protocol: string): protocol is PushProtocol {
  return PUSH_PROTOCOLS.some((each) => each === protocol)
}

/** Checked by the settings' own parsers; texts that are empty are not set. */
export interface DeliverySettings {
  readonly deliveryAllowPrivate: boolean
  readonly allowPlainPasswords: boolean
  readonly smtpUrl: string
  readonly smtpFrom: string
  readonly smsUrl: string
  readonly smsMethod: string
  readonly smsHeaders: string
  readonly smsBody: string
  readonly smsSender: string
  readonly lambdaEndpoint: string
  /** How long a function's answer is waited for. */
  readonly lambdaTimeoutSeconds: number
  readonly lambdaAccessKeyId: string
  readonly lambdaSecretAccessKey: string
  readonly firehoseEndpoint: string
  readonly firehoseAccessKeyId: string
  readonly firehoseSecretAccessKey: string
}

export interface TransportsOptions {
  readonly settings: DeliverySettings
  readonly timers: Timers
  readonly resolveName: ResolveName
  /** Certificates, as PEM, by which all that is called over TLS is trusted; left out for those of Node.js. */
  readonly ca?: readonly string[] | undefined
  /** For endpoints of AWS's services that no key of their own is given for. */
  readonly awsCredentials?: AwsCredentials | undefined
  /** Whoever runs functions here; left out where the settings name who runs them, if anybody does. */
  readonly invoker?: FunctionInvoker
}

/** All the ways out, as far as there are settings for them. No connection is made before there is something to be delivered. */
export class Transports {
  readonly #allowPrivate: boolean
  readonly #byProtocol = new Map<PushProtocol, Transport>()

  constructor(options: TransportsOptions) {
    const { settings, timers, resolveName, ca } = options
    this.#allowPrivate = settings.deliveryAllowPrivate
    const http = new HttpTransport({ timers, resolveName, ca, allowPrivate: this.#allowPrivate })
    this.#byProtocol.set('http', http).set('https', http)
    const from = parseSender(settings.smtpFrom)
    if (settings.smtpUrl !== '' && from !== undefined) {
      const relay = { url: new URL(settings.smtpUrl), from }
      const allowPlainPassword = settings.allowPlainPasswords
      for (const form of ['email', 'email-json'] as const)
        this.#byProtocol.set(form, new EmailTransport({ relay, timers, ca, allowPlainPassword, form }))
    }
    if (settings.smsUrl !== '')
      this.#byProtocol.set('sms', new SmsTransport(smsGateway(options), settings.smsSender))
    const invoker = options.invoker ?? remoteInvoker(options)
    if (invoker !== undefined) this.#byProtocol.set('lambda', new LambdaTransport(invoker))
    const { firehoseEndpoint: url, firehoseAccessKeyId, firehoseSecretAccessKey } = settings
    if (url !== '') {
      const credentials = credentialsOf(firehoseAccessKeyId, firehoseSecretAccessKey, options)
      const caller = new AwsCaller({ url, service: 'firehose', credentials, ca }, timers, ATTEMPT_MS_MAX)
      this.#byProtocol.set('firehose', new FirehoseTransport(caller))
    }
  }

  /** Undefined where `endpointProblem` says that there is none. */
  for(protocol: PushProtocol): Transport | undefined {
    return this.#byProtocol.get(protocol)
  }

  /** Those that there is a way for. */
  get protocols(): readonly PushProtocol[] {
    return [...this.#byProtocol.keys()]
  }

  /** Why an endpoint can't be subscribed here, in words for the client, or undefined if it can. */
  endpointProblem(protocol: PushProtocol, endpoint: string): string | undefined {
    if (!this.#byProtocol.has(protocol)) return MISSING[protocol]
    switch (protocol) {
      case 'http':
      case 'https':
        return httpEndpointProblem(endpoint, protocol, this.#allowPrivate)
      case 'email':
      case 'email-json':
        return isMailAddress(endpoint) ? undefined : 'Email address'
      case 'sms':
        return normalizePhoneNumber(endpoint) === undefined ? `Invalid SMS endpoint: ${endpoint}` : undefined
      case 'lambda':
      case 'firehose':
        return undefined
      default:
        return protocol satisfies never
    }
  }

  async close(): Promise<void> {
    await Promise.all([...new Set(this.#byProtocol.values())].map((transport) => transport.close()))
  }
}

const NO_RELAY = 'email can be sent only by a server that is started with --smtp-url and --smtp-from'
/** What to tell whoever subscribes by a protocol that this server has no way for. */
const MISSING: Readonly<Record<PushProtocol, string | undefined>> = {
  http: undefined,
  https: undefined,
  email: NO_RELAY,
  'email-json': NO_RELAY,
  sms: 'text messages can be sent only by a server that is started with --sms-url',
  lambda: 'functions can be called only by a server that is started with --lambda-endpoint',
  firehose: 'delivery streams can be reached only by a server that is started with --firehose-endpoint',
}

function remoteInvoker(options: TransportsOptions): FunctionInvoker | undefined {
  const { settings, timers, ca } = options
  const { lambdaEndpoint: url, lambdaAccessKeyId, lambdaSecretAccessKey, lambdaTimeoutSeconds } = settings
  if (url === '') return undefined
  const credentials = credentialsOf(lambdaAccessKeyId, lambdaSecretAccessKey, options)
  const milliseconds = lambdaTimeoutSeconds * 1_000
  const endpoint = { url, service: 'lambda', credentials, ca }
  return new LambdaApiInvoker(new AwsCaller(endpoint, timers, milliseconds))
}

/** The endpoint's own key, or the one that is there for all. */
function credentialsOf(
  accessKeyId: string,
  secretAccessKey: string,
  { awsCredentials }: TransportsOptions,
): AwsCredentials | undefined {
  return accessKeyId === '' ? awsCredentials : { accessKeyId, secretAccessKey }
}

function smsGateway({ settings, timers, ca }: TransportsOptions): SmsGateway {
  const { smsUrl: url, smsMethod: method, smsHeaders, smsBody: body } = settings
  if (/^s?smpp:/i.test(url)) return new SmppGateway(new URL(url), timers, ca)
  return new SmsHttpGateway({ url, method, headers: parseSmsHeaders(smsHeaders), body }, timers, ca)
}
