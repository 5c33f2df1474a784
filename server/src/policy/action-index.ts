import { matcherOf, wildcardPattern } from './pattern.ts'
import type { Listed } from './policy-document.ts'

/** Something that is found by the actions it is about. */
export interface Indexed<Item> {
  readonly actions: Listed
  readonly item: Item
}

interface Candidate<Item> {
  readonly isAbout: (action: string) => boolean
  readonly item: Item
}

/**
 * Finds statements by action: those that list it as it is by a hash, those with wildcards among the ones of its service. Of a policy
 * that is about ten services a request looks at one.
 */
export class ActionIndex<Item> {
  readonly #byAction = new Map<string, Item[]>()
  readonly #byService = new Map<string, Candidate<Item>[]>()
  /** `*`, `NotAction`, and services with wildcards. */
  readonly #ofAnyService: Candidate<Item>[] = []

  constructor(entries: readonly Indexed<Item>[]) {
    for (const entry of entries) this.#add(entry)
  }

  #add({ actions: { negated, values }, item }: Indexed<Item>): void {
    const actions = new Set(values.map((value) => value.toLowerCase()))
    const patterns = [...actions].map((action) => matcherOf(wildcardPattern(action)))
    const listsAction = (action: string) => patterns.some((matches) => matches(action))
    if (negated) {
      this.#ofAnyService.push({ isAbout: (action) => !listsAction(action), item })
      return
    }
    if (![...actions].some(hasWildcard)) {
      for (const action of actions) push(this.#byAction, action, item)
      return
    }
    const candidate = { isAbout: listsAction, item }
    const services = new Set([...actions].map(serviceOf))
    if ([...services].some(hasWildcard)) this.#ofAnyService.push(candidate)
    else for (const service of services) push(this.#byService, service, candidate)
  }

  /** Whether `test` says so of one of the statements about an action, which is in lower case. It's asked no further then. */
  some(action: string, test: (item: Item) => boolean): boolean {
    const exact = this.#byAction.get(action)
    if (exact !== undefined) for (const item of exact) if (test(item)) return true
    const isSought = ({ isAbout, item }: Candidate<Item>) => isAbout(action) && test(item)
    return (
      (this.#byService.get(serviceOf(action))?.some(isSought) ?? false) || this.#ofAnyService.some(isSought)
    )
  }
}

/** Of `*`, which names no service, that is `*` too. */
function serviceOf(action: string): string {
  const colon = action.indexOf(':')
  return colon === -1 ? action : action.slice(0, colon)
}

function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?')
}

function push<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
