import { NameLists, type NamePage } from './name-list.ts'

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

/** All resources of a kind that a cell has: by number, by ARN, and in the order of their names. */
export class ResourceDirectory<Resource extends NamedResource> {
  readonly #arnOf: (address: Address) => string
  readonly #isListed: (name: string) => boolean
  #byNumber = new Map<number, Resource>()
  #byArn = new Map<string, Resource>()
  /** What was asked for last by its address, which most likely is asked for again: an ARN takes longer to make than to compare with. */
  #latest: Resource | undefined
  /** The object that it was asked for by: requests for one resource often bear the very same. */
  #latestAddress: Address | undefined
  /** For each account and region its resources' names. */
  #names = new NameLists()

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
    const latest = this.#latest
    if (latest !== undefined && (address === this.#latestAddress || isSameAddress(latest.address, address))) {
      this.#latestAddress = address
      return latest
    }
    const found = this.#byArn.get(this.#arnOf(address))
    if (found !== undefined) {
      this.#latest = found
      this.#latestAddress = address
    }
    return found
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
    this.#names.add(scopeKey(resource.address), resource.address.name)
  }

  remove(resource: Resource): void {
    this.#byNumber.delete(resource.number)
    this.#byArn.delete(this.#arnOf(resource.address))
    if (this.#latest === resource) this.#latest = undefined
    if (!this.#isListed(resource.address.name)) return
    this.#names.remove(scopeKey(resource.address), resource.address.name)
  }

  /** Forgets all resources at once and returns them. */
  takeAll(): readonly Resource[] {
    const resources = [...this.#byNumber.values()]
    this.#byNumber = new Map()
    this.#byArn = new Map()
    this.#latest = undefined
    this.#names = new NameLists()
    return resources
  }

  /** Up to `limit` names after `after` that begin with `prefix`, of resources that `matches`; all do where it's left out. */
  page(
    scope: Pick<Address, 'accountId' | 'region'>,
    prefix: string,
    after: string,
    limit: number,
    matches?: (resource: Resource) => boolean,
  ): NamePage {
    const isFit = matches && ((name: string) => matches(this.at({ ...scope, name })!))
    return this.#names.page(scopeKey(scope), prefix, after, limit, isFit)
  }
}

function scopeKey(scope: Pick<Address, 'accountId' | 'region'>): string {
  return `${scope.accountId}/${scope.region}`
}

function isSameAddress(one: Address, other: Address): boolean {
  return one.name === other.name && one.accountId === other.accountId && one.region === other.region
}
