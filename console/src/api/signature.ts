import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A POST whose path needs no encoding, and without a query string: the console sends no other. */
export interface UnsignedRequest {
  readonly host: string
  readonly path: string
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a signature is valid for. */
export interface Scope {
  readonly region: string
  readonly service: string
  /** Milliseconds since the epoch, by the server's clock. */
  readonly now: number
}

/**
 * The headers of a request with those that sign it, but for `host`, which a browser adds. Signature Version 4:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * The browser's own cryptography isn't there on a page that came over plain HTTP from another machine, as a console of a
 * server in a closed network does.
 */
export function sign(request: UnsignedRequest, key: Key, scope: Scope): Record<string, string> {
  const time = `${new Date(scope.now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const day = time.slice(0, 8)
  const headers = { ...request.headers, 'x-amz-date': time }
  const signed = Object.entries({ ...headers, host: request.host }).sort(([a], [b]) => (a < b ? -1 : 1))
  const names = signed.map(([name]) => name).join(';')
  const canonical = [
    'POST',
    request.path,
    '',
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    names,
    hash(request.body),
  ].join('\n')
  const credential = `${day}/${scope.region}/${scope.service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, credential, hash(canonical)].join('\n')
  const signingKey = [day, scope.region, scope.service, 'aws4_request'].reduce(
    (bytes, text) => hmac(sha256, bytes, utf8ToBytes(text)),
    utf8ToBytes(`AWS4${key.secretAccessKey}`),
  )
  const signature = bytesToHex(hmac(sha256, signingKey, utf8ToBytes(toSign)))
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

function hash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}
