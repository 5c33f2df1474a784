import type { Agent } from 'node:http'
import { AwsV4Signer } from 'aws4fetch'
import type { Timers } from '../base/time.ts'
import { agentTo } from './gateway-agent.ts'
import { exchange } from './http-exchange.ts'
import { describeFailure } from './http-transport.ts'

/** What requests are signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of keys that are a session's. */
  readonly sessionToken?: string
}

/** Something that speaks the API of one AWS service: AWS itself, or what stands in for it. */
export interface AwsEndpoint {
  /** As the setting has it: `{region}` in it stands for the region of what is called. */
  readonly url: string
  /** The service's name in signatures. */
  readonly service: string
  /** Undefined for requests without a signature, as local runners take them. */
  readonly credentials: AwsCredentials | undefined
  /** Certificates, as PEM, that it is trusted by; left out for those of Node.js. */
  readonly ca?: readonly string[] | undefined
}

export interface AwsCall {
  readonly region: string
  /** From the endpoint's own path on, with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
}

/** What an AWS service said. */
export type AwsAnswer =
  | { readonly kind: 'done'; readonly status: number; readonly body: string | undefined }
  /** The request can't succeed as it is. */
  | { readonly kind: 'refused'; readonly reason: string; readonly status: number }
  /** The same request may succeed later, or nobody said anything. */
  | { readonly kind: 'busy'; readonly reason: string; readonly status?: number }

/** The placeholder of an endpoint's URL. */
const REGION = '{region}'

/** What AWS answers with status 400 or 403, or 409, though it passes by itself. */
const PASSING = [
  /Throttl|TooManyRequests|LimitExceeded|SlowDown|ServiceUnavailable|InternalFailure|InternalError|ServiceException$/,
  /^(?:ResourceConflict|ResourceNotReady|ResourceInUse|ConcurrentModification)/,
  // Not the message's fault, nor its endpoint's: the operator's keys, or clock, are to be put right.
  /^(?:UnrecognizedClient|InvalidClientTokenId|ExpiredToken|RequestExpired|InvalidSignature|SignatureDoesNotMatch)/,
  /^(?:IncompleteSignature|MissingAuthenticationToken|InvalidAccessKeyId|OptInRequired)/,
]

/**
 * Makes signed requests to the endpoint that an operator named, so that any address will do. A refusal counts for one only where AWS
 * names its error: whatever else answers with a status of 400 and more is a proxy, or a runner that has its hands full.
 */
export class AwsCaller {
  readonly #endpoint: AwsEndpoint
  readonly #timers: Timers
  readonly #milliseconds: number
  readonly #agent: Agent

  /** `milliseconds` is what one request may take, from its first moment to the end of the answer. */
  constructor(endpoint: AwsEndpoint, timers: Timers, milliseconds: number) {
    this.#endpoint = endpoint
    this.#timers = timers
    this.#milliseconds = milliseconds
    this.#agent = agentTo(endpoint.url, endpoint.ca)
  }

  /** Whether it is AWS itself that is called. */
  get isAws(): boolean {
    return /\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.test(
      endpointUrl(this.#endpoint.url, 'us-east-1').hostname,
    )
  }

  async post({ region, path, headers, body, signal }: AwsCall): Promise<AwsAnswer> {
    const url = new URL(endpointUrl(this.#endpoint.url, region).href.replace(/\/$/, '') + path)
    const result = await exchange({
      ...{ url, body, signal, method: 'POST', agent: this.#agent, wantsBody: true },
      headers: {
        ...(await this.#signed(url, region, headers, body)),
        'content-length': Buffer.byteLength(body),
      },
      timers: this.#timers,
      milliseconds: this.#milliseconds,
    })
    switch (result.kind) {
      case 'answered': {
        const { status } = result
        if (status >= 200 && status < 300) return { kind: 'done', status, body: result.body }
        const code = errorCode(result.headers['x-amzn-errortype'], result.body)
        const reason = `answered with status ${status}${code === '' ? '' : ` (${code})`}`
        const isFinal = status >= 400 && status < 500 && status !== 429 && code !== ''
        if (isFinal && !PASSING.some((each) => each.test(code))) return { kind: 'refused', reason, status }
        return { kind: 'busy', reason, status }
      }
      case 'failed':
        return { kind: 'busy', reason: describeFailure(result.error) }
      case 'timed out':
        return { kind: 'busy', reason: 'no answer in time' }
      case 'given up':
        return { kind: 'busy', reason: 'given up' }
      default:
        return result satisfies never
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #signed(
    url: URL,
    region: string,
    headers: AwsCall['headers'],
    body: string,
  ): Promise<Readonly<Record<string, string>>> {
    const { service, credentials } = this.#endpoint
    if (credentials === undefined) return headers
    const signer = new AwsV4Signer({
      ...{ url: url.href, method: 'POST', headers, body, service, region },
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken !== undefined && { sessionToken: credentials.sessionToken }),
    })
    return Object.fromEntries((await signer.sign()).headers)
  }
}

/** The endpoint for a region. Throws a `TypeError` for what is no URL. */
export function endpointUrl(text: string, region: string): URL {
  return new URL(text.replaceAll(REGION, region))
}

/** The region that an ARN names. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? ''
}

/** The name of an AWS error, without a namespace; empty where none is named. */
function errorCode(header: string | string[] | undefined, body: string | undefined): string {
  const named = typeof header === 'string' ? header : codeIn(body ?? '')
  return /^(?:[^#]*#)?([A-Za-z]\w*)/.exec(named)?.[1] ?? ''
}

function codeIn(body: string): string {
  try {
    const { __type: type, code }: { __type?: unknown; code?: unknown } = Object(JSON.parse(body))
    return typeof type === 'string' ? type : typeof code === 'string' ? code : ''
  } catch {
    return ''
  }
}
