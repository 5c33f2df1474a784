import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleRequest,
} from '../../../api/generated/iam.ts'
import { operation } from '../../../api/operation.ts'
import { checkPolicy, readBoundary, readTags, trustedArns } from '../check-input.ts'
import { ROLE_SESSION_SECONDS_DEFAULT } from '../limits.ts'
import { newEntityId } from '../new-ids.ts'
import { pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { renderCreatedRole, renderListedRole, renderRole } from '../render.ts'

export const createRole = (ports: IamPorts) =>
  operation<CreateRoleRequest, CreateRoleResponse>('CreateRole', async (input, { caller }) => {
    const tags = readTags(input.Tags)
    const boundary = readBoundary(input.PermissionsBoundary)
    const text = input.AssumeRolePolicyDocument
    const trusted = trustedArns(checkPolicy(text, 'trust'))
    const role = await ask(ports, {
      ...{ service: 'iam', kind: 'createRole', accountId: caller.accountId },
      ...{ id: newEntityId(ports.random, 'role'), name: input.RoleName, path: input.Path ?? '/' },
      ...{ tags, boundary, description: input.Description ?? null, trust: { text }, trusted },
      maxSessionSeconds: input.MaxSessionDuration ?? ROLE_SESSION_SECONDS_DEFAULT,
    } as const)
    // AWS tells what it was asked for, and not what it took instead.
    const asked =
      input.MaxSessionDuration === undefined ? {} : { MaxSessionDuration: input.MaxSessionDuration }
    return { Role: { ...renderCreatedRole(role), ...asked } }
  })

export const getRole = (ports: IamPorts) =>
  operation<GetRoleRequest, GetRoleResponse>('GetRole', async (input, { caller }) => {
    const { accountId } = caller
    const { role, trust } = await ask(ports, {
      service: 'iam',
      kind: 'getRole',
      accountId,
      name: input.RoleName,
    })
    return { Role: renderRole(role, trust, ports.lastUses) }
  })

export const listRoles = (ports: IamPorts) =>
  operation<ListRolesRequest, ListRolesResponse>('ListRoles', async (input, { caller }) => {
    const { accountId } = caller
    const pathPrefix = input.PathPrefix ?? '/'
    const pages = pagesOf(ports, ['ListRoles', accountId, pathPrefix], input)
    const { entities, next } = await ask(ports, {
      ...{ service: 'iam', kind: 'listRoles', accountId, pathPrefix, ...pages.start },
    } as const)
    return { Roles: entities.map(({ role, trust }) => renderListedRole(role, trust)), ...pages.end(next) }
  })

export const updateRole = (ports: IamPorts) =>
  operation<UpdateRoleRequest, object>('UpdateRole', async (input, { caller }) => {
    const { Description, MaxSessionDuration } = input
    // What isn't said is what it is at the beginning.
    const changes = {
      description: Description === undefined || Description === '' ? null : Description,
      maxSessionSeconds: MaxSessionDuration ?? ROLE_SESSION_SECONDS_DEFAULT,
    }
    await ask(ports, {
      ...{ service: 'iam', kind: 'changeRole', accountId: caller.accountId, name: input.RoleName, changes },
    } as const)
    return {}
  })

export const updateAssumeRolePolicy = (ports: IamPorts) =>
  operation<UpdateAssumeRolePolicyRequest, object>('UpdateAssumeRolePolicy', async (input, { caller }) => {
    const text = input.PolicyDocument
    const trusted = trustedArns(checkPolicy(text, 'trust'))
    await ask(ports, {
      ...{ service: 'iam', kind: 'setTrust', accountId: caller.accountId, name: input.RoleName },
      ...{ trust: { text }, trusted },
    } as const)
    return {}
  })

export const deleteRole = (ports: IamPorts) =>
  operation<DeleteRoleRequest, object>('DeleteRole', async (input, { caller }) => {
    const { accountId } = caller
    await ask(ports, { service: 'iam', kind: 'deleteRole', accountId, name: input.RoleName })
    return {}
  })
