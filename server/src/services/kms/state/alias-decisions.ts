import type { AliasView } from '../commands.ts'
import { aliasExists, aliasNeedsSameKind, tooManyAliases } from '../errors.ts'
import { isMacSpec, isSymmetric } from '../key-specs.ts'
import { ALIASES_MAX } from '../limits.ts'
import type { Alias } from './alias.ts'
import type { KmsContext } from './context.ts'
import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'
import { existingAlias, existingKey, keyOfAlias, managedKey, refusePendingDeletion } from './find-key.ts'
import type { Key } from './key.ts'

/** Other names of keys. */
export const aliasDecisions: Decisions<'createAlias' | 'updateAlias' | 'deleteAlias' | 'listAliases'> = {
  createAlias(context, command, step) {
    const { alias: address } = command
    const key = managedKey(context, command)
    if (context.aliases.at(address) !== undefined) throw aliasExists(address)
    refusePendingDeletion(key)
    checkRoom(key)
    const number = context.root.nextAlias
    step.emit({ kind: EVENT.aliasCreated, number, address, key: key.number })
    return null
  },

  updateAlias(context, command, step) {
    const alias = existingAlias(context, command.alias)
    const key = managedKey(context, command)
    const before = keyOfAlias(context, alias)
    refusePendingDeletion(key)
    if (key === before) return null
    if (kindOf(key) !== kindOf(before)) throw aliasNeedsSameKind(command.alias, key.address)
    checkRoom(key)
    step.emit({ kind: EVENT.aliasUpdated, number: alias.number, key: key.number })
    return null
  },

  deleteAlias(context, command, step) {
    const alias = existingAlias(context, command.alias)
    step.emit({ kind: EVENT.aliasDeleted, number: alias.number })
    return null
  },

  listAliases(context, command) {
    const { key: address, accountId, region, after, limit } = command
    const { names, next } =
      address === null
        ? context.aliases.page(command, '', after, limit)
        : existingKey(context, address).aliasNames.page('', after, limit)
    const aliases = names.map((name) => context.aliases.at({ accountId, region, name })!)
    return { aliases: aliases.map((alias) => viewOf(context, alias)), next }
  },
}

function viewOf(context: KmsContext, alias: Alias): AliasView {
  const { address, createdAt, updatedAt } = alias
  return { name: address.name, keyId: keyOfAlias(context, alias).address.name, createdAt, updatedAt }
}

function checkRoom(key: Key): void {
  if (key.aliasNames.size >= ALIASES_MAX) throw tooManyAliases(key.address, ALIASES_MAX)
}

/** What the keys that an alias is moved between must have in common. */
function kindOf({ origin: { spec, usage } }: Key): string {
  const kind = isMacSpec(spec) ? 'HMAC' : isSymmetric(spec) ? 'symmetric' : 'asymmetric'
  return `${kind}, ${usage}`
}
