import type {
  CreatePolicyRequest,
  CreatePolicyResponse,
  DeletePolicyRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListEntitiesForPolicyRequest,
  ListEntitiesForPolicyResponse,
  ListPoliciesRequest,
  ListPoliciesResponse,
} from '../../../api/generated/iam.ts'
import { operation } from '../../../api/operation.ts'
import { checkPolicy, checkPolicyArn, readTags } from '../check-input.ts'
import type { PolicyUsage } from '../commands.ts'
import { newEntityId } from '../new-ids.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { renderListedPolicy, renderPolicy, renderTags } from '../render.ts'

export const createPolicy = (ports: IamPorts) =>
  operation<CreatePolicyRequest, CreatePolicyResponse>('CreatePolicy', async (input, { caller }) => {
    const tags = readTags(input.Tags)
    const text = input.PolicyDocument
    checkPolicy(text, 'managed')
    const policy = await ask(ports, {
      ...{ service: 'iam', kind: 'createPolicy', accountId: caller.accountId },
      ...{ id: newEntityId(ports.random, 'policy'), name: input.PolicyName, path: input.Path ?? '/' },
      ...{ description: input.Description ?? null, tags, policy: { text } },
    } as const)
    const answer = renderListedPolicy({ policy, attachments: 0, boundaries: 0 })
    return { Policy: input.Tags === undefined ? answer : { ...answer, Tags: renderTags(tags) } }
  })

export const getPolicy = (ports: IamPorts) =>
  operation<GetPolicyRequest, GetPolicyResponse>('GetPolicy', async (input, { caller }) => {
    const arn = checkPolicyArn(input.PolicyArn)
    const { accountId } = caller
    return { Policy: renderPolicy(await ask(ports, { service: 'iam', kind: 'getPolicy', accountId, arn })) }
  })

export const listPolicies = (ports: IamPorts) =>
  operation<ListPoliciesRequest, ListPoliciesResponse>('ListPolicies', async (input, { caller }) => {
    const { accountId } = caller
    const pathPrefix = input.PathPrefix ?? '/'
    // The model has checked what they may be.
    const scope = (input.Scope ?? 'All') as 'All' | 'AWS' | 'Local'
    const usage = (input.PolicyUsageFilter ?? null) as PolicyUsage | null
    const onlyAttached = input.OnlyAttached ?? false
    const list = ['ListPolicies', accountId, pathPrefix, scope, usage ?? '', String(onlyAttached)]
    const pages = pagesOf(ports, list, input)
    const { entities, next } = await ask(ports, {
      ...{ service: 'iam', kind: 'listPolicies', accountId, pathPrefix, scope, usage, onlyAttached },
      ...pages.start,
    } as const)
    return { Policies: entities.map(renderListedPolicy), ...pages.end(next) }
  })

export const listEntitiesForPolicy = (ports: IamPorts) =>
  operation<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse>(
    'ListEntitiesForPolicy',
    async (input, { caller }) => {
      const { accountId } = caller
      const arn = checkPolicyArn(input.PolicyArn)
      const { PathPrefix = '/', EntityFilter, PolicyUsageFilter } = input
      const list = ['ListEntitiesForPolicy', accountId, arn, PathPrefix]
      const pages = pagesOf(ports, [...list, EntityFilter ?? '', PolicyUsageFilter ?? ''], input)
      const uses = await ask(ports, { service: 'iam', kind: 'listUsesOfPolicy', accountId, arn })
      const asked = uses.filter(
        ({ holder, usage }) =>
          holder.path.startsWith(PathPrefix) &&
          (EntityFilter === undefined || EntityFilter.toLowerCase() === holder.type) &&
          (PolicyUsageFilter === undefined || PolicyUsageFilter === usage),
      )
      // One that has it attached and as its boundary is listed once.
      const { page, end } = pageOfAll([...new Set(asked.map(({ holder }) => holder))], pages)
      const ofType = (type: string) => page.filter((holder) => holder.type === type)
      return {
        PolicyGroups: ofType('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
        PolicyUsers: ofType('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyRoles: ofType('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        ...end,
      }
    },
  )

export const deletePolicy = (ports: IamPorts) =>
  operation<DeletePolicyRequest, object>('DeletePolicy', async (input, { caller }) => {
    const arn = checkPolicyArn(input.PolicyArn)
    await ask(ports, { service: 'iam', kind: 'deletePolicy', accountId: caller.accountId, arn })
    return {}
  })
