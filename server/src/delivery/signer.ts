import { hash, sign as signWith } from 'node:crypto'
import { promisify } from 'node:util'
import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import type { SigningKey, SigningKeySource } from './signing-key.ts'

/** A topic's `SignatureVersion`: RSA with SHA-1, or with SHA-256. */
export type SignatureVersion = '1' | '2'

const DIGESTS = { 1: 'sha1', 2: 'sha256' } as const
const SIGNATURES_MAX = 4_096
/**
 * Threads that sign at a time. Those beside the main one are four, for the journal too: were all of them signing what a few receives
 * ask for, every commit would wait in line behind that.
 */
const SIGNATURES_AT_ONCE = 2

/**
 * Signs what leaves as SNS's. A signature costs a good part of a millisecond, so it is made once for all subscribers of a
 * notification, outside of the main thread, and kept for a while; made again, it is the same, byte for byte.
 */
export class Signer {
  readonly #key: SigningKeySource
  readonly #sign: typeof signRsa
  readonly #signatures = new TwoGenerationCache<Promise<string>>(SIGNATURES_MAX)
  /** In each lane a signature is made after the other; this is the last of it, made or not. */
  readonly #lanes: Promise<unknown>[] = Array.from({ length: SIGNATURES_AT_ONCE }, () => Promise.resolve())
  #nextLane = 0

  /** `sign` makes an RSA signature; tests count how often. */
  constructor(key: SigningKeySource, sign: typeof signRsa = signRsa) {
    this.#key = key
    this.#sign = sign
  }

  get certificatePath(): string {
    return this.#key.certificatePath
  }

  /** The signature of a text, as base64. */
  sign(text: string, version: SignatureVersion): Promise<string> {
    // By its hash: texts are up to 256 KiB, and thousands of them are kept.
    const name = `${version}${hash('sha256', text, 'base64')}`
    const known = this.#signatures.get(name)
    if (known !== undefined) return known
    const signature = this.#inLane(() =>
      this.#key.key().then((key) => this.#sign(DIGESTS[version], text, key)),
    )
    this.#signatures.set(name, signature)
    return signature
  }

  #inLane(work: () => Promise<string>): Promise<string> {
    const lane = this.#nextLane
    this.#nextLane = (lane + 1) % SIGNATURES_AT_ONCE
    const done = this.#lanes[lane]!.then(work)
    // One that failed is told to whoever asked for it; the next is made all the same.
    this.#lanes[lane] = done.catch(() => {})
    return done
  }
}

const signAside = promisify(signWith)

/** RSASSA-PKCS1-v1_5 on one of the threads beside the main one. */
export async function signRsa(digest: string, text: string, { privateKey }: SigningKey): Promise<string> {
  return (await signAside(digest, Buffer.from(text), privateKey)).toString('base64')
}
