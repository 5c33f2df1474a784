import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'

/** SHA-256 as the signer of AWS's SDK wants it. */
class Sha256 {
  readonly #hash

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key))
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(chunk))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** A request as it came over the wire, taken apart. */
export interface HeardRequest {
  readonly line: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export function heard(request: string | undefined): HeardRequest {
  const [head = '', ...rest] = (request ?? '').split('\r\n\r\n')
  const [line = '', ...fields] = head.split('\r\n')
  const headers = fields.map((field) => {
    const [name = '', ...value] = field.split(':')
    return [name.toLowerCase(), value.join(':').trim()] as const
  })
  return { line, headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') }
}

/** The `Authorization` that the SDK's own signer gives to the same request. */
export async function authorizationOf(
  { line, headers, body }: HeardRequest,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
  service: string,
  region: string,
): Promise<string> {
  const [method = '', target = ''] = line.split(' ')
  const [path = '', search = ''] = target.split('?')
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? []
  const signer = new SignatureV4({ credentials, service, region, sha256: Sha256, applyChecksum: false })
  const { headers: signed } = await signer.sign(
    {
      ...{ method, body, protocol: 'http:', hostname: 'mill' },
      path,
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
    },
    { signingDate: dateOf(headers['x-amz-date'] ?? '') },
  )
  return signed.authorization ?? ''
}

/** `20260131T120000Z` */
function dateOf(text: string): Date {
  return new Date(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
