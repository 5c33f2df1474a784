import type { Operation, Request, Service } from '../api/operation.ts'
import type { ServiceError } from '../api/service-error.ts'

/**
 * What lies between sockets and operations, in the order in which a request passes it:
 *
 * ```
 *   WireRequest ─▶ Dispatcher.recognise ─▶ Call ─▶ (authentication) ─▶ Call.execute ─▶ ResponseSink
 *                          │                 └─ refused ─▶ Call.refuse ────────────────────▲
 *                          └─ Unrecognised.refuse ─────────────────────────────────────────┘
 * ```
 */
export interface WireRequest {
  /** In capitals, as HTTP has it. */
  readonly method: string
  /** The path as the client sent it, percent-encoding and all, without the query string. */
  readonly path: string
  /** What follows the `?`, as the client sent it; empty where there is none. */
  readonly query: string
  readonly headers: WireHeaders
  /** The whole body, never changed. It is read before `execute` returns: after that its memory may be another request's. */
  readonly body: Uint8Array
}

export interface WireHeaders {
  /** The first value under a name in lower case. */
  get(name: string): string | undefined
}

/** What goes back to the client. The listener adds `content-length` or `transfer-encoding`, `date` and `connection`. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A string is sent as UTF-8. */
  readonly body: Uint8Array | string | StreamedBody
  /** The body's bytes lie in memory that is used again: they are good until `take` returns. */
  readonly isLent?: boolean
  /** What the answer refuses the request with, for the log. */
  readonly errorCode?: string
}

/**
 * A body that goes out as it comes into being, and may take minutes. Whoever is given one ends it: by `next` up to the end, or
 * by `return`, which may be called at any time, once, and also while `next` waits.
 */
export type StreamedBody = AsyncIterable<Uint8Array>

/** Takes the answer to a request, once. A call and not a promise, so that an answer may be lent on its way to the socket. */
export interface ResponseSink {
  take(response: WireResponse): void
}

/** Finds out what a request asks for; never throws. */
export interface Dispatcher {
  /** Whether a caller needs leave for what it asks. */
  readonly asksPolicies: boolean
  recognise(request: WireRequest): Call | Unrecognised
}

/** One wire form: the dispatcher asks them in turn. */
export interface Protocol {
  /** Undefined where the request is in another form. */
  recognise(request: WireRequest): Call | Unrecognised | undefined
}

/** A request whose service, protocol and operation are known. */
export interface Call extends Refusing {
  readonly kind: 'call'
  readonly service: Service
  readonly operation: Operation
  /** Parses the input, runs the operation, and spells its output or error. Never throws. */
  execute(request: Request, sink: ResponseSink): void
}

/** A request for nothing we know: answer it with `refuse(error, requestId)`, before anyone asks who the caller is. */
export interface Unrecognised extends Refusing {
  readonly kind: 'unrecognised'
  readonly error: ServiceError
}

export interface Refusing {
  /**
   * Spells an error as the client's protocol has it. What is no `ServiceError` is reported and becomes InternalFailure:
   * nothing of it reaches the client.
   */
  refuse(error: unknown, requestId: string): WireResponse
}

/** Called with each error that was not meant for the client: a defect, or the world failing. */
export type Report = (error: unknown, requestId: string) => void
