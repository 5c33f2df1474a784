import { Agent as HttpAgent, type OutgoingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Timers } from '../base/time.ts'
import type { Dispatch } from '../core/pushes.ts'
import { EndpointSlots } from './endpoint-slots.ts'
import { httpEndpointProblem } from './http-endpoint.ts'
import { exchange, type HttpResult } from './http-exchange.ts'
import {
  ATTEMPT_MS_MAX,
  ATTEMPTS_MAX,
  ATTEMPTS_PER_ENDPOINT_MAX,
  IDLE_CONNECTION_MS_MAX,
  IDLE_CONNECTIONS_MAX,
  REMEMBERED_ENDPOINTS_MAX,
} from './limits.ts'
import { PrivateAddressError, publicLookup, type ResolveName } from './name-resolution.ts'
import { DELIVERED, failed, GIVEN_UP, type Outcome, type Transport } from './transport.ts'

export interface HttpTransportOptions {
  readonly timers: Timers
  readonly resolveName: ResolveName
  /** Whether endpoints may be on addresses that are not public. */
  readonly allowPrivate: boolean
  /** Certificates, as PEM, that HTTPS endpoints are trusted by; left out for those of Node.js. */
  readonly ca?: readonly string[] | undefined
}

/**
 * Posts to HTTP and HTTPS endpoints, as AWS does: 15 seconds for an attempt, redirects not followed, an answer of 2xx is success,
 * 429 and 5xx are tried again, anything else is final. A connection that fails is tried again too.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export class HttpTransport implements Transport {
  readonly #options: HttpTransportOptions
  readonly #http: HttpAgent
  readonly #https: HttpsAgent
  readonly #slots = new EndpointSlots({
    perEndpointMax: ATTEMPTS_PER_ENDPOINT_MAX,
    totalMax: ATTEMPTS_MAX,
    rememberedMax: REMEMBERED_ENDPOINTS_MAX,
  })

  constructor(options: HttpTransportOptions) {
    this.#options = options
    const agentOptions = {
      keepAlive: true,
      timeout: IDLE_CONNECTION_MS_MAX,
      maxFreeSockets: IDLE_CONNECTIONS_MAX,
      lookup: publicLookup(options.resolveName, options.allowPrivate),
    }
    this.#http = new HttpAgent(agentOptions)
    this.#https = new HttpsAgent(
      options.ca === undefined ? agentOptions : { ...agentOptions, ca: [...options.ca] },
    )
  }

  async deliver(delivery: Dispatch, signal: AbortSignal): Promise<Outcome> {
    const { endpoint } = delivery
    const protocol = endpoint.startsWith('https:') ? 'https' : 'http'
    // An address that was subscribed when private ones were allowed may be so no more. Connections are only ever guarded by
    // name, as Node.js looks up no address.
    const problem = httpEndpointProblem(endpoint, protocol, this.#options.allowPrivate)
    if (problem !== undefined) return failed(problem, 'permanent')
    return this.#slots.attempt(endpoint, signal, async () =>
      outcomeOf(
        await exchange({
          url: new URL(endpoint),
          method: 'POST',
          headers: headersOf(delivery),
          body: bodyOf(delivery),
          agent: protocol === 'https' ? this.#https : this.#http,
          timers: this.#options.timers,
          milliseconds: ATTEMPT_MS_MAX,
          signal,
        }),
      ),
    )
  }

  async close(): Promise<void> {
    this.#http.destroy()
    this.#https.destroy()
  }
}

function isRaw({ raw, notification }: Dispatch): boolean {
  return raw && notification.type === 'Notification'
}

function bodyOf(delivery: Dispatch): string {
  return isRaw(delivery) ? delivery.notification.message : delivery.notification.document
}

function headersOf(delivery: Dispatch): OutgoingHttpHeaders {
  const { type, messageId, topicArn, subscriptionArn } = delivery.notification
  return {
    'x-amz-sns-message-type': type,
    'x-amz-sns-message-id': messageId,
    'x-amz-sns-topic-arn': topicArn,
    ...(subscriptionArn !== undefined && { 'x-amz-sns-subscription-arn': subscriptionArn }),
    ...(isRaw(delivery) && { 'x-amz-sns-rawdelivery': 'true' }),
    'Content-Length': Buffer.byteLength(bodyOf(delivery)),
    'Content-Type': delivery.contentType,
    Connection: 'Keep-Alive',
    'User-Agent': 'Amazon Simple Notification Service Agent',
    'Accept-Encoding': 'gzip,deflate',
  }
}

/** What an answer of an HTTP endpoint, or none, means for the delivery. */
export function outcomeOf(result: HttpResult): Outcome {
  switch (result.kind) {
    case 'answered': {
      const { status } = result
      if (status >= 200 && status < 300) return DELIVERED
      const isRetryable = status === 429 || (status >= 500 && status < 600)
      return failed(`answered with status ${status}`, isRetryable ? 'retryable' : 'permanent', status)
    }
    case 'failed':
      return failed(
        describeFailure(result.error),
        result.error instanceof PrivateAddressError ? 'permanent' : 'retryable',
      )
    case 'timed out':
      return failed('no answer in time', 'retryable')
    case 'given up':
      return GIVEN_UP
    default:
      return result satisfies never
  }
}

/** An error in words; of several addresses that were tried, the first one's. */
export function describeFailure(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [error]
  const { message } = first instanceof Error ? first : error
  return message === '' ? error.name : message
}
