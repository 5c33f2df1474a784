import type { Step } from '../../../core/service-state.ts'
import type { KeyOwner } from '../commands.ts'
import type { Account, StoredKey, User } from '../entities.ts'
import { keyNotFound } from '../errors.ts'
import { KEYS_PER_USER_MAX } from '../limits.ts'
import { change, checkQuota, create } from './change.ts'
import type { Decisions, IamContext } from './context.ts'
import type { Directory } from './directory.ts'
import type { EntityUnit } from './entity-unit.ts'
import { EVENT, type IamEvent } from './events.ts'
import { findUser } from './find.ts'

export const keyDecisions: Decisions<
  'createKey' | 'listKeys' | 'setKeyActive' | 'deleteKey' | 'findKey' | 'noteUses' | 'keepSecretsKey'
> = {
  keepSecretsKey(_, { secretsKey }, step) {
    step.emit({ kind: EVENT.secretsKeyKept, secretsKey })
    return null
  },

  createKey(context, command, step) {
    const { id, sealedSecret, keysElsewhere } = command
    const keys = keysOf(context.directory, command)
    checkQuota('AccessKeysPerUser', keys.length + keysElsewhere, KEYS_PER_USER_MAX)
    const key: StoredKey = { id, sealedSecret, createdAt: step.now, isActive: true }
    setKeys(context, step, command, [...keys, key])
    return key
  },

  listKeys({ directory }, command) {
    return keysOf(directory, command)
  },

  setKeyActive(context, command, step) {
    const keys = keysOf(context.directory, command)
    const { isActive } = findKey(keys, command.id)
    if (isActive === command.isActive) return null
    const changed = keys.map((key) => (key.id === command.id ? { ...key, isActive: command.isActive } : key))
    setKeys(context, step, command, changed)
    return null
  },

  deleteKey(context, command, step) {
    const keys = keysOf(context.directory, command)
    findKey(keys, command.id)
    const kept = keys.filter(({ id }) => id !== command.id)
    setKeys(context, step, command, kept)
    return null
  },

  findKey({ directory }, { id }) {
    const owner = directory.key(id)?.unit.entity
    if (owner === undefined) return null
    return {
      accountId: owner.accountId,
      userName: owner.type === 'user' ? owner.name : null,
      lastUse: owner.keyUses[id] ?? null,
    }
  },

  noteUses({ directory }, command, step) {
    const uses = command.uses.filter(
      ({ id }) => directory.key(id) !== undefined || directory.withId(id) !== undefined,
    )
    if (uses.length > 0) step.emit({ kind: EVENT.usesNoted, uses })
    return null
  },
}

/** Those of the root user of an account that never set anything are none. */
function keysOf(directory: Directory, { accountId, user }: KeyOwner): readonly StoredKey[] {
  if (user !== null) return findUser(directory, { accountId, name: user }).entity.keys
  return directory.account(accountId)?.entity.keys ?? []
}

function findKey(keys: readonly StoredKey[], id: string): StoredKey {
  const key = keys.find((each) => each.id === id)
  if (key === undefined) throw keyNotFound(id)
  return key
}

function setKeys(
  context: IamContext,
  step: Step<IamEvent>,
  { accountId, user }: KeyOwner,
  keys: readonly StoredKey[],
): void {
  const { directory } = context
  if (user !== null) {
    setKeysOf(step, findUser(directory, { accountId, name: user }), keys)
    return
  }
  const account = directory.account(accountId)
  if (account !== undefined) setKeysOf(step, account, keys)
  else create(context, step, { ...bareAccount(accountId, step.now), keys })
}

function setKeysOf(
  step: Step<IamEvent>,
  unit: EntityUnit<User> | EntityUnit<Account>,
  keys: readonly StoredKey[],
) {
  const ids = new Set(keys.map(({ id }) => id))
  const keyUses = Object.fromEntries(Object.entries(unit.entity.keyUses).filter(([id]) => ids.has(id)))
  change<User | Account>(step, unit as EntityUnit<User | Account>, { keys, keyUses })
}

/** An account that nobody made, before anything of it is set. */
export function bareAccount(accountId: string, now: number): Account {
  return { type: 'account', accountId, name: null, alias: null, createdAt: now, keys: [], keyUses: {} }
}
