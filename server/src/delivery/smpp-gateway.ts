import type { Timers } from '../base/time.ts'
import { EndpointSlots } from './endpoint-slots.ts'
import { SMS_UNDER_WAY_MAX } from './limits.ts'
import { SmppError, SmppSession } from './smpp-session.ts'
import { encodeSms, type SmsPart } from './sms-encoding.ts'
import type { Sms, SmsGateway } from './sms-transport.ts'
import { DELIVERED, failed, GIVEN_UP, type Outcome } from './transport.ts'

/** SMPP 3.4, 5.1.3: what passes by itself. Any other status is about the message or its number. */
const PASSING_STATUSES = [
  ...[0x04 /* not bound for it */, 0x05 /* bound already */, 0x08 /* system error */],
  ...[0x0d /* bind failed */, 0x0e /* password */, 0x0f /* system id */],
  ...[0x14 /* queue full */, 0x45 /* submission failed */, 0x58 /* throttled */],
  ...[0x64 /* application error, temporary */, 0xff /* unknown */],
]

const TON_UNKNOWN = 0
const TON_INTERNATIONAL = 1
const TON_NETWORK_SPECIFIC = 3
const TON_ALPHANUMERIC = 5
const NPI_UNKNOWN = 0
const NPI_ISDN = 1
const ESM_UDH = 0x40
const SHORT_CODE_DIGITS_MAX = 8

/**
 * Hands text messages to an SMPP gateway, over one connection that is made when it is needed. The parts of a long message go out one
 * after the other; one that is tried again goes out whole, under the same reference, so that a phone joins it once.
 */
export class SmppGateway implements SmsGateway {
  readonly #url: URL
  readonly #timers: Timers
  readonly #ca: readonly string[] | undefined
  readonly #slots = new EndpointSlots({
    perEndpointMax: SMS_UNDER_WAY_MAX,
    totalMax: SMS_UNDER_WAY_MAX,
    rememberedMax: 2,
  })
  #session: Promise<SmppSession> | undefined

  /** `ca`: see `SmppSession.bind`. */
  constructor(url: URL, timers: Timers, ca?: readonly string[]) {
    this.#url = url
    this.#timers = timers
    this.#ca = ca
  }

  async send(sms: Sms, signal: AbortSignal): Promise<Outcome> {
    const encoded = encodeSms(sms.text, sms.reference)
    if (encoded === undefined) return failed('too long for text messages', 'permanent')
    const { parts, dataCoding } = encoded
    const parametersOf = ({ octets }: SmsPart) => ({
      ...sourceOf(sms.sender),
      ...{ dest_addr_ton: TON_INTERNATIONAL, dest_addr_npi: NPI_ISDN, destination_addr: sms.phone.slice(1) },
      esm_class: parts.length > 1 ? ESM_UDH : 0,
      data_coding: dataCoding,
      short_message: Buffer.from(octets),
    })
    return this.#slots.attempt('gateway', signal, async () => {
      for (const part of parts) {
        const outcome = await unlessAborted(signal, () => this.#submit(parametersOf(part)))
        if (!outcome.ok) return outcome
      }
      return DELIVERED
    })
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    // A connection that never came about has nothing to be closed.
    await session?.then(
      (bound) => bound.close(),
      () => {},
    )
  }

  async #submit(parameters: Parameters<SmppSession['submit']>[0]): Promise<Outcome> {
    try {
      const session = await this.#bound()
      const status = await session.submit(parameters)
      if (status === 0) return DELIVERED
      const reason = `the gateway answered with status ${status}`
      return failed(reason, PASSING_STATUSES.includes(status) ? 'retryable' : 'permanent', status)
    } catch (error) {
      if (!(error instanceof SmppError)) throw error
      return failed(error.message, 'retryable', error.status)
    }
  }

  /** The connection that there is, else a new one; all who ask meanwhile wait for the same. */
  async #bound(): Promise<SmppSession> {
    const known = this.#session
    if (known !== undefined) {
      const session = await known.catch(() => undefined)
      if (session !== undefined && !session.isEnded) return session
    }
    // Another may have begun a new one while this one waited.
    if (this.#session === known) this.#session = SmppSession.bind(this.#url, this.#timers, this.#ca)
    return this.#session ?? this.#bound()
  }
}

function sourceOf(sender: string) {
  if (sender === '') return { source_addr_ton: TON_UNKNOWN, source_addr_npi: NPI_UNKNOWN, source_addr: '' }
  const [, digits] = /^\+?(\d+)$/.exec(sender) ?? []
  if (digits === undefined)
    return { source_addr_ton: TON_ALPHANUMERIC, source_addr_npi: NPI_UNKNOWN, source_addr: sender }
  return sender.startsWith('+') || digits.length > SHORT_CODE_DIGITS_MAX
    ? { source_addr_ton: TON_INTERNATIONAL, source_addr_npi: NPI_ISDN, source_addr: digits }
    : { source_addr_ton: TON_NETWORK_SPECIFIC, source_addr_npi: NPI_UNKNOWN, source_addr: digits }
}

function unlessAborted(signal: AbortSignal, attempt: () => Promise<Outcome>): Promise<Outcome> {
  if (signal.aborted) return Promise.resolve(GIVEN_UP)
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve(GIVEN_UP)
    signal.addEventListener('abort', giveUp, { once: true })
    attempt()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', giveUp))
  })
}
