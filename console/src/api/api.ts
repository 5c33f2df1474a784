import { Answer } from './answer.ts'
import { type Key, sign } from './signature.ts'

/** The server refused a request, in AWS's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** Without a namespace, e.g. `QueueDoesNotExist`. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The server can't be reached, or what answered is no server of ours. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
}

/** A service that speaks AWS JSON. */
export interface JsonService {
  /** What requests are signed for, e.g. `sqs`. */
  readonly signingName: string
  /** Before the operation in `X-Amz-Target`, e.g. `AmazonSQS`. */
  readonly target: string
  readonly version: '1.0' | '1.1'
}

export interface Access {
  readonly key: Key
  readonly region: string
  /** How far the server's clock is ahead of the browser's, in milliseconds: a signature is good for minutes. */
  readonly clockAheadMs: number
}

const TIMEOUT_MS = 30_000

/** Calls the server that the console came from, as any AWS client would. */
export class Api {
  readonly #access: Access

  constructor(access: Access) {
    this.#access = access
  }

  get region(): string {
    return this.#access.region
  }

  /** The server's time, in milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#access.clockAheadMs
  }

  /** Rejects with `ApiError` or `UnreachableError`. `path` is that of the endpoint. */
  async call(service: JsonService, operation: string, input: object, path = '/'): Promise<Answer> {
    const { key, region } = this.#access
    const body = JSON.stringify(input)
    const headers = {
      'content-type': `application/x-amz-json-${service.version}`,
      'x-amz-target': `${service.target}.${operation}`,
    }
    const signed = sign({ host: location.host, path, headers, body }, key, {
      ...{ region, service: service.signingName, now: this.now() },
    })
    const { ok, status, content } = await exchange(path, { method: 'POST', headers: signed, body })
    if (content === undefined) {
      throw new UnreachableError(`The server answered with status ${status}, and nothing to read.`)
    }
    const answer = new Answer(content)
    if (ok) return answer
    const code = answer.text('__type').replace(/^.*#/, '') || `Status ${status}`
    throw new ApiError(code, answer.text('message') || answer.text('Message'))
  }
}

/** What the console has to know before it can sign anything. */
export async function askServer(): Promise<{ readonly auth: boolean; readonly clockAheadMs: number }> {
  const { ok, status, content, date } = await exchange('server.json', { cache: 'no-store' })
  if (!ok || content === undefined) throw new UnreachableError(`The server answered with status ${status}.`)
  return {
    auth: new Answer(content).flag('auth'),
    // The header has whole seconds.
    clockAheadMs: Number.isNaN(date) || Math.abs(date - Date.now()) < 2000 ? 0 : date - Date.now(),
  }
}

interface Exchange {
  readonly ok: boolean
  readonly status: number
  /** Undefined for what is no JSON. Operations without a result answer with nothing. */
  readonly content: unknown
  /** When it was answered, in milliseconds since the epoch; NaN if that isn't said. */
  readonly date: number
}

async function exchange(path: string, request: RequestInit): Promise<Exchange> {
  try {
    const response = await fetch(path, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const content = parse(await response.text())
    return {
      ...{ ok: response.ok, status: response.status, content },
      date: Date.parse(response.headers.get('date') ?? ''),
    }
  } catch (error) {
    const reason = error instanceof DOMException && error.name === 'TimeoutError' ? 'in time' : 'at all'
    throw new UnreachableError(`The server does not answer ${reason}.`, { cause: error })
  }
}

function parse(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
