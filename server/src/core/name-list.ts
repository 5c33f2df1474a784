export interface NamePage {
  readonly names: readonly string[]
  /** Where the next page begins (`after`), or null when this is the last. */
  readonly next: string | null
}

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

  /** Up to `limit` names after `after` that begin with `prefix` and of which `matches` says so; all do where it's left out. */
  page(prefix: string, after: string, limit: number, matches?: (name: string) => boolean): NamePage {
    const names = this.#names
    const found: string[] = []
    // A name that equals the prefix comes first of those that begin with it.
    let i = after >= prefix && after !== '' ? firstAfter(names, after) : firstNotBefore(names, prefix)
    for (; i < names.length && names[i]!.startsWith(prefix); i++) {
      const name = names[i]!
      if (matches?.(name) === false) continue
      if (found.length === limit) return { names: found, next: found[limit - 1] ?? null }
      found.push(name)
    }
    return { names: found, next: null }
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

/** Lists by a key; one without names is none. */
export class NameLists {
  readonly #byKey = new Map<string, NameList>()

  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  add(key: string, name: string): void {
    let names = this.#byKey.get(key)
    if (names === undefined) {
      names = new NameList()
      this.#byKey.set(key, names)
    }
    names.add(name)
  }

  /** The name must be there. */
  remove(key: string, name: string): void {
    const names = this.#byKey.get(key)!
    names.remove(name)
    if (names.size === 0) this.#byKey.delete(key)
  }

  page(
    key: string,
    prefix: string,
    after: string,
    limit: number,
    matches?: (name: string) => boolean,
  ): NamePage {
    return this.#byKey.get(key)?.page(prefix, after, limit, matches) ?? { names: [], next: null }
  }
}
