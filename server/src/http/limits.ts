/** What one client may ask of the listener, in bytes, milliseconds and items. */
export interface HttpLimits {
  /** The longest request body that is handled. */
  readonly bodyBytesMax: number
  /** How much of a longer body is read and dropped, so that the client gets to read why it was refused. */
  readonly discardedBytesMax: number
  /** Request line and headers together. */
  readonly headerBytesMax: number
  /** From the connection's first moment, or a request's first byte, to the end of the headers. */
  readonly headersTimeoutMs: number
  /** From a request's first byte to the end of its body. How long the answer takes is not limited here. */
  readonly requestTimeoutMs: number
  /** How long a client may leave a streamed answer unread. How long the whole of it takes is not limited here. */
  readonly unreadTimeoutMs: number
  /** How long a connection may stay unused. */
  readonly keepAliveTimeoutMs: number
  /** How often the two timeouts above are looked at. */
  readonly timeoutCheckIntervalMs: number
  /** More than these are closed at once. */
  readonly connectionsMax: number
  /** Over all connections, waiting ones included; more are answered 503. */
  readonly requestsUnderWayMax: number
  /** HTTP/2 alone: requests at once on one connection. */
  readonly streamsMax: number
  /** From the first byte of a TLS handshake to its end. */
  readonly handshakeTimeoutMs: number
  /** TLS handshakes under way; beyond that the oldest is cut off for each new one. */
  readonly handshakesMax: number
  /** TLS handshakes begun in one turn of the event loop; others wait for the next. */
  readonly handshakesInTurn: number
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  // The longest are the 10 MiB of a PutRecords, whose data is base64 in JSON, which makes four bytes of three, beside what names its
  // 500 records; writers that stay within ASCII spell a letter of a key as `\u00e9`.
  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
  bodyBytesMax: 16 * 1024 * 1024,
  discardedBytesMax: 32 * 1024 * 1024,
  headerBytesMax: 32 * 1024,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 60_000,
  // Longer than the five minutes of a subscription to a shard: a consumer may take its time with what it has got.
  unreadTimeoutMs: 6 * 60_000,
  // Longer than the minute after which load balancers give up an unused connection, so that it's never us who closes one
  // that a request is just being sent on.
  keepAliveTimeoutMs: 75_000,
  timeoutCheckIntervalMs: 5_000,
  connectionsMax: 10_000,
  requestsUnderWayMax: 20_000,
  // A consumer of many shards has a subscription to each, on as few connections as it may.
  streamsMax: 1_024,
  handshakeTimeoutMs: 10_000,
  handshakesMax: 2_000,
  // Each costs about a millisecond with an RSA key of 2,048 bits.
  handshakesInTurn: 8,
}

/** How much of a streamed answer is handed to its connection at once, in bytes. */
export const STREAMED_WRITE_BYTES = 64 * 1024

/** How long `drain` waits for answers by default, in milliseconds. */
export const DRAIN_TIMEOUT_MS = 10_000

/** How long a browser may remember that a page is allowed to send a request, in seconds. */
export const PREFLIGHT_MAX_AGE_SECONDS = 600

/** How much is read of a connection at once, in bytes; as much as Node reads. */
export const READ_BYTES_MAX = 64 * 1024

/** Answers up to this, head included, are put together in memory that is used again, in bytes. */
export const ANSWER_MEMORY_BYTES = 32 * 1024

/** What is read of requests behind the one that isn't answered yet, in bytes; then the client has to wait. */
export const HELD_BYTES_MAX = 64 * 1024

/**
 * Lists of header names kept at most, and the longest that is kept: an SDK has one for each kind of credentials and
 * operation. Beyond that they begin anew.
 */
export const SHAPES_MAX = 256
export const SHAPE_CHARACTERS_MAX = 1024

/** The longest head that a connection remembers, to read the next one more quickly. Those of SDKs have a thousand characters, and twice that with a session's token. */
export const PATTERN_CHARACTERS_MAX = 4096

/** How often an operator is told that clients begin with TLS though there is no certificate, in milliseconds. */
export const TLS_WARNING_INTERVAL_MS = 60_000
