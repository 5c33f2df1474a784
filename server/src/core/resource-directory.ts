/** Where a resource lives. The same name in another account or region is another resource. */
interface Address {
  readonly accountId: string
  readonly region: string
  readonly name: string
}

/** What a directory needs of a resource. */
export interface NamedResource {
  /** Never given to another. */
  readonly number: number
  readonly address: Address
}

export interface NamePage {
  readonly names: readonly string[]
  /** Where the next page begins (`after`), or null when this is the last. */
  readonly next: string | null
}

/** All resources of a kind that a cell has: by number, by ARN, and in the order of their names. */
export class ResourceDirectory<Resource extends NamedResource> {
  readonly #arnOf: (address: Address) => string
  readonly #isListed: (name: string) => boolean
  #byNumber = new Map<number, Resource>()
  #byArn = new Map<string, Resource>()
  /** For each account and region its resources' names, sorted by code units. */
  #names = new Map<string, string[]>()

  /** `isListed` says which names are on the pages of names. */
  constructor(arnOf: (address: Address) => string, isListed: (name: string) => boolean = () => true) {
    this.#arnOf = arnOf
    this.#isListed = isListed
  }

  get size(): number {
    return this.#byNumber.size
  }

  [Symbol.iterator](): IterableIterator<Resource> {
    return this.#byNumber.values()
  }

  at(address: Address): Resource | undefined {
    return this.#byArn.get(this.#arnOf(address))
  }

  withArn(arn: string): Resource | undefined {
    return this.#byArn.get(arn)
  }

  numbered(number: number): Resource | undefined {
    return this.#byNumber.get(number)
  }

  add(resource: Resource): void {
    this.#byNumber.set(resource.number, resource)
    this.#byArn.set(this.#arnOf(resource.address), resource)
    if (!this.#isListed(resource.address.name)) return
    const scope = scopeKey(resource.address)
    const names = this.#names.get(scope)
    if (names === undefined) this.#names.set(scope, [resource.address.name])
    else names.splice(firstAfter(names, resource.address.name), 0, resource.address.name)
  }

  remove(resource: Resource): void {
    this.#byNumber.delete(resource.number)
    this.#byArn.delete(this.#arnOf(resource.address))
    if (!this.#isListed(resource.address.name)) return
    const scope = scopeKey(resource.address)
    const names = this.#names.get(scope)!
    names.splice(firstAfter(names, resource.address.name) - 1, 1)
    if (names.length === 0) this.#names.delete(scope)
  }

  /** Forgets all resources at once and returns them. */
  takeAll(): readonly Resource[] {
    const resources = [...this.#byNumber.values()]
    this.#byNumber = new Map()
    this.#byArn = new Map()
    this.#names = new Map()
    return resources
  }

  /** Up to `limit` names after `after` that begin with `prefix` and whose resource `matches`. */
  page(
    scope: Pick<Address, 'accountId' | 'region'>,
    prefix: string,
    after: string,
    limit: number,
    matches: (resource: Resource) => boolean,
  ): NamePage {
    const names = this.#names.get(scopeKey(scope)) ?? []
    const found: string[] = []
    // A name that equals the prefix comes first of those that begin with it.
    let i = after >= prefix && after !== '' ? firstAfter(names, after) : firstNotBefore(names, prefix)
    for (; i < names.length && names[i]!.startsWith(prefix); i++) {
      const name = names[i]!
      if (!matches(this.at({ ...scope, name })!)) continue
      if (found.length === limit) return { names: found, next: found[limit - 1] ?? null }
      found.push(name)
    }
    return { names: found, next: null }
  }
}

function scopeKey(scope: Pick<Address, 'accountId' | 'region'>): string {
  return `${scope.accountId}/${scope.region}`
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
