import { Alias } from './alias.ts'
import type { KmsContext } from './context.ts'
import { EVENT, type KeyChanged, type KmsEvent } from './events.ts'
import { Key } from './key.ts'

/** Changes the state as the event says, at the time it happened. What doesn't fit the state is a defect and throws. */
export function applyEvent(context: KmsContext, event: KmsEvent, now: number): void {
  const { units, root, keys, aliases, retirable, deletions, cleanup } = context
  switch (event.kind) {
    case EVENT.keyCreated: {
      root.touch()
      root.nextKey = event.number + 1
      const { number, address, spec, usage, manager, isMultiRegion, settings, material } = event
      const origin = { number, address, spec, usage, manager, isMultiRegion, createdAt: now }
      const key = new Key(units, origin, settings, [{ ...material, since: now, rotation: null }])
      units.add(key)
      keys.add(key)
      return
    }
    case EVENT.keyChanged:
      applyChanged(context, event, now)
      return
    case EVENT.keyRotated: {
      const { material, rotation, at, nextAt } = event
      keyNumbered(context, event.number).rotate(material, rotation, at, nextAt)
      return
    }
    case EVENT.keyUsed:
      keyNumbered(context, event.number).use(event.use)
      return
    case EVENT.allKeysDeleted:
      root.touch()
      deletions.clear()
      retirable.clear()
      for (const alias of aliases.takeAll()) units.remove(alias)
      for (const key of keys.takeAll()) cleanup.add(key)
      return
    case EVENT.aliasCreated: {
      root.touch()
      root.nextAlias = event.number + 1
      const { number, address, key } = event
      const alias = new Alias({ number, address, key, createdAt: now, updatedAt: now })
      units.add(alias)
      aliases.add(alias)
      keyNumbered(context, key).aliasNames.add(address.name)
      return
    }
    case EVENT.aliasUpdated: {
      const alias = aliasNumbered(context, event.number)
      keyNumbered(context, alias.key).aliasNames.remove(alias.address.name)
      alias.moveTo(event.key, now, units)
      keyNumbered(context, event.key).aliasNames.add(alias.address.name)
      return
    }
    case EVENT.aliasDeleted:
      removeAlias(context, aliasNumbered(context, event.number))
      return
    case EVENT.grantCreated: {
      const key = keyNumbered(context, event.key)
      key.addGrant({ ...event.grant, createdAt: now })
      retirable.add(key, key.grant(event.grant.id)!)
      return
    }
    case EVENT.grantDeleted: {
      const key = keyNumbered(context, event.key)
      const grant = key.grant(event.id)
      if (grant === undefined) throw new Error(`key ${event.key} has no grant ${event.id}`)
      retirable.remove(key, grant)
      key.removeGrant(grant)
      return
    }
    default:
      event satisfies never
  }
}

/** Keys are gone when their time has come, and their aliases and grants with them. */
export function removeDeleted(context: KmsContext, now: number): void {
  for (const key of context.deletions.take(now)) {
    context.root.touch()
    const { accountId, region } = key.address
    for (const name of key.aliasNames.page('', '', key.aliasNames.size).names) {
      removeAlias(context, context.aliases.at({ accountId, region, name })!)
    }
    context.keys.remove(key)
    context.cleanup.add(key)
  }
}

function applyChanged(context: KmsContext, { number, changes }: KeyChanged, now: number): void {
  const key = keyNumbered(context, number)
  if (key.isPendingDeletion) context.deletions.remove(key)
  key.change(changes)
  if (key.isPendingDeletion) context.deletions.add(key)
  removeDeleted(context, now)
}

function removeAlias(context: KmsContext, alias: Alias): void {
  context.root.touch()
  keyNumbered(context, alias.key).aliasNames.remove(alias.address.name)
  context.aliases.remove(alias)
  context.units.remove(alias)
}

function keyNumbered({ keys }: KmsContext, number: number): Key {
  const key = keys.numbered(number)
  if (key === undefined) throw new Error(`no key has the number ${number}`)
  return key
}

function aliasNumbered({ aliases }: KmsContext, number: number): Alias {
  const alias = aliases.numbered(number)
  if (alias === undefined) throw new Error(`no alias has the number ${number}`)
  return alias
}
