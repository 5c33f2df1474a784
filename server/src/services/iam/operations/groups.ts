import type {
  AddUserToGroupRequest,
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  GetGroupRequest,
  GetGroupResponse,
  ListGroupsForUserRequest,
  ListGroupsForUserResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  RemoveUserFromGroupRequest,
} from '../../../api/generated/iam.ts'
import { operation } from '../../../api/operation.ts'
import { newEntityId } from '../new-ids.ts'
import { pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { renderGroup, renderListedUser } from '../render.ts'

export const createGroup = (ports: IamPorts) =>
  operation<CreateGroupRequest, CreateGroupResponse>('CreateGroup', async (input, { caller }) => {
    const group = await ask(ports, {
      ...{ service: 'iam', kind: 'createGroup', accountId: caller.accountId },
      ...{ id: newEntityId(ports.random, 'group'), name: input.GroupName, path: input.Path ?? '/' },
    } as const)
    return { Group: renderGroup(group) }
  })

export const getGroup = (ports: IamPorts) =>
  operation<GetGroupRequest, GetGroupResponse>('GetGroup', async (input, { caller }) => {
    const { accountId } = caller
    const name = input.GroupName
    const pages = pagesOf(ports, ['GetGroup', accountId, name], input)
    const { group, entities, next } = await ask(ports, {
      ...{ service: 'iam', kind: 'getGroup', accountId, name, ...pages.start },
    } as const)
    return { Group: renderGroup(group), Users: entities.map(renderListedUser), ...pages.end(next) }
  })

export const listGroups = (ports: IamPorts) =>
  operation<ListGroupsRequest, ListGroupsResponse>('ListGroups', async (input, { caller }) => {
    const { accountId } = caller
    const pathPrefix = input.PathPrefix ?? '/'
    const pages = pagesOf(ports, ['ListGroups', accountId, pathPrefix], input)
    const { entities, next } = await ask(ports, {
      ...{ service: 'iam', kind: 'listGroups', accountId, pathPrefix, ...pages.start },
    } as const)
    return { Groups: entities.map(renderGroup), ...pages.end(next) }
  })

export const listGroupsForUser = (ports: IamPorts) =>
  operation<ListGroupsForUserRequest, ListGroupsForUserResponse>(
    'ListGroupsForUser',
    async (input, { caller }) => {
      const { accountId } = caller
      const name = input.UserName
      const pages = pagesOf(ports, ['ListGroupsForUser', accountId, name], input)
      const { entities, next } = await ask(ports, {
        ...{ service: 'iam', kind: 'listGroupsOfUser', accountId, name, ...pages.start },
      } as const)
      return { Groups: entities.map(renderGroup), ...pages.end(next) }
    },
  )

export const addUserToGroup = (ports: IamPorts) =>
  operation<AddUserToGroupRequest, object>('AddUserToGroup', async (input, { caller }) => {
    const names = { accountId: caller.accountId, name: input.GroupName, user: input.UserName }
    await ask(ports, { service: 'iam', kind: 'addToGroup', ...names })
    return {}
  })

export const removeUserFromGroup = (ports: IamPorts) =>
  operation<RemoveUserFromGroupRequest, object>('RemoveUserFromGroup', async (input, { caller }) => {
    const names = { accountId: caller.accountId, name: input.GroupName, user: input.UserName }
    await ask(ports, { service: 'iam', kind: 'removeFromGroup', ...names })
    return {}
  })

export const deleteGroup = (ports: IamPorts) =>
  operation<DeleteGroupRequest, object>('DeleteGroup', async (input, { caller }) => {
    const { accountId } = caller
    await ask(ports, { service: 'iam', kind: 'deleteGroup', accountId, name: input.GroupName })
    return {}
  })
