import { AffixIndex } from './affix-index.ts'
import type { Condition, Operator } from './condition.ts'
import { type EntryIndex, KeyedSets } from './keyed-sets.ts'
import { RangeIndex } from './range-index.ts'
import type { Scalar } from './scalar.ts'

/**
 * Finds, among conditions about one place, those that a value there may meet: all that it does meet, and perhaps some more.
 * An entry stands under each alternative of its condition.
 *
 * | alternative | looked up by |
 * | --- | --- |
 * | an exact value | the value |
 * | equals-ignore-case | the value in lower case |
 * | prefix, and a wildcard that has one; suffix, and a wildcard that has one | the first, or last, characters |
 * | numeric | `RangeIndex` |
 * | cidr, and a wildcard with neither | found for every string |
 * | exists, anything-but | found for every value: that is what they ask for, more or less |
 */
export class ConditionIndex<Entry> {
  readonly #exact = new KeyedSets<Scalar, Entry>()
  readonly #ignoringCase = new KeyedSets<string, Entry>()
  readonly #prefixes = new AffixIndex<Entry>('beginning')
  readonly #suffixes = new AffixIndex<Entry>('ending')
  readonly #ranges = new RangeIndex<Entry>()
  readonly #always = new FoundAlways<Entry>()

  add(condition: Condition, entry: Entry): void {
    this.#forEachAlternative(condition, (index, key) => index.add(key, entry))
  }

  remove(condition: Condition, entry: Entry): void {
    this.#forEachAlternative(condition, (index, key) => index.remove(key, entry))
  }

  /** With how many others the condition would be found, more or less: the fewer, the better it's found by this place. */
  crowdOf(condition: Condition): number {
    let crowd = 0
    this.#forEachAlternative(condition, (index, key) => {
      crowd += index.crowdOf(key)
    })
    return crowd
  }

  /** May call for an entry more than once. */
  visit(value: Scalar, visitor: (entry: Entry) => void): void {
    this.#exact.visit(value, visitor)
    this.#always.visit('value', visitor)
    if (typeof value === 'number') this.#ranges.visit(value, visitor)
    if (typeof value !== 'string') return
    this.#always.visit('string', visitor)
    this.#prefixes.visit(value, visitor)
    this.#suffixes.visit(value, visitor)
    if (!this.#ignoringCase.isEmpty) this.#ignoringCase.visit(value.toLowerCase(), visitor)
  }

  #forEachAlternative(
    { exact, operators }: Condition,
    visitor: <Key>(index: EntryIndex<Key, Entry>, key: Key) => void,
  ): void {
    for (const value of exact) visitor(this.#exact, value)
    for (const operator of operators) this.#findOperator(operator, visitor)
  }

  /** Hands over the index that an operator's entries stand in, and the key. */
  #findOperator<Result>(
    operator: Operator,
    visitor: <Key>(index: EntryIndex<Key, Entry>, key: Key) => Result,
  ): Result {
    switch (operator.kind) {
      case 'equals-ignore-case':
        return visitor(this.#ignoringCase, operator.text)
      case 'prefix':
        return visitor(this.#prefixes, operator.text)
      case 'suffix':
        return visitor(this.#suffixes, operator.text)
      case 'numeric':
        return visitor(this.#ranges, operator.range)
      case 'wildcard': {
        const { first, last } = operator.wildcard
        if (first !== '') return visitor(this.#prefixes, first)
        if (last !== '') return visitor(this.#suffixes, last)
        return visitor(this.#always, 'string')
      }
      case 'cidr':
        return visitor(this.#always, 'string')
      case 'exists':
      case 'anything-but':
      case 'anything-but-operators':
        return visitor(this.#always, 'value')
      default:
        return operator satisfies never
    }
  }
}

/** Entries that every value leads to, or every string. */
class FoundAlways<Entry> extends KeyedSets<'value' | 'string', Entry> {
  /** Better any other place than one where each value finds it. */
  override crowdOf(): number {
    return 1e9
  }
}
