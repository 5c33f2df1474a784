/** Something that entries stand in under keys, and are found by other means. */
export interface EntryIndex<Key, Entry> {
  add(key: Key, entry: Entry): void
  /** With a key that the entry was added with. */
  remove(key: Key, entry: Entry): void
  /** With how many entries one under this key would be found, more or less. */
  crowdOf(key: Key): number
}

/** Sets of entries by key. An empty set is forgotten. */
export class KeyedSets<Key, Entry> implements EntryIndex<Key, Entry> {
  readonly #sets = new Map<Key, Set<Entry>>()

  get isEmpty(): boolean {
    return this.#sets.size === 0
  }

  add(key: Key, entry: Entry): void {
    const set = this.#sets.get(key)
    if (set === undefined) this.#sets.set(key, new Set([entry]))
    else set.add(entry)
  }

  remove(key: Key, entry: Entry): void {
    const set = this.#sets.get(key)
    set?.delete(entry)
    if (set?.size === 0) this.#sets.delete(key)
  }

  has(key: Key): boolean {
    return this.#sets.has(key)
  }

  visit(key: Key, visitor: (entry: Entry) => void): void {
    this.#sets.get(key)?.forEach(visitor)
  }

  crowdOf(key: Key): number {
    return this.#sets.get(key)?.size ?? 0
  }
}
