import { AwsClient } from 'aws4fetch'
import { Answer } from './answer.ts'
import { describeError } from './explain-failure.ts'
import type { ServerAccess } from './server-access.ts'

/** The server refused a request. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** Without a namespace, e.g. `QueueDoesNotExist`. */
  readonly code: string
  /** The queue that the request was about; empty if it named none. */
  readonly queueUrl: string

  constructor(code: string, message: string, queueUrl: string) {
    super(message)
    this.code = code
    this.queueUrl = queueUrl
  }
}

/** The server can't be reached, or what answers is no server of ours. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  /** What to do about it. */
  readonly advice: string

  constructor(message: string, advice = 'Is it running? `millrace serve` starts one') {
    super(message)
    this.advice = advice
  }
}

/** Why a certificate isn't trusted, as Node calls it, where its authority is simply not known. */
const UNKNOWN_AUTHORITY =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/

const TIMEOUT_MS = 30_000
/** Where messages are looked at and not received: see docs/compatibility.md. */
const INSPECTION_PATH = '/_aws/sqs/messages'

/** Calls the operations of SQS on a running server, as any AWS client would. */
export class ApiClient {
  readonly access: ServerAccess
  readonly #signer: AwsClient

  constructor(access: ServerAccess) {
    this.access = access
    const { accessKeyId, secretAccessKey, sessionToken, region } = access
    this.#signer = new AwsClient({
      ...{ accessKeyId, secretAccessKey, region, service: 'sqs', retries: 0 },
      ...(sessionToken !== undefined && { sessionToken }),
    })
  }

  /** Rejects with `ApiError` or `UnreachableError`. */
  call(operation: string, input: object): Promise<Answer> {
    return this.#post(this.access.endpoint, operation, input)
  }

  /** A page of a queue's messages, which stay as they are. */
  look(input: object): Promise<Answer> {
    return this.#post(this.access.endpoint + INSPECTION_PATH, 'ReceiveMessage', input)
  }

  /** A queue of the command line: a name, or a URL that is taken as it is. */
  queueUrl(queue: string): string {
    const { endpoint, accountId } = this.access
    return queue.includes('/') ? queue : `${endpoint}/${accountId}/${queue}`
  }

  /** Asks a path that is ours, and that AWS has not: see docs/guides. Rejects as `call` does. */
  async operate(method: 'GET' | 'POST', path: string, input?: object): Promise<Answer> {
    const url = this.access.endpoint + path
    const body = input === undefined ? {} : { body: JSON.stringify(input) }
    const { response, answer } = await this.#fetch(url, { method, ...body, aws: { service: 'millrace' } })
    if (response.ok) return answer
    throw new ApiError(answer.text('code') || `status ${response.status}`, answer.text('message'), '')
  }

  async #post(url: string, operation: string, input: object): Promise<Answer> {
    const { response, answer } = await this.#fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
      body: JSON.stringify(input),
    })
    if (response.ok) return answer
    const code = answer.text('__type').replace(/^.*#/, '') || `status ${response.status}`
    const queueUrl = new Answer(input).text('QueueUrl')
    throw new ApiError(code, answer.text('message') || answer.text('Message'), queueUrl)
  }

  async #fetch(url: string, request: Parameters<AwsClient['fetch']>[1]) {
    let response: Response
    let text: string
    try {
      response = await this.#signer.fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) })
      text = await response.text()
    } catch (error) {
      throw new UnreachableError(`can't reach a server at ${url}: ${describeError(error)}`, adviceOn(error))
    }
    const content = parse(text)
    if (content === undefined) {
      throw new UnreachableError(
        `${url} answered ${response.status}, with something that is no answer of ours`,
      )
    }
    return { response, answer: new Answer(content) }
  }
}

function adviceOn(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (UNKNOWN_AUTHORITY.test(code)) {
    return 'If the certificate is of an authority of your own, name the file of its certificate in NODE_EXTRA_CA_CERTS'
  }
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID'
    ? 'Name it in AWS_ENDPOINT_URL as its certificate does'
    : undefined
}

/** Undefined for what is no JSON. Operations without a result answer with nothing. */
function parse(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
