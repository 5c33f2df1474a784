import { haveSameContent } from '../../../base/same-content.ts'
import { keyNotPendingDeletion, tagProblem, tooManyKeys } from '../errors.ts'
import { KEYS_MAX, TAGS_MAX } from '../limits.ts'
import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'
import { existingKey, keyOfAlias, managedKey, referredKey, refusePendingDeletion } from './find-key.ts'
import { deletionTime, nextRotation } from './key.ts'

/** Keys as they come, go and are looked at. */
export const keyDecisions: Decisions<
  | 'createKey'
  | 'getKey'
  | 'listKeys'
  | 'changeKey'
  | 'enableKey'
  | 'disableKey'
  | 'scheduleDeletion'
  | 'cancelDeletion'
  | 'tagKey'
  | 'untagKey'
  | 'noteUse'
  | 'reset'
> = {
  createKey(context, command, step) {
    const { key: address, spec, usage, manager, isMultiRegion, material, alias, rotationDays } = command
    if (alias !== null) {
      const there = context.aliases.at({ ...address, name: alias })
      if (there !== undefined) return keyOfAlias(context, there).view(step.now)
    }
    if (manager === 'CUSTOMER' && context.keys.countOf(address) >= KEYS_MAX) throw tooManyKeys(KEYS_MAX)
    const number = context.root.nextKey
    const rotation =
      rotationDays === null ? null : { days: rotationDays, nextAt: nextRotation(rotationDays, step.now) }
    step.emit({
      ...{ kind: EVENT.keyCreated, number, address, spec, usage, manager, isMultiRegion, material },
      settings: {
        ...{ description: command.description, policy: command.policy, tags: command.tags },
        ...{ isEnabled: true, enabledAt: step.now, rotation, deletion: null },
      },
    })
    if (alias !== null) {
      const aliasAddress = { ...address, name: alias }
      step.emit({
        ...{ kind: EVENT.aliasCreated, number: context.root.nextAlias, address: aliasAddress, key: number },
      })
    }
    return existingKey(context, address).view(step.now)
  },

  getKey(context, { key }, step) {
    return referredKey(context, key).view(step.now)
  },

  listKeys({ keys }, command) {
    const { names, next } = keys.page(command, '', command.after, command.limit)
    return { ids: names, next }
  },

  changeKey(context, command, step) {
    const key = managedKey(context, command)
    if (command.changes.description !== undefined) refusePendingDeletion(key)
    const changed = Object.entries(command.changes).some(
      ([name, value]) => key.settings[name as keyof typeof command.changes] !== value,
    )
    if (changed) step.emit({ kind: EVENT.keyChanged, number: key.number, changes: command.changes })
    return null
  },

  enableKey(context, command, step) {
    const key = managedKey(context, command)
    refusePendingDeletion(key)
    if (key.settings.isEnabled) return null
    const changes = { isEnabled: true, enabledAt: step.now }
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes })
    return null
  },

  disableKey(context, command, step) {
    const key = managedKey(context, command)
    refusePendingDeletion(key)
    if (!key.settings.isEnabled) return null
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes: { isEnabled: false } })
    return null
  },

  scheduleDeletion(context, command, step) {
    const key = managedKey(context, command)
    refusePendingDeletion(key)
    const { days } = command
    const deletion = { at: deletionTime(days, step.now), days }
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes: { isEnabled: false, deletion } })
    return { deletesAt: deletion.at }
  },

  /** The key is disabled then. */
  cancelDeletion(context, command, step) {
    const key = managedKey(context, command)
    if (!key.isPendingDeletion) throw keyNotPendingDeletion(key.address)
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes: { deletion: null } })
    return null
  },

  tagKey(context, command, step) {
    const key = managedKey(context, command)
    refusePendingDeletion(key)
    const tags = { ...key.settings.tags, ...command.tags }
    if (Object.keys(tags).length > TAGS_MAX) throw tagProblem('Too many tags')
    if (haveSameContent(tags, key.settings.tags)) return null
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes: { tags } })
    return null
  },

  untagKey(context, command, step) {
    const key = managedKey(context, command)
    refusePendingDeletion(key)
    const removed = new Set(command.keys)
    const tags = Object.fromEntries(Object.entries(key.settings.tags).filter(([name]) => !removed.has(name)))
    if (haveSameContent(tags, key.settings.tags)) return null
    step.emit({ kind: EVENT.keyChanged, number: key.number, changes: { tags } })
    return null
  },

  /** A key that went meanwhile has no use any more. */
  noteUse({ keys }, command, step) {
    const key = keys.at(command.key)
    if (key === undefined || (key.lastUse !== null && key.lastUse.at >= command.use.at)) return null
    step.emit({ kind: EVENT.keyUsed, number: key.number, use: command.use })
    return null
  },

  reset({ keys }, _command, step) {
    const { size } = keys
    if (size > 0) step.emit({ kind: EVENT.allKeysDeleted })
    return { keys: size }
  },
}
