import { createHmac, hash } from 'node:crypto'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A header's name in lower case, and its value. */
export type Header = readonly [name: string, value: string]

/**
 * Signs `POST /` requests as AWS clients do (Signature Version 4). One instance stands for one moment: what it signs is
 * accepted for 15 minutes from then, so the signing key is derived once.
 */
export class SigV4Signer {
  /** The moment as `X-Amz-Date` spells it. The header is the caller's to add and to sign. */
  readonly date: string
  readonly service: string
  readonly #credential: string
  readonly #stringToSignHead: string
  readonly #key: Buffer

  constructor(credentials: Credentials, region: string, service: string, at: Date) {
    this.service = service
    this.date = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
    const day = this.date.slice(0, 8)
    const scope = `${day}/${region}/${service}/aws4_request`
    this.#credential = `${credentials.accessKeyId}/${scope}`
    this.#stringToSignHead = `AWS4-HMAC-SHA256\n${this.date}\n${scope}\n`
    let key = Buffer.from(`AWS4${credentials.secretAccessKey}`)
    for (const part of [day, region, service, 'aws4_request']) key = hmac(key, part).digest()
    this.#key = key
  }

  /** The `Authorization` header. `headers` are signed as they come: all of them, sorted by name, values trimmed. */
  authorization(headers: readonly Header[], bodySha256: string): string {
    let canonicalHeaders = ''
    let signedHeaders = ''
    for (const [name, value] of headers) {
      canonicalHeaders += `${name}:${value}\n`
      signedHeaders += signedHeaders === '' ? name : `;${name}`
    }
    const canonicalRequest = `POST\n/\n\n${canonicalHeaders}\n${signedHeaders}\n${bodySha256}`
    const stringToSign = this.#stringToSignHead + hash('sha256', canonicalRequest)
    const signature = hmac(this.#key, stringToSign).digest('hex')
    return `AWS4-HMAC-SHA256 Credential=${this.#credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  }
}

function hmac(key: Buffer, text: string) {
  return createHmac('sha256', key).update(text)
}
