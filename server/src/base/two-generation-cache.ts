/**
 * A map that forgets what was not used lately. Entries live in a young generation; when that is full it becomes the old
 * one, and the old one is dropped. Reading an old entry makes it young again. Unlike a list ordered by use, a hit in the
 * young generation changes nothing, so the usual case costs one lookup.
 */
export class TwoGenerationCache<Value> {
  readonly #generationSize: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  /** Keeps at most `sizeMax` entries, at least 2, and the half of it used last for certain. */
  constructor(sizeMax: number) {
    this.#generationSize = sizeMax >>> 1
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) {
      this.#old.delete(key)
      this.set(key, old)
    }
    return old
  }

  set(key: string, value: Value): void {
    this.#old.delete(key)
    if (this.#young.size >= this.#generationSize && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
