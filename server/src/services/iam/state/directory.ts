import { NameLists } from '../../../core/name-list.ts'
import type { EntityPage, PageOf } from '../commands.ts'
import type { Account, Entity, EntityType, Group, ManagedPolicy, Role, StoredKey, User } from '../entities.ts'
import type { EntityUnit } from './entity-unit.ts'

interface NamedByType {
  readonly user: User
  readonly group: Group
  readonly role: Role
  readonly policy: ManagedPolicy
}

interface ByType extends NamedByType {
  readonly account: Account
}

/** Who a key belongs to, and the key. */
export interface KeyAndOwner {
  readonly unit: EntityUnit<User> | EntityUnit<Account>
  readonly key: StoredKey
}

const NONE: ReadonlySet<EntityUnit> = new Set()

/** All entities of a cell, and the ways to find them. Names are found whatever their case, as no two may differ in that alone. */
export class Directory {
  readonly #byNumber = new Map<number, EntityUnit>()
  readonly #byName = new Map<string, EntityUnit>()
  readonly #byId = new Map<string, EntityUnit>()
  readonly #byKey = new Map<string, KeyAndOwner>()
  readonly #byAlias = new Map<string, EntityUnit<Account>>()
  /** By type and account, all names in lower case. */
  readonly #names = new NameLists()
  readonly #counts = new Map<string, number>()
  /** Who has a policy, in any way, by its ARN; and who is in a group, by its id. */
  readonly #holders = new Map<string, Set<EntityUnit>>()

  #version = 0

  /** Another number whenever anything has changed. */
  get version(): number {
    return this.#version
  }

  get size(): number {
    return this.#byNumber.size
  }

  [Symbol.iterator](): IterableIterator<EntityUnit> {
    return this.#byNumber.values()
  }

  numbered(number: number): EntityUnit {
    const unit = this.#byNumber.get(number)
    if (unit === undefined) throw new Error(`no entity of IAM has the number ${number}`)
    return unit
  }

  named<Type extends EntityType>(
    type: Type,
    accountId: string,
    name: string,
  ): EntityUnit<ByType[Type]> | undefined {
    // The key says its type.
    return this.#byName.get(nameKey(type, accountId, name)) as EntityUnit<ByType[Type]> | undefined
  }

  account(accountId: string): EntityUnit<Account> | undefined {
    return this.named('account', accountId, '')
  }

  /** A user, group, role or managed policy. */
  withId(id: string): EntityUnit | undefined {
    return this.#byId.get(id)
  }

  key(id: string): KeyAndOwner | undefined {
    return this.#byKey.get(id)
  }

  withAlias(alias: string): EntityUnit<Account> | undefined {
    return this.#byAlias.get(alias)
  }

  /** Those of the account that have the policy attached or as their boundary. */
  *holdersOf(
    arn: string,
    accountId: string,
  ): Iterable<EntityUnit<User> | EntityUnit<Group> | EntityUnit<Role>> {
    for (const unit of this.#holders.get(arn) ?? NONE) {
      if (unit.entity.accountId === accountId) yield unit as EntityUnit<User>
    }
  }

  *membersOf({ id }: Group): Iterable<User> {
    for (const unit of this.#holders.get(id) ?? NONE) yield unit.entity as User
  }

  count(type: EntityType, accountId: string): number {
    return this.#counts.get(listKey(type, accountId)) ?? 0
  }

  *all<Type extends EntityType>(type: Type): Iterable<EntityUnit<ByType[Type]>> {
    for (const unit of this) if (unit.entity.type === type) yield unit as EntityUnit<ByType[Type]>
  }

  page<Type extends keyof NamedByType>(
    type: Type,
    { accountId, pathPrefix, after, limit }: PageOf,
    isFit: (entity: NamedByType[Type]) => boolean = () => true,
  ): EntityPage<NamedByType[Type]> {
    const entityOf = (name: string): NamedByType[Type] => this.named(type, accountId, name)!.entity
    const matches = (name: string) => {
      const entity = entityOf(name)
      return entity.path.startsWith(pathPrefix) && isFit(entity)
    }
    const { names, next } = this.#names.page(listKey(type, accountId), '', after, limit, matches)
    return { entities: names.map(entityOf), next }
  }

  add(unit: EntityUnit): void {
    this.#byNumber.set(unit.number, unit)
    this.#index(unit)
  }

  remove(unit: EntityUnit): void {
    this.#byNumber.delete(unit.number)
    this.#unindex(unit)
  }

  /** Lets what changes an entity happen, and finds it by what it says then. */
  change(unit: EntityUnit, change: () => void): void {
    this.#unindex(unit)
    change()
    this.#index(unit)
  }

  #index(unit: EntityUnit): void {
    this.#version++
    const { entity } = unit
    const list = listKey(entity.type, entity.accountId)
    const name = nameOf(entity)
    this.#byName.set(nameKey(entity.type, entity.accountId, name), unit)
    this.#names.add(list, name.toLowerCase())
    this.#counts.set(list, this.count(entity.type, entity.accountId) + 1)
    if (entity.type === 'account') {
      if (entity.alias !== null) this.#byAlias.set(entity.alias, unit as EntityUnit<Account>)
    } else {
      this.#byId.set(entity.id, unit)
    }
    for (const key of keysOf(entity)) this.#byKey.set(key.id, { unit: unit as EntityUnit<User>, key })
    for (const held of heldBy(entity)) {
      const holders = this.#holders.get(held)
      if (holders === undefined) this.#holders.set(held, new Set([unit]))
      else holders.add(unit)
    }
  }

  #unindex(unit: EntityUnit): void {
    this.#version++
    const { entity } = unit
    const list = listKey(entity.type, entity.accountId)
    const name = nameOf(entity)
    this.#byName.delete(nameKey(entity.type, entity.accountId, name))
    this.#names.remove(list, name.toLowerCase())
    this.#counts.set(list, this.count(entity.type, entity.accountId) - 1)
    if (entity.type === 'account') {
      if (entity.alias !== null) this.#byAlias.delete(entity.alias)
    } else {
      this.#byId.delete(entity.id)
    }
    for (const { id } of keysOf(entity)) this.#byKey.delete(id)
    for (const held of heldBy(entity)) {
      const holders = this.#holders.get(held)
      holders?.delete(unit)
      if (holders?.size === 0) this.#holders.delete(held)
    }
  }
}

/** An account is found by its number alone. */
function nameOf(entity: Entity): string {
  return entity.type === 'account' ? '' : entity.name
}

function keysOf(entity: Entity): readonly StoredKey[] {
  return entity.type === 'user' || entity.type === 'account' ? entity.keys : []
}

function heldBy(entity: Entity): readonly string[] {
  switch (entity.type) {
    case 'user':
      return [...entity.attached, ...boundaryOf(entity), ...entity.groups]
    case 'role':
      return [...entity.attached, ...boundaryOf(entity)]
    case 'group':
      return entity.attached
    case 'policy':
    case 'account':
      return []
    default:
      return entity satisfies never
  }
}

function boundaryOf({ boundary }: User | Role): readonly string[] {
  return boundary === null ? [] : [boundary]
}

function listKey(type: EntityType, accountId: string): string {
  return `${type}/${accountId}`
}

function nameKey(type: EntityType, accountId: string, name: string): string {
  return `${type}/${accountId}/${name.toLowerCase()}`
}
