import { type Agent, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Timers } from '../base/time.ts'
import { EndpointSlots } from './endpoint-slots.ts'
import { agentTo } from './gateway-agent.ts'
import { exchange } from './http-exchange.ts'
import { outcomeOf } from './http-transport.ts'
import { ATTEMPT_MS_MAX, SMS_UNDER_WAY_MAX } from './limits.ts'
import type { Sms, SmsGateway } from './sms-transport.ts'
import type { Outcome } from './transport.ts'

/** A request that an operator wrote, with `{phone}`, `{message}` and `{sender}` in its URL and its body. */
export interface SmsRequestTemplate {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Hands text messages to a provider's HTTP interface, by a template. The operator named the provider, so that any address will do. */
export class SmsHttpGateway implements SmsGateway {
  readonly #template: SmsRequestTemplate
  readonly #timers: Timers
  readonly #agent: Agent
  readonly #slots = new EndpointSlots({
    perEndpointMax: SMS_UNDER_WAY_MAX,
    totalMax: SMS_UNDER_WAY_MAX,
    rememberedMax: 2,
  })

  /** `ca` is what the provider is trusted by, as PEM; left out for what Node.js knows. */
  constructor(template: SmsRequestTemplate, timers: Timers, ca?: readonly string[]) {
    this.#template = template
    this.#timers = timers
    this.#agent = agentTo(template.url, ca)
  }

  send(sms: Sms, signal: AbortSignal): Promise<Outcome> {
    const { url, body } = fillTemplate(this.#template, sms)
    const { method, headers } = this.#template
    return this.#slots.attempt('gateway', signal, async () =>
      outcomeOf(
        await exchange({
          url: new URL(url),
          method,
          headers: { ...headers, 'content-length': Buffer.byteLength(body) },
          body,
          agent: this.#agent,
          timers: this.#timers,
          milliseconds: ATTEMPT_MS_MAX,
          signal,
        }),
      ),
    )
  }

  async close(): Promise<void> {
    this.#agent.destroy()
  }
}

/** Headers as JSON: `{"Authorization":"Bearer ..."}`. Throws a RangeError that says what the text must be. */
export function parseSmsHeaders(text: string): Readonly<Record<string, string>> {
  try {
    const headers: unknown = JSON.parse(text)
    if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) throw new TypeError()
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => {
        if (typeof value !== 'string') throw new TypeError()
        validateHeaderName(name)
        validateHeaderValue(name, value)
        return [name, value]
      }),
    )
  } catch {
    throw new RangeError('must be a JSON object of headers, like {"Content-Type":"application/json"}')
  }
}

/** What is put in is spelled so that it stays one value, whatever is in it: as the URL, JSON, a form or XML want it. */
export function fillTemplate(
  template: SmsRequestTemplate,
  sms: Sms,
): { readonly url: string; readonly body: string } {
  const type =
    Object.entries(template.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return {
    url: fill(template.url, sms, encodeURIComponent),
    body: fill(template.body, sms, spellingFor(type)),
  }
}

function fill(text: string, { phone, text: message, sender }: Sms, spell: (value: string) => string): string {
  const values: Readonly<Record<string, string>> = { phone, message, sender }
  // In one go: what was put in is not looked at again.
  return text.replaceAll(/\{(phone|message|sender)\}/g, (_, name: string) =>
    spell(wellFormed(values[name] ?? '')),
  )
}

function spellingFor(contentType: string): (value: string) => string {
  if (/json/i.test(contentType)) return (value) => JSON.stringify(value).slice(1, -1)
  if (/x-www-form-urlencoded/i.test(contentType)) return encodeURIComponent
  if (/xml/i.test(contentType)) return escapeXml
  return (value) => value
}

function escapeXml(value: string): string {
  return value.replaceAll(/[<>&'"]|\p{Cc}/gu, (character) => `&#${character.codePointAt(0)};`)
}

/** Half a surrogate pair can't be spelled in a URL. */
function wellFormed(text: string): string {
  return text.replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD')
}
