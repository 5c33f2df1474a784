import { hash } from 'node:crypto'
import type { Header, SigV4Signer } from './sigv4.ts'

/** As AWS's clients for JavaScript name themselves. */
export const CLIENT = 'aws-sdk-js/3.1169.0'

/**
 * A request as the bytes that go over the wire: HTTP/1.1, with the headers that AWS's clients send, signed but for
 * `User-Agent`. `last` are those of the service, whose names follow all others in order.
 */
export function signedPost(
  signer: SigV4Signer,
  host: string,
  body: string,
  contentType: string,
  last: readonly Header[],
): Buffer {
  const bodySha256 = hash('sha256', body)
  const headers: readonly Header[] = [
    ['amz-sdk-invocation-id', '1f1dbd6c-9f0c-4f0b-9d54-5c3a8a4cbe2a'],
    ['amz-sdk-request', 'attempt=1; max=3'],
    ['content-length', String(Buffer.byteLength(body))],
    ['content-type', contentType],
    ['host', host],
    ['x-amz-content-sha256', bodySha256],
    ['x-amz-date', signer.date],
    ...last,
  ]
  let head = 'POST / HTTP/1.1\r\n'
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`
  head += `user-agent: ${CLIENT} ua/2.1 os/linux lang/js md/nodejs api/${signer.service}#3.1169.0 m/N,E,e\r\n`
  head += `authorization: ${signer.authorization(headers, bodySha256)}\r\n\r\n`
  return Buffer.from(head + body)
}
