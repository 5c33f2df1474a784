import type { Timers } from '../base/time.ts'
import { EmailTransport } from './email-transport.ts'
import { httpEndpointProblem } from './http-endpoint.ts'
import { HttpTransport } from './http-transport.ts'
import { type FunctionInvoker, LambdaTransport } from './lambda-transport.ts'
import { isMailAddress, parseSender } from './mail-address.ts'
import type { ResolveName } from './name-resolution.ts'
import { normalizePhoneNumber } from './phone-number.ts'
import { SmppGateway } from './smpp-gateway.ts'
import { parseSmsHeaders, SmsHttpGateway } from './sms-http-gateway.ts'
import { type SmsGateway, SmsTransport } from './sms-transport.ts'
import type { Transport } from './transport.ts'

/** The protocols of subscriptions that leave the process. */
export type PushProtocol = 'http' | 'https' | 'email' | 'email-json' | 'sms' | 'lambda'

export function isPushProtocol(protocol: string): protocol is PushProtocol {
  return PUSH_PROTOCOLS.some((each) => each === protocol)
}

const PUSH_PROTOCOLS: readonly PushProtocol[] = ['http', 'https', 'email', 'email-json', 'sms', 'lambda']

/** Checked by the settings' own parsers; texts that are empty are not set. */
export interface DeliverySettings {
  readonly deliveryAllowPrivate: boolean
  readonly smtpUrl: string
  readonly smtpFrom: string
  readonly smsUrl: string
  readonly smsMethod: string
  readonly smsHeaders: string
  readonly smsBody: string
  readonly smsSender: string
}

export interface TransportsOptions {
  readonly settings: DeliverySettings
  readonly timers: Timers
  readonly resolveName: ResolveName
  /** Undefined where there is nobody who runs functions. */
  readonly invoker?: FunctionInvoker
}

/** All the ways out, as far as there are settings for them. No connection is made before there is something to be delivered. */
export class Transports {
  readonly #allowPrivate: boolean
  readonly #byProtocol = new Map<PushProtocol, Transport>()

  constructor({ settings, timers, resolveName, invoker }: TransportsOptions) {
    this.#allowPrivate = settings.deliveryAllowPrivate
    const http = new HttpTransport({ timers, resolveName, allowPrivate: this.#allowPrivate })
    this.#byProtocol.set('http', http).set('https', http)
    const from = parseSender(settings.smtpFrom)
    if (settings.smtpUrl !== '' && from !== undefined) {
      const relay = { url: new URL(settings.smtpUrl), from }
      for (const form of ['email', 'email-json'] as const)
        this.#byProtocol.set(form, new EmailTransport({ relay, timers, form }))
    }
    if (settings.smsUrl !== '')
      this.#byProtocol.set('sms', new SmsTransport(smsGateway(settings, timers), settings.smsSender))
    if (invoker !== undefined) this.#byProtocol.set('lambda', new LambdaTransport(invoker))
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
  lambda: 'there are no functions on this server',
}

function smsGateway(settings: DeliverySettings, timers: Timers): SmsGateway {
  const { smsUrl: url, smsMethod: method, smsHeaders, smsBody: body } = settings
  if (/^s?smpp:/i.test(url)) return new SmppGateway(new URL(url), timers)
  return new SmsHttpGateway({ url, method, headers: parseSmsHeaders(smsHeaders), body }, timers)
}
