import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { ACTIONS_REMEMBERED_MAX } from './limits.ts'
import { matcherOf, wildcardPattern } from './pattern.ts'
import type { Listed } from './policy-document.ts'

interface Entry<Item> {
  readonly isAbout: (action: string) => boolean
  readonly item: Item
}

/**
 * Finds statements by action. Nothing but the action decides which they are, so what was found once is kept: a request costs one look
 * at a hash for each policy, however many statements with however many wildcards there are.
 */
export class ActionIndex<Item> {
  readonly #entries: readonly Entry<Item>[]
  readonly #found = new TwoGenerationCache<readonly Item[]>(ACTIONS_REMEMBERED_MAX)

  constructor(entries: readonly { readonly actions: Listed; readonly item: Item }[]) {
    this.#entries = entries.map(({ actions, item }) => ({ isAbout: compileActions(actions), item }))
  }

  /** In the order in which they stand. The action is in lower case. */
  find(action: string): readonly Item[] {
    const known = this.#found.get(action)
    if (known !== undefined) return known
    const found = this.#entries.filter(({ isAbout }) => isAbout(action)).map(({ item }) => item)
    this.#found.set(action, found)
    return found
  }
}

function compileActions({ values, negated }: Listed): (action: string) => boolean {
  const patterns = values.map((value) => matcherOf(wildcardPattern(value.toLowerCase())))
  return (action) => patterns.some((matches) => matches(action)) !== negated
}
