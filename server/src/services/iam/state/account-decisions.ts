import type { Account } from '../entities.ts'
import { accountNameTaken, aliasTaken } from '../errors.ts'
import { ACCOUNTS_MAX } from '../limits.ts'
import { change, checkQuota, create } from './change.ts'
import type { Decisions } from './context.ts'
import type { Directory } from './directory.ts'
import { EVENT } from './events.ts'
import { bareAccount } from './key-decisions.ts'

export const accountDecisions: Decisions<
  'createAccount' | 'listAccounts' | 'getAccount' | 'setAlias' | 'countEntities' | 'reset'
> = {
  createAccount(context, { accountId, name, key }, step) {
    const accounts = madeAccounts(context.directory)
    if (accounts.some((account) => account.name === name)) throw accountNameTaken(name)
    checkQuota('Accounts', accounts.length, ACCOUNTS_MAX)
    const keys = [{ ...key, createdAt: step.now, isActive: true }]
    const unit = context.directory.account(accountId)
    if (unit !== undefined) throw accountNameTaken(accountId)
    return create(context, step, { ...bareAccount(accountId, step.now), name, keys })
  },

  listAccounts({ directory }) {
    return madeAccounts(directory)
  },

  getAccount({ directory }, { accountId }) {
    return directory.account(accountId)?.entity ?? null
  },

  setAlias(context, { accountId, alias }, step) {
    const { directory } = context
    const owner = directory.withAlias(alias)?.entity.accountId
    // An account that has an alias already has another from then on.
    if (owner !== undefined) throw aliasTaken(alias)
    const unit = directory.account(accountId)
    if (unit !== undefined) change(step, unit, { alias })
    else create(context, step, { ...bareAccount(accountId, step.now), alias })
    return null
  },

  countEntities({ directory }, { accountId }) {
    const count = (type: 'user' | 'group' | 'role' | 'policy') => directory.count(type, accountId)
    let versions = 0
    for (const { entity } of directory.all('policy')) {
      if (entity.accountId === accountId) versions += entity.versions.length
    }
    return {
      ...{ users: count('user'), groups: count('group'), roles: count('role') },
      ...{ policies: count('policy'), versions },
    }
  },

  reset(_context, _command, step) {
    step.emit({ kind: EVENT.allForgotten })
    return null
  },
}

/** Those that the operator made, the oldest first. */
function madeAccounts(directory: Directory): readonly Account[] {
  return [...directory.all('account')].map(({ entity }) => entity).filter(({ name }) => name !== null)
}
