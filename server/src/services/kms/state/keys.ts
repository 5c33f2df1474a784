import { ResourceDirectory } from '../../../core/resource-directory.ts'
import type { Scope } from '../../../core/scope.ts'
import { keyArn } from '../key-arn.ts'
import type { Key } from './key.ts'

/** All keys of a cell, and how many each account has of its own. */
export class Keys extends ResourceDirectory<Key> {
  readonly #counts = new Map<string, number>()

  constructor() {
    super(keyArn)
  }

  /** Keys of an account in a region, without those that AWS would manage. */
  countOf(scope: Scope): number {
    return this.#counts.get(countKey(scope)) ?? 0
  }

  override add(key: Key): void {
    super.add(key)
    this.#count(key, 1)
  }

  override remove(key: Key): void {
    super.remove(key)
    this.#count(key, -1)
  }

  override takeAll(): readonly Key[] {
    this.#counts.clear()
    return super.takeAll()
  }

  #count({ address, origin }: Key, change: 1 | -1): void {
    if (origin.manager === 'AWS') return
    const count = this.countOf(address) + change
    if (count === 0) this.#counts.delete(countKey(address))
    else this.#counts.set(countKey(address), count)
  }
}

function countKey({ accountId, region }: Scope): string {
  return `${accountId}/${region}`
}
