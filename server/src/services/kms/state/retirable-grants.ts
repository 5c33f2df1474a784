import { NameLists } from '../../../core/name-list.ts'
import type { Scope } from '../../../core/scope.ts'
import type { GrantView } from '../commands.ts'
import type { Grant } from './grant.ts'
import type { Key } from './key.ts'

/** The grants that say who may retire them, by that. */
export class RetirableGrants {
  #ids = new NameLists()
  #keys = new Map<string, Key>()

  add(key: Key, { record: { id, retiring } }: Grant): void {
    if (retiring === null) return
    this.#ids.add(listKey(key.address, retiring), id)
    this.#keys.set(id, key)
  }

  /** Nothing where it isn't here. */
  remove(key: Key, { record: { id, retiring } }: Grant): void {
    if (retiring === null || this.#keys.get(id) !== key) return
    this.#ids.remove(listKey(key.address, retiring), id)
    this.#keys.delete(id)
  }

  clear(): void {
    this.#ids = new NameLists()
    this.#keys = new Map()
  }

  /** Up to `limit` grants of keys for which `isThere`, in the order of their ids after `after`. */
  page(
    scope: Scope,
    principal: string,
    { after, limit }: { readonly after: string; readonly limit: number },
    isThere: (key: Key) => boolean,
  ): { readonly grants: readonly GrantView[]; readonly next: string | null } {
    const isFit = (id: string) => isThere(this.#keys.get(id)!)
    const { names, next } = this.#ids.page(listKey(scope, principal), '', after, limit, isFit)
    const grants = names.map((id) => {
      const key = this.#keys.get(id)!
      return key.grantView(key.grant(id)!)
    })
    return { grants, next }
  }
}

function listKey({ accountId, region }: Scope, principal: string): string {
  return `${accountId}/${region}/${principal}`
}
