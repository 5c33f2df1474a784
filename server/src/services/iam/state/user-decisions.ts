import { mustFirst, nameTaken } from '../errors.ts'
import { USERS_MAX } from '../limits.ts'
import { change, checkQuota, create, remove } from './change.ts'
import type { Decisions } from './context.ts'
import { checkUsable, findUser } from './find.ts'
import { checkDeletable } from './holder-decisions.ts'

export const userDecisions: Decisions<'createUser' | 'getUser' | 'listUsers' | 'renameUser' | 'deleteUser'> =
  {
    createUser(context, { accountId, id, name, path, tags, boundary }, step) {
      const { directory } = context
      if (directory.named('user', accountId, name) !== undefined) throw nameTaken('user', name)
      checkQuota('UsersPerAccount', directory.count('user', accountId), USERS_MAX)
      if (boundary !== null) checkUsable(directory, accountId, boundary)
      return create(context, step, {
        ...{ type: 'user', accountId, id, name, path, createdAt: step.now, tags, boundary },
        ...{ inline: {}, attached: [], groups: [], keys: [], keyUses: {} },
      })
    },

    getUser({ directory }, command) {
      return findUser(directory, command).entity
    },

    listUsers({ directory }, command) {
      return directory.page('user', command)
    },

    renameUser({ directory }, command, step) {
      const unit = findUser(directory, command)
      const name = command.newName ?? unit.entity.name
      const path = command.newPath ?? unit.entity.path
      const taken = directory.named('user', command.accountId, name)
      if (taken !== undefined && taken !== unit) throw nameTaken('user', name)
      if (name === unit.entity.name && path === unit.entity.path) return unit.entity
      return change(step, unit, { name, path })
    },

    deleteUser({ directory }, command, step) {
      const unit = findUser(directory, command)
      const { keys, groups } = unit.entity
      if (groups.length > 0) throw mustFirst('remove users from group')
      checkDeletable(unit.entity)
      if (keys.length > 0) throw mustFirst('delete access keys')
      return remove(step, unit)
    },
  }
