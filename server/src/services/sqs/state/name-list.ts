import type { QueuePage } from '../commands.ts'

/** Names, sorted by code units, each once. */
export class NameList {
  readonly #names: string[] = []

  get size(): number {
    return this.#names.length
  }

  add(name: string): void {
    this.#names.splice(firstAfter(this.#names, name), 0, name)
  }

  /** The name must be there. */
  remove(name: string): void {
    this.#names.splice(firstAfter(this.#names, name) - 1, 1)
  }

  /** Up to `limit` names after `after` that begin with `prefix`. */
  page(prefix: string, after: string, limit: number): QueuePage {
    const names = this.#names
    // A name that equals the prefix comes first of those that begin with it.
    const start = after >= prefix && after !== '' ? firstAfter(names, after) : firstNotBefore(names, prefix)
    let end = start
    while (end < names.length && end < start + limit && names[end]!.startsWith(prefix)) end++
    const hasMore = end < names.length && names[end]!.startsWith(prefix)
    return { names: names.slice(start, end), next: hasMore && end > start ? names[end - 1]! : null }
  }
}

function firstAfter(names: readonly string[], name: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (names[middle]! <= name) low = middle + 1
    else high = middle
  }
  return low
}

function firstNotBefore(names: readonly string[], name: string): number {
  const after = firstAfter(names, name)
  return after > 0 && names[after - 1] === name ? after - 1 : after
}
