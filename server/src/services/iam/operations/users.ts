import type {
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
  UpdateUserRequest,
} from '../../../api/generated/iam.ts'
import { operation } from '../../../api/operation.ts'
import { callingUser } from '../calling-user.ts'
import { readBoundary, readTags } from '../check-input.ts'
import { newEntityId } from '../new-ids.ts'
import { pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { renderListedUser, renderUser } from '../render.ts'

export const createUser = (ports: IamPorts) =>
  operation<CreateUserRequest, CreateUserResponse>('CreateUser', async (input, { caller }) => {
    const tags = readTags(input.Tags)
    const boundary = readBoundary(input.PermissionsBoundary)
    const user = await ask(ports, {
      ...{ service: 'iam', kind: 'createUser', accountId: caller.accountId },
      ...{ id: newEntityId(ports.random, 'user'), name: input.UserName, path: input.Path ?? '/' },
      ...{ tags, boundary },
    } as const)
    return { User: renderUser(user) }
  })

export const getUser = (ports: IamPorts) =>
  operation<GetUserRequest, GetUserResponse>('GetUser', async (input, { caller }) => {
    const { accountId } = caller
    const name = input.UserName ?? callingUser(caller)
    if (name !== null) {
      return { User: renderUser(await ask(ports, { service: 'iam', kind: 'getUser', accountId, name })) }
    }
    const account = await ask(ports, { service: 'iam', kind: 'getAccount', accountId })
    // The root user has no name; its account is as old as the first thing that is known of it.
    const root = {
      UserId: accountId,
      Arn: `arn:aws:iam::${accountId}:root`,
      CreateDate: account?.createdAt ?? 0,
    }
    return { User: root as GetUserResponse['User'] }
  })

export const listUsers = (ports: IamPorts) =>
  operation<ListUsersRequest, ListUsersResponse>('ListUsers', async (input, { caller }) => {
    const { accountId } = caller
    const pathPrefix = input.PathPrefix ?? '/'
    const pages = pagesOf(ports, ['ListUsers', accountId, pathPrefix], input)
    const { entities, next } = await ask(ports, {
      ...{ service: 'iam', kind: 'listUsers', accountId, pathPrefix, ...pages.start },
    } as const)
    return { Users: entities.map(renderListedUser), ...pages.end(next) }
  })

export const updateUser = (ports: IamPorts) =>
  operation<UpdateUserRequest, object>('UpdateUser', async (input, { caller }) => {
    await ask(ports, {
      ...{ service: 'iam', kind: 'renameUser', accountId: caller.accountId, name: input.UserName },
      ...{ newName: input.NewUserName ?? null, newPath: input.NewPath ?? null },
    } as const)
    return {}
  })

export const deleteUser = (ports: IamPorts) =>
  operation<DeleteUserRequest, object>('DeleteUser', async (input, { caller }) => {
    const { accountId } = caller
    await ask(ports, { service: 'iam', kind: 'deleteUser', accountId, name: input.UserName })
    return {}
  })
