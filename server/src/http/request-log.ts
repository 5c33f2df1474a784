/** Where the listener tells what it did. */
export interface RequestLog {
  /** Whether a line about an answer with this status is wanted: asked first, so that unwanted lines cost nothing. */
  wants(status: number): boolean
  /** One line for each answered request: `debug` below 400, `info` below 500, else `warn`. */
  answered(line: RequestLine): void
  /** A client that left without an answer, sent what isn't HTTP, or was too slow. For `debug`. */
  lost(reason: string, requestId: string | undefined): void
  /** What the operator is to know, and can mend. For `warn`. */
  misconfigured(what: string): void
  /** A defect: an exception that nobody expected. For `error`. */
  failed(error: unknown, requestId: string): void
}

export interface RequestLine {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly operation: string | undefined
  readonly accountId: string | undefined
  readonly status: number
  readonly errorCode: string | undefined
  /** From the end of the headers to the answer, in milliseconds. */
  readonly durationMs: number
  readonly requestBytes: number
  readonly responseBytes: number
}
