import { SeededRandom } from '../../src/base/random.ts'

/** Bodies that say which message they belong to and that any changed byte betrays. */
export function bodyOf(id: string): Uint8Array {
  const random = new SeededRandom(seedOf(id))
  // Mostly small, some larger than a block.
  const filler = random.chance(0.02) ? 70_000 + random.below(60_000) : random.below(900)
  const text = Buffer.from(`${id}\n`)
  const bytes = new Uint8Array(text.length + filler)
  bytes.set(text)
  for (let i = text.length; i < bytes.length; i += 4) {
    const word = random.uint32()
    for (let k = 0; k < 4 && i + k < bytes.length; k++) bytes[i + k] = word >>> (8 * k)
  }
  return bytes
}

/** The message that a body says it belongs to, and whether every byte is right. */
export function readBody(bytes: Uint8Array): { id: string; intact: boolean } {
  const end = bytes.indexOf(10)
  const id = Buffer.from(bytes.subarray(0, Math.max(0, end))).toString('latin1')
  return { id, intact: Buffer.compare(bytes, bodyOf(id)) === 0 }
}

function seedOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash
}
