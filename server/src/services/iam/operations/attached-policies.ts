import type { AttachedPolicy } from '../../../api/generated/iam.ts'
import { type Operation, operation } from '../../../api/operation.ts'
import { parseArn } from '../arn.ts'
import { checkPolicyArn } from '../check-input.ts'
import { HOLDERS, type HolderInput, type HolderWords, holderOf } from '../holders.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'

type PolicyInput = HolderInput & { readonly PolicyArn: string }

type ListInput = HolderInput & {
  readonly PathPrefix?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

interface ListOutput {
  readonly AttachedPolicies: readonly AttachedPolicy[]
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** AttachUserPolicy, DetachUserPolicy, ListAttachedUserPolicies, and the same of groups and of roles. */
export const attachedPolicies: readonly ((ports: IamPorts) => Operation)[] = HOLDERS.flatMap((holder) => [
  attach(holder),
  detach(holder),
  list(holder),
])

function attach(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<PolicyInput, object>(`Attach${holder.word}Policy`, async (input, { caller }) => {
      const arn = checkPolicyArn(input.PolicyArn)
      await ask(ports, { service: 'iam', kind: 'attachPolicy', ...holderOf(holder, input, caller), arn })
      return {}
    })
}

function detach(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<PolicyInput, object>(`Detach${holder.word}Policy`, async (input, { caller }) => {
      const arn = checkPolicyArn(input.PolicyArn)
      await ask(ports, { service: 'iam', kind: 'detachPolicy', ...holderOf(holder, input, caller), arn })
      return {}
    })
}

function list(holder: HolderWords) {
  const name = `ListAttached${holder.word}Policies`
  return (ports: IamPorts) =>
    operation<ListInput, ListOutput>(name, async (input, { caller }) => {
      const one = holderOf(holder, input, caller)
      const pathPrefix = input.PathPrefix ?? '/'
      const pages = pagesOf(ports, [name, one.accountId, one.name, pathPrefix], input)
      const { attached } = await ask(ports, { service: 'iam', kind: 'getHolder', ...one })
      const policies = attached.flatMap((PolicyArn) => {
        const parts = parseArn(PolicyArn)
        return parts?.path.startsWith(pathPrefix) ? [{ PolicyName: parts.name, PolicyArn }] : []
      })
      const { page, end } = pageOfAll(policies, pages)
      return { AttachedPolicies: page, ...end }
    })
}
