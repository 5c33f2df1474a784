import type { Agent } from 'node:http'
import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Timers } from '../base/time.ts'
import { ANSWER_BYTES_MAX } from './limits.ts'

export interface HttpCall {
  /** Its credentials are sent as basic authentication. */
  readonly url: URL
  readonly method: string
  readonly headers: OutgoingHttpHeaders
  readonly body: string
  readonly agent: Agent
  readonly timers: Timers
  /** From the first moment to the end of the answer. */
  readonly milliseconds: number
  readonly signal: AbortSignal
  /** Whether what the answer says is wanted, to the limit. Left out, its body is dropped. */
  readonly wantsBody?: boolean
}

/** What came of one request: the status of an answer, or why there was none. */
export type HttpResult =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: IncomingMessage['headers']
      /** Undefined where it was not wanted, or did not come whole. */
      readonly body?: string
    }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'timed out' }
  | { readonly kind: 'given up' }

/**
 * One request. Redirects are not followed, and the answer's body is read to a limit. Once there is a status, what goes
 * wrong with the body is of no interest. Never rejects.
 */
export async function exchange(call: HttpCall): Promise<HttpResult> {
  for (;;) {
    const { result, wasReused } = await attempt(call)
    // The other side may close a connection that was kept open in the moment that it is used again. That says nothing about the
    // endpoint, and is not to count as a failure of it. Every try uses one up, so that a fresh one comes at last.
    if (result.kind !== 'failed' || !wasReused) return result
  }
}

interface Attempt {
  readonly result: HttpResult
  readonly wasReused: boolean
}

function attempt({
  url,
  method,
  headers,
  body,
  agent,
  timers,
  milliseconds,
  signal,
  wantsBody = false,
}: HttpCall): Promise<Attempt> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ result: { kind: 'given up' }, wasReused: false })
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    let request: ClientRequest
    try {
      request = send(url, { method, headers, agent })
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error))
      return resolve({ result: { kind: 'failed', error: cause }, wasReused: false })
    }
    let answer: HttpResult | undefined
    /** With what the status said, once there is one. */
    const end = (result: HttpResult) => {
      stopTimer()
      signal.removeEventListener('abort', giveUp)
      resolve({ result: answer ?? result, wasReused: request.reusedSocket })
    }
    const cutShort = (result: HttpResult) => {
      end(result)
      request.destroy()
    }
    const giveUp = () => cutShort({ kind: 'given up' })
    const stopTimer = timers.after(milliseconds, () => cutShort({ kind: 'timed out' }))
    signal.addEventListener('abort', giveUp, { once: true })

    request.on('response', (response) => {
      const answered = {
        kind: 'answered',
        status: response.statusCode ?? 0,
        headers: response.headers,
      } as const
      answer = answered
      readBody(response, wantsBody, (text) => {
        if (text === undefined) return cutShort(answered)
        if (wantsBody) answer = { ...answered, body: text }
        end(answered)
      })
    })
    // Nobody asked for another protocol: the status says all.
    request.on('upgrade', ({ statusCode = 101, headers: answered }) =>
      cutShort({ kind: 'answered', status: statusCode, headers: answered }),
    )
    request.on('error', (error) => end({ kind: 'failed', error }))
    request.end(body)
  })
}

/** Reads a body to its end, and says what it was if that is wanted; undefined where it was not whole, or went beyond the limit. */
function readBody(
  response: IncomingMessage,
  isWanted: boolean,
  done: (text: string | undefined) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (isWanted) chunks.push(chunk)
    if (bytes > ANSWER_BYTES_MAX) done(undefined)
  })
  response.on('end', () => done(Buffer.concat(chunks).toString()))
  response.on('error', () => done(undefined))
}
