import { malformedPolicy, nameTaken } from '../errors.ts'
import { ROLES_MAX } from '../limits.ts'
import { change, checkQuota, create, remove } from './change.ts'
import type { Decisions } from './context.ts'
import type { Directory } from './directory.ts'
import { checkUsable, findRole, principalAt } from './find.ts'
import { checkDeletable } from './holder-decisions.ts'
import { asTrusted } from './trust.ts'

export const roleDecisions: Decisions<
  'createRole' | 'getRole' | 'listRoles' | 'changeRole' | 'setTrust' | 'deleteRole'
> = {
  createRole(context, command, step) {
    const { directory } = context
    const { accountId, id, name, path, tags, boundary, description, maxSessionSeconds, trust } = command
    const trustedIds = idsOf(directory, command.trusted)
    if (directory.named('role', accountId, name) !== undefined) throw nameTaken('role', name)
    checkQuota('RolesPerAccount', directory.count('role', accountId), ROLES_MAX)
    if (boundary !== null) checkUsable(directory, accountId, boundary)
    return create(context, step, {
      ...{ type: 'role', accountId, id, name, path, createdAt: step.now, inline: {}, attached: [] },
      ...{ tags, boundary, description, maxSessionSeconds, trust, trustedIds, lastUse: null },
    })
  },

  getRole({ directory }, command) {
    return asTrusted(directory, findRole(directory, command).entity)
  },

  listRoles({ directory }, command) {
    const { entities, next } = directory.page('role', command)
    return { entities: entities.map((role) => asTrusted(directory, role)), next }
  },

  changeRole({ directory }, command, step) {
    return change(step, findRole(directory, command), command.changes)
  },

  setTrust({ directory }, command, step) {
    const unit = findRole(directory, command)
    return change(step, unit, { trust: command.trust, trustedIds: idsOf(directory, command.trusted) })
  },

  deleteRole({ directory }, command, step) {
    const unit = findRole(directory, command)
    checkDeletable(unit.entity)
    return remove(step, unit)
  },
}

/** Refuses users and roles that there are not. */
function idsOf(directory: Directory, arns: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    arns.map((arn) => {
      const id = principalAt(directory, arn)?.entity.id
      if (id === undefined) throw malformedPolicy(`Invalid principal in policy: "AWS":"${arn}"`)
      return [arn, id]
    }),
  )
}
