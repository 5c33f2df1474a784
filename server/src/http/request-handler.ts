import type { ClientConnection } from '../api/operation.ts'
import type { SignedHeaders, SignedRequest } from '../auth/signature-claim.ts'
import type { ResponseSink, WireHeaders, WireRequest, WireResponse } from '../protocol/wire.ts'

/** A whole request, its body read. The body is good until the handler, or the route, has returned. */
export interface HttpRequest extends WireRequest, SignedRequest {
  readonly headers: WireHeaders & SignedHeaders
  readonly requestId: string
  /** Scheme and authority as the client called them, e.g. `http://localhost:4566`. */
  readonly endpoint: string
  /** Whether it came over TLS that ends in this process. */
  readonly isSecure: boolean
  /** The client's; undefined for one that has gone. */
  readonly address: string | undefined
  readonly connection: ClientConnection
  /** What the request's log line will say of it: written by whoever finds out. */
  readonly subject: RequestSubject
}

export interface RequestSubject {
  operation: string | undefined
  accountId: string | undefined
}

/** Answers requests. It isn't told apart here what they are for. */
export interface RequestHandler {
  /** Never throws for the client's sake: an error that reaches the listener is a defect. */
  handle(request: HttpRequest, sink: ResponseSink): void
  /** Spells an error of the listener in the request's own protocol. The request's body may not have been read. */
  refuse(request: HttpRequest, error: Error): WireResponse
}

/** Answers the requests to one path: no AWS protocol, no authentication. */
export type Route = (request: HttpRequest) => WireResponse | Promise<WireResponse>

/** Routes by path; a path that ends in a slash stands for all that begin with it. The longest that fits is taken. */
export type Routes = Readonly<Record<string, Route>>
