import assert from 'node:assert/strict'
import { JournalError } from '../../journal/journal.ts'

const BLOCK_BODIES = 4096

interface Block {
  readonly bodies: (Uint8Array | null)[]
  live: number
}

/** The bodies that somebody still refers to, by their ids, in blocks that go when nothing in them is alive. */
export class LiveBodies {
  readonly #blocks = new Map<number, Block>()
  /** References beyond the first: most bodies have one. */
  readonly #furtherReferences = new Map<number, number>()
  #nextId = 0
  #bytes = 0

  get nextId(): number {
    return this.#nextId
  }

  /** Of all live bodies together. */
  get bytes(): number {
    return this.#bytes
  }

  add(body: Uint8Array): void {
    const number = Math.floor(this.#nextId++ / BLOCK_BODIES)
    let block = this.#blocks.get(number)
    if (block === undefined) {
      block = { bodies: [], live: 0 }
      this.#blocks.set(number, block)
    }
    block.bodies.push(body)
    block.live++
    this.#bytes += body.length
  }

  /** Throws `JournalError` for a body that is not live. */
  read(bodyId: number): Uint8Array {
    const body = this.#find(bodyId)
    if (body === null) throw new JournalError(`body ${bodyId} is not in the journal any more`)
    return body
  }

  retain(bodyId: number, count: number): void {
    assert(this.#find(bodyId) !== null, `body ${bodyId} is live when another reference to it is added`)
    this.#furtherReferences.set(bodyId, (this.#furtherReferences.get(bodyId) ?? 0) + count)
  }

  release(bodyId: number, bytes: number): void {
    const length = this.#find(bodyId)?.length
    assert(length === bytes, `body ${bodyId} is live, and as long as it was, when it is released`)
    const further = this.#furtherReferences.get(bodyId) ?? 0
    if (further > 1) this.#furtherReferences.set(bodyId, further - 1)
    else if (further === 1) this.#furtherReferences.delete(bodyId)
    else this.#forget(bodyId, bytes)
  }

  #find(bodyId: number): Uint8Array | null {
    return this.#blocks.get(Math.floor(bodyId / BLOCK_BODIES))?.bodies[bodyId % BLOCK_BODIES] ?? null
  }

  #forget(bodyId: number, bytes: number): void {
    const number = Math.floor(bodyId / BLOCK_BODIES)
    const block = this.#blocks.get(number)!
    block.bodies[bodyId % BLOCK_BODIES] = null
    block.live--
    this.#bytes -= bytes
    // The last block takes further bodies by their position in it.
    if (block.live === 0 && block.bodies.length === BLOCK_BODIES) this.#blocks.delete(number)
  }
}
