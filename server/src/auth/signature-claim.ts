import { ALGORITHM, parseAuthorization } from './authorization-header.ts'
import {
  authorizationDigest,
  incompleteSignature,
  malformedQueryString,
  missingAuthenticationToken,
  signedTwice,
} from './errors.ts'
import { PRESIGNED_EXPIRES_SECONDS_MAX } from './limits.ts'
import { formatBasicTime, parseBasicTime, parseDateHeader } from './signature-time.ts'
import { parseSignedHeaders, type SignedHeaderList } from './signed-headers.ts'

/** A request as its signature sees it. Strings hold one byte in each character, as the wire brought them. */
export interface SignedRequest {
  readonly method: string
  /** Percent-encoding and all, without the query. */
  readonly path: string
  /** What follows the `?`; empty where there is none. */
  readonly query: string
  readonly headers: SignedHeaders
  readonly body: Uint8Array
  /** Where it came from, which no signature covers; unknown of a client that has gone. */
  readonly address?: string | undefined
}

/** The header fields of a request: each as often as it came. */
export interface SignedHeaders {
  /** In lower case. */
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** Whether it is known that no value has a space at an end, two in a row, or a tab; left out where it isn't known. */
  readonly areCanonical?: boolean
}

/** What a request says of its own signature, before any of it is believed. */
export interface SignatureClaim {
  /** `AKID/20150830/us-east-1/sqs/aws4_request`, as far as the client kept to it. */
  readonly credential: string
  readonly signedHeaders: SignedHeaderList
  readonly signature: string
  /** Milliseconds since the epoch. */
  readonly signedAt: number
  /** `20150830T123600Z`. */
  readonly timestamp: string
  /** For presigned requests: how long it is good for. */
  readonly expiresSeconds: number | undefined
  readonly sessionToken: string | undefined
  /** The body's digest as the client declares it. */
  readonly bodyDigest: string | undefined
}

/** Reads the claim from the `Authorization` header or the query. Throws where there is none, or it isn't complete. */
export function readClaim(request: SignedRequest): SignatureClaim {
  const headers = findHeaders(request.headers)
  const presigned = request.query.includes('X-Amz-Algorithm=') ? parametersOf(request.query) : undefined
  if (headers.authorization === undefined) {
    if (presigned === undefined) throw missingAuthenticationToken()
    return presignedClaim(presigned, headers.bodyDigest)
  }
  if (presigned !== undefined) throw signedTwice()
  return headerClaim(headers, headers.authorization)
}

interface ClaimHeaders {
  readonly authorization: string | undefined
  readonly amzDate: string | undefined
  readonly date: string | undefined
  readonly sessionToken: string | undefined
  readonly bodyDigest: string | undefined
}

/** The first of each header that matters here. */
function findHeaders({ names, values }: SignedHeaders): ClaimHeaders {
  return {
    authorization: firstValue('authorization', names, values),
    amzDate: firstValue('x-amz-date', names, values),
    date: firstValue('date', names, values),
    sessionToken: firstValue('x-amz-security-token', names, values),
    bodyDigest: firstValue('x-amz-content-sha256', names, values),
  }
}

function firstValue(name: string, names: readonly string[], values: readonly string[]): string | undefined {
  const at = names.indexOf(name)
  // An array that is asked for what stands at -1 takes that for a name, and answers far more slowly.
  return at < 0 ? undefined : values[at]
}

function headerClaim(headers: ClaimHeaders, authorization: string): SignatureClaim {
  const { credential, signedHeaders, signature, algorithm } = parseAuthorization(authorization)
  const date = headers.amzDate ?? headers.date
  if (!credential || !signature || signedHeaders === undefined || date === undefined) {
    const missing = [
      credential ? '' : "Authorization header requires 'Credential' parameter. ",
      signature ? '' : "Authorization header requires 'Signature' parameter. ",
      signedHeaders ? '' : "Authorization header requires 'SignedHeaders' parameter. ",
      date !== undefined
        ? ''
        : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    ]
    throw incompleteSignature(
      `${missing.join('')}(Hashed with SHA-256 and encoded with Base64) ` +
        `Authorization=${authorizationDigest(authorization)}`,
    )
  }
  if (algorithm !== ALGORITHM) throw incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}'.`)
  const isBasic = headers.amzDate !== undefined
  const signedAt = isBasic ? parseBasicTime(date) : parseDateHeader(date)
  if (signedAt === undefined) throw invalidDate(date)
  return {
    credential,
    signedHeaders,
    signature,
    signedAt,
    timestamp: isBasic ? date : formatBasicTime(signedAt),
    expiresSeconds: undefined,
    sessionToken: headers.sessionToken,
    bodyDigest: headers.bodyDigest,
  }
}

function presignedClaim(
  parameters: ReadonlyMap<string, string>,
  bodyDigest: string | undefined,
): SignatureClaim {
  // Anything else isn't taken for a signature at all.
  if (parameters.get('X-Amz-Algorithm') !== ALGORITHM) throw missingAuthenticationToken()
  const credential = parameters.get('X-Amz-Credential')
  const signature = parameters.get('X-Amz-Signature')
  const signedHeaders = parameters.get('X-Amz-SignedHeaders')
  const date = parameters.get('X-Amz-Date')
  const expires = parameters.get('X-Amz-Expires')
  if (!credential || !signature || !signedHeaders || !date || !expires) {
    const names = ['Credential', 'Signature', 'SignedHeaders', 'Date', 'Expires']
    const missing = names
      .filter((name) => !parameters.get(`X-Amz-${name}`))
      .map((name) => `AWS query-string parameters must include 'X-Amz-${name}'. `)
    throw incompleteSignature(`${missing.join('')}Re-examine the query-string parameters.`)
  }
  const signedAt = parseBasicTime(date)
  if (signedAt === undefined) throw invalidDate(date)
  return {
    credential,
    signedHeaders: parseSignedHeaders(signedHeaders),
    signature,
    signedAt,
    timestamp: date,
    expiresSeconds: parseExpires(expires),
    sessionToken: parameters.get('X-Amz-Security-Token'),
    bodyDigest,
  }
}

/** The texts are S3's, the one service that documents them. */
function parseExpires(text: string): number {
  if (!/^-?\d+$/.test(text)) throw incompleteSignature('X-Amz-Expires should be a number')
  const seconds = Number(text)
  if (seconds < 1) throw incompleteSignature('X-Amz-Expires must be non-negative')
  if (seconds > PRESIGNED_EXPIRES_SECONDS_MAX) {
    throw incompleteSignature(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ' +
        `${PRESIGNED_EXPIRES_SECONDS_MAX} seconds`,
    )
  }
  return seconds
}

/** The first value of each parameter, decoded. */
function parametersOf(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=')
    const name = equals < 0 ? parameter : parameter.slice(0, equals)
    if (!name.startsWith('X-Amz-') || parameters.has(name)) continue
    parameters.set(name, equals < 0 ? '' : decode(parameter.slice(equals + 1)))
  }
  return parameters
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw malformedQueryString(text)
  }
}

function invalidDate(date: string): Error {
  return incompleteSignature(
    `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  )
}
