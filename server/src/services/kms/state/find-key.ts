import type { AliasAddress, Asker, KeyAddress, KeyReference } from '../commands.ts'
import { aliasNotFound, keyDisabled, keyNotFound, keyPendingDeletion, managedByAws } from '../errors.ts'
import type { Alias } from './alias.ts'
import type { KmsContext } from './context.ts'
import type { Key } from './key.ts'

export function existingKey({ keys }: KmsContext, address: KeyAddress): Key {
  const key = keys.at(address)
  if (key === undefined) throw keyNotFound(address)
  return key
}

export function existingAlias({ aliases }: KmsContext, address: AliasAddress): Alias {
  const alias = aliases.at(address)
  if (alias === undefined) throw aliasNotFound(address)
  return alias
}

export function referredKey(context: KmsContext, reference: KeyReference): Key {
  if (reference.kind === 'key') return existingKey(context, reference.key)
  return keyOfAlias(context, existingAlias(context, reference.alias))
}

/** An alias goes with its key at the latest. */
export function keyOfAlias({ keys }: KmsContext, alias: Alias): Key {
  const key = keys.numbered(alias.key)
  if (key === undefined) throw new Error(`alias ${alias.number} names no key`)
  return key
}

/** A key that its account manages. */
export function managedKey(
  context: KmsContext,
  { key: address, by }: { readonly key: KeyAddress; readonly by: Asker },
): Key {
  const key = existingKey(context, address)
  if (key.origin.manager === 'AWS') throw managedByAws(by, address)
  return key
}

/** Of a key that stays, enabled or not. */
export function refusePendingDeletion(key: Key): void {
  if (key.isPendingDeletion) throw keyPendingDeletion(key.address)
}

export function refuseUnlessEnabled(key: Key): void {
  refusePendingDeletion(key)
  if (!key.settings.isEnabled) throw keyDisabled(key.address)
}
