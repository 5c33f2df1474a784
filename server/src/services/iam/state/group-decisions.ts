import { NameList } from '../../../core/name-list.ts'
import type { EntityPage } from '../commands.ts'
import { mustFirst, nameTaken, notInGroup } from '../errors.ts'
import { GROUPS_MAX, GROUPS_PER_USER_MAX } from '../limits.ts'
import { change, checkQuota, create, remove } from './change.ts'
import type { Decisions } from './context.ts'
import { findGroup, findUser, groupsOf } from './find.ts'
import { checkDeletable } from './holder-decisions.ts'

export const groupDecisions: Decisions<
  | 'createGroup'
  | 'getGroup'
  | 'listGroups'
  | 'deleteGroup'
  | 'listGroupsOfUser'
  | 'addToGroup'
  | 'removeFromGroup'
> = {
  createGroup(context, { accountId, id, name, path }, step) {
    const { directory } = context
    if (directory.named('group', accountId, name) !== undefined) throw nameTaken('group', name)
    checkQuota('GroupsPerAccount', directory.count('group', accountId), GROUPS_MAX)
    return create(context, step, {
      ...{ type: 'group', accountId, id, name, path, createdAt: step.now, inline: {}, attached: [] },
    })
  },

  getGroup({ directory }, command) {
    const group = findGroup(directory, command).entity
    return { group, ...pageOf(directory.membersOf(group), command) }
  },

  listGroups({ directory }, command) {
    return directory.page('group', command)
  },

  deleteGroup({ directory }, command, step) {
    const unit = findGroup(directory, command)
    for (const _member of directory.membersOf(unit.entity)) throw mustFirst('remove users from group')
    checkDeletable(unit.entity)
    return remove(step, unit)
  },

  listGroupsOfUser({ directory }, command) {
    return pageOf(groupsOf(directory, findUser(directory, command).entity), command)
  },

  addToGroup({ directory }, command, step) {
    const { accountId } = command
    const { id } = findGroup(directory, command).entity
    const unit = findUser(directory, { accountId, name: command.user })
    const { groups } = unit.entity
    if (groups.includes(id)) return null
    checkQuota('GroupsPerUser', groups.length, GROUPS_PER_USER_MAX)
    change(step, unit, { groups: [...groups, id] })
    return null
  },

  removeFromGroup({ directory }, command, step) {
    const { accountId, user } = command
    const { id, name } = findGroup(directory, command).entity
    const unit = findUser(directory, { accountId, name: user })
    const { groups } = unit.entity
    if (!groups.includes(id)) throw notInGroup(user, name)
    change(step, unit, { groups: groups.filter((each) => each !== id) })
    return null
  },
}

/** In the order of names. */
function pageOf<Each extends { readonly name: string }>(
  entities: Iterable<Each>,
  { after, limit }: { readonly after: string; readonly limit: number },
): EntityPage<Each> {
  const names = new NameList()
  const byName = new Map<string, Each>()
  for (const entity of entities) {
    names.add(entity.name.toLowerCase())
    byName.set(entity.name.toLowerCase(), entity)
  }
  const page = names.page('', after, limit)
  return { entities: page.names.map((name) => byName.get(name)!), next: page.next }
}
