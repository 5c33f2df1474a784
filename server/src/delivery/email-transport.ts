import type nodemailer from 'nodemailer'
import { isLoopbackHost } from '../base/loopback.ts'
import type { Timers } from '../base/time.ts'
import type { Dispatch } from '../core/pushes.ts'
import { EndpointSlots } from './endpoint-slots.ts'
import { EMAIL_MS_MAX, RELAY_CONNECTIONS_MAX } from './limits.ts'
import { isMailAddress, type Sender } from './mail-address.ts'
import { mailJson, mailText } from './mail-text.ts'
import { DELIVERED, failed, GIVEN_UP, type Outcome, type Transport } from './transport.ts'

/** The SMTP server that takes mail from here to where it goes. */
export interface Relay {
  /** `smtp://` or `smtps://`, with user and password if it wants them. */
  readonly url: URL
  readonly from: Sender
}

export interface EmailTransportOptions {
  readonly relay: Relay
  readonly timers: Timers
  readonly form: 'email' | 'email-json'
  /** Certificates, as PEM, that the relay is trusted by; left out for those of Node.js. */
  readonly ca?: readonly string[] | undefined
  /** Whether a relay on another machine may be told the password without TLS. */
  readonly allowPlainPassword?: boolean
}

type Mailer = ReturnType<typeof nodemailer.createTransport>

/**
 * Sends mail through a relay. What the relay says of the recipient or the message counts: 4xx is tried again, 5xx is final. When it
 * can't be reached, doesn't know us, or refuses our own address, nothing was wrong with the message, and it is tried again.
 */
export class EmailTransport implements Transport {
  readonly #options: EmailTransportOptions
  readonly #slots = new EndpointSlots({
    perEndpointMax: RELAY_CONNECTIONS_MAX,
    totalMax: RELAY_CONNECTIONS_MAX,
    rememberedMax: 2,
  })
  #mailer: Promise<Mailer> | undefined

  constructor(options: EmailTransportOptions) {
    this.#options = options
  }

  async deliver({ endpoint, notification }: Dispatch, signal: AbortSignal): Promise<Outcome> {
    if (!isMailAddress(endpoint)) return failed('not a mail address', 'permanent')
    const { relay, form } = this.#options
    const { subject, text } = form === 'email' ? mailText(notification) : mailJson(notification)
    const name = oneLine(notification.topicDisplayName) || relay.from.name
    const mail = {
      from: { name, address: relay.from.address },
      to: { name: '', address: endpoint },
      envelope: { from: relay.from.address, to: [endpoint] },
      subject: oneLine(subject),
      text,
    }
    return this.#slots.attempt('relay', signal, () => this.#send(mail, signal))
  }

  async close(): Promise<void> {
    const mailer = this.#mailer
    this.#mailer = undefined
    ;(await mailer)?.close({ force: true })
  }

  async #send(mail: Parameters<Mailer['sendMail']>[0], signal: AbortSignal): Promise<Outcome> {
    const stop = new AbortController()
    let stopped: Outcome | undefined
    const stopWith = (outcome: Outcome) => {
      stopped ??= outcome
      // Cuts the connection too, where the relay is in the middle of it.
      stop.abort()
    }
    const giveUp = () => stopWith(GIVEN_UP)
    const stopTimer = this.#options.timers.after(EMAIL_MS_MAX, () =>
      stopWith(failed('the relay did not answer in time', 'retryable')),
    )
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      this.#mailer ??= createMailer(this.#options)
      await (await this.#mailer).sendMail({ ...mail, signal: stop.signal })
      return DELIVERED
    } catch (error) {
      return stopped ?? outcomeOf(error)
    } finally {
      stopTimer()
      signal.removeEventListener('abort', giveUp)
    }
  }
}

/** Loaded when there is a relay; most servers have none. */
async function createMailer(options: EmailTransportOptions): Promise<Mailer> {
  const { createTransport } = (await import('nodemailer')).default
  const { relay, ca, allowPlainPassword = false } = options
  const { url } = relay
  return createTransport({
    url: url.href,
    pool: true,
    maxConnections: RELAY_CONNECTIONS_MAX,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    dnsTimeout: 10_000,
    // A password goes over no line that others may read.
    requireTLS: url.username !== '' && !allowPlainPassword && !isLoopbackHost(url.hostname),
    // Nothing of a message names a file or a URL to be attached.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(ca !== undefined && { tls: { ca: [...ca] } }),
  })
}

/** A header is one line, whatever was published. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

/** What `nodemailer` says of a failure, as far as it is of use. */
interface MailFailure {
  readonly code: string | undefined
  readonly responseCode: number | undefined
  readonly command: string | undefined
}

function outcomeOf(error: unknown): Outcome {
  const { code, responseCode, command } = readFailure(error)
  if (responseCode === undefined) return failed(`the relay can't be used (${code ?? 'unknown'})`, 'retryable')
  const isAboutMessage = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE'
  const isFinal = isAboutMessage && responseCode >= 500
  const reason = `the relay answered ${responseCode} to ${command ?? code ?? 'a command'}`
  return failed(reason, isFinal ? 'permanent' : 'retryable', responseCode)
}

function readFailure(error: unknown): MailFailure {
  const known: Record<string, unknown> = typeof error === 'object' ? { ...error } : {}
  const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const { responseCode } = known
  return {
    code: textOf(known.code),
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    command: textOf(known.command),
  }
}
