import { hash } from 'node:crypto'
import type { AccessKey } from '../api/access-key.ts'
import type { Caller } from '../api/operation.ts'
import { isSameSecret } from '../base/same-secret.ts'
import type { Authenticator } from './authenticator.ts'
import { canonicalHeaders, canonicalPath, canonicalQuery } from './canonical-request.ts'
import type { Credentials } from './credentials.ts'
import {
  expiredToken,
  incompleteSignature,
  invalidClientTokenId,
  requestExpired,
  signatureDoesNotMatch,
  signatureRefused,
} from './errors.ts'
import type { Attempt, FailedAttempts } from './failed-attempts.ts'
import { Latin1Digest } from './latin1-digest.ts'
import { CLOCK_SKEW_MAX_MS } from './limits.ts'
import { isRegion } from './region.ts'
import { readClaim, type SignatureClaim, type SignedRequest } from './signature-claim.ts'
import { formatBasicTime } from './signature-time.ts'
import {
  type CredentialScope,
  deriveSigningKey,
  type SigningKey,
  SigningKeys,
  stringToSign,
} from './signing-keys.ts'

const TERMINATOR = 'aws4_request'

/**
 * Verifies AWS Signature Version 4, in headers and presigned. What libraries there are only sign. The checks come in the
 * order in which AWS makes them, since that decides which error a client sees: form, signed headers, date, scope, key,
 * token, and last the signature.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export class SigV4Authenticator implements Authenticator {
  readonly #credentials: Credentials
  readonly #failures: FailedAttempts | null
  readonly #signingKeys = new SigningKeys()
  readonly #digest = new Latin1Digest()

  /** Without `failures` anyone may try as often as they like. */
  constructor(credentials: Credentials, failures: FailedAttempts | null = null) {
    this.#credentials = credentials
    this.#failures = failures
  }

  authenticate(request: SignedRequest, service: string, now: number): Caller {
    const claim = readClaim(request)
    if (!claim.signedHeaders.coversHost) {
      throw signatureRefused("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    }
    const headers = canonicalHeaders(request.headers, claim.signedHeaders)
    checkTime(claim, now)
    const known = this.#signingKeys.find(claim.credential)
    const scope = known?.scope ?? parseCredential(claim.credential)
    if (!isScopeKnown(known, service, claim.timestamp)) checkScope(scope, service, claim.timestamp)
    const attempt = this.#failures?.begin(request.address ?? '', scope.accessKeyId, now)
    const accessKey = this.#credentials.find(scope.accessKeyId, claim.sessionToken)
    if (accessKey === undefined) this.#fail(attempt, false, invalidClientTokenId())
    checkSession(accessKey, claim.sessionToken, now)
    if (service === 'iam' && isOfUser(accessKey)) throw invalidClientTokenId()

    const key =
      known?.accessKey === accessKey
        ? known
        : deriveSigningKey(accessKey, scope, (later) => this.#recheck(accessKey, later))
    const bodyDigest = hash('sha256', request.body)
    const canonicalRequest = `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n${headers}\n${claim.signedHeaders.text}\n${bodyDigest}`
    const requestDigest = this.#digest.of(canonicalRequest)
    const expected = key.signatureOf(claim.timestamp, requestDigest)
    const isDeclaredDigestTrue = claim.bodyDigest === undefined || claim.bodyDigest === bodyDigest
    if (!isSameSecret(claim.signature, expected) || !isDeclaredDigestTrue) {
      const signed = stringToSign(claim.timestamp, scope, requestDigest)
      this.#fail(attempt, true, signatureDoesNotMatch(canonicalRequest, signed))
    }
    if (attempt !== undefined) this.#failures?.succeeded(attempt)
    if (key !== known) this.#signingKeys.keep(claim.credential, key)
    this.#credentials.noteUse?.(accessKey, { at: now, service, region: scope.region })
    return key.caller
  }

  #recheck({ accessKeyId, session }: AccessKey, now: number): void {
    if (this.#credentials.find(accessKeyId, session?.token) === undefined) throw invalidClientTokenId()
    if (session !== undefined && session.expiresAt <= now) throw expiredToken()
  }

  #fail(attempt: Attempt | undefined, isKnown: boolean, error: Error): never {
    if (attempt !== undefined) this.#failures?.failed(attempt, isKnown)
    throw error
  }
}

function checkTime(claim: SignatureClaim, now: number): void {
  if (claim.signedAt > now + CLOCK_SKEW_MAX_MS) {
    throw signatureRefused(
      `Signature not yet current: ${claim.timestamp} is still later than ` +
        `${formatBasicTime(now + CLOCK_SKEW_MAX_MS)} (${formatBasicTime(now)} + 15 min.)`,
    )
  }
  if (claim.expiresSeconds !== undefined) {
    if (claim.signedAt + claim.expiresSeconds * 1000 < now) throw requestExpired()
  } else if (claim.signedAt < now - CLOCK_SKEW_MAX_MS) {
    throw signatureRefused(
      `Signature expired: ${claim.timestamp} is now earlier than ` +
        `${formatBasicTime(now - CLOCK_SKEW_MAX_MS)} (${formatBasicTime(now)} - 15 min.)`,
    )
  }
}

function parseCredential(credential: string): CredentialScope {
  const [accessKeyId, date, region, service, terminator, ...more] = credential.split('/')
  if (
    !accessKeyId ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined ||
    more.length > 0
  ) {
    throw incompleteSignature(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ' +
        `'${credential}'`,
    )
  }
  return { accessKeyId, date, region, service, terminator, text: credential.slice(accessKeyId.length + 1) }
}

/** A scope that a signature was right with before is what it has to be, if the service is that one and the date is of this day. */
function isScopeKnown(known: SigningKey | undefined, service: string, timestamp: string): boolean {
  return known !== undefined && known.scope.service === service && timestamp.startsWith(known.scope.date)
}

function checkScope(scope: CredentialScope, service: string, timestamp: string): void {
  const signedDate = timestamp.slice(0, 8)
  // The region is the client's choice: whatever it names exists here.
  const isRegionFit = isRegion(scope.region)
  const isServiceFit = scope.service === service
  const isTerminatorFit = scope.terminator === TERMINATOR
  const isDateFit = scope.date === signedDate
  if (isRegionFit && isServiceFit && isTerminatorFit && isDateFit) return
  const wrong = [
    isRegionFit ? '' : `Credential should be scoped to a valid region, not '${scope.region}'. `,
    isServiceFit ? '' : `Credential should be scoped to correct service: '${service}'. `,
    isTerminatorFit
      ? ''
      : `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${scope.terminator}'. `,
    isDateFit
      ? ''
      : 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scope.date}' != '${signedDate}', from '${timestamp}'. `,
  ]
  throw signatureRefused(wrong.join(''))
}

/** IAM knows no sessions of users, those that were federated included, without a second factor; which nobody has here. */
function isOfUser({ identity }: AccessKey): boolean {
  const kind = identity.session?.kind
  return kind === 'user' || kind === 'federated user'
}

function checkSession(accessKey: AccessKey, token: string | undefined, now: number): void {
  const session = accessKey.session
  if (session === undefined) {
    if (token !== undefined) throw invalidClientTokenId()
    return
  }
  if (token === undefined || !isSameSecret(token, session.token)) throw invalidClientTokenId()
  if (session.expiresAt <= now) throw expiredToken()
}
