import { interned } from '../base/interned.ts'
import type { Random } from '../base/random.ts'

const BYTE_IN_HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const IDS_PER_PREFIX = 65_536

/**
 * Request ids in the form of a UUID, 14 random bytes and 2 that count: `8b6d7e2c-91a4-4f0e-b3c5-77d1e0a4` `0001`. They
 * name requests in answers and logs and keep no secret, so that randomness for each one would be spent for nothing.
 */
export class RequestIds {
  readonly #random: Random
  #prefix = ''
  #issued = IDS_PER_PREFIX

  constructor(random: Random) {
    this.#random = random
  }

  next(): string {
    if (this.#issued === IDS_PER_PREFIX) this.#renewPrefix()
    const count = this.#issued++
    // The four digits first: so short a text is in one piece.
    return this.#prefix + (BYTE_IN_HEX[count >>> 8]! + BYTE_IN_HEX[count & 0xff]!)
  }

  #renewPrefix(): void {
    const bytes = this.#random.bytes(14)
    // Version 4, variant 1, as RFC 9562 has random UUIDs.
    bytes[6] = (bytes[6]! & 0x0f) | 0x40
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    const digits = Array.from(bytes, (byte) => BYTE_IN_HEX[byte]).join('')
    const cuts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20)]
    this.#prefix = interned(`${cuts.join('-')}-${digits.slice(20)}`)
    this.#issued = 0
  }
}
