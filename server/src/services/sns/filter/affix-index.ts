import { type EntryIndex, KeyedSets } from './keyed-sets.ts'

/** Longer beginnings and endings than this are told apart by who checks what was found. */
const KEY_CHARACTERS_MAX = 16

/** Finds entries by a text that a value may begin or end with, in a look-up for each length that such texts have. */
export class AffixIndex<Entry> implements EntryIndex<string, Entry> {
  readonly #end: 'beginning' | 'ending'
  readonly #entries = new KeyedSets<string, Entry>()
  /** How many entries have a key of this length. */
  readonly #lengths = new Uint32Array(KEY_CHARACTERS_MAX + 1)

  constructor(end: 'beginning' | 'ending') {
    this.#end = end
  }

  add(affix: string, entry: Entry): void {
    const key = this.#keyOf(affix, KEY_CHARACTERS_MAX)
    this.#lengths[key.length]!++
    this.#entries.add(key, entry)
  }

  remove(affix: string, entry: Entry): void {
    const key = this.#keyOf(affix, KEY_CHARACTERS_MAX)
    this.#lengths[key.length]!--
    this.#entries.remove(key, entry)
  }

  visit(value: string, visitor: (entry: Entry) => void): void {
    for (let length = 0; length <= KEY_CHARACTERS_MAX && length <= value.length; length++) {
      if (this.#lengths[length]! > 0) this.#entries.visit(this.#keyOf(value, length), visitor)
    }
  }

  crowdOf(affix: string): number {
    return this.#entries.crowdOf(this.#keyOf(affix, KEY_CHARACTERS_MAX))
  }

  #keyOf(text: string, length: number): string {
    if (this.#end === 'beginning') return text.slice(0, length)
    return text.slice(Math.max(0, text.length - length))
  }
}
