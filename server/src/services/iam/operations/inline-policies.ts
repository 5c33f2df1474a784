import { type Operation, operation } from '../../../api/operation.ts'
import { checkPolicy } from '../check-input.ts'
import { inlinePolicyNotFound } from '../errors.ts'
import { HOLDERS, type HolderInput, type HolderWords, holderOf } from '../holders.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { encodePolicy } from '../render.ts'

type OneInput = HolderInput & { readonly PolicyName: string }

type ListInput = HolderInput & {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** PutUserPolicy, GetUserPolicy, DeleteUserPolicy, ListUserPolicies, and the same of groups and of roles. */
export const inlinePolicies: readonly ((ports: IamPorts) => Operation)[] = HOLDERS.flatMap((holder) => [
  put(holder),
  get(holder),
  remove(holder),
  list(holder),
])

function put(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<OneInput & { readonly PolicyDocument: string }, object>(
      `Put${holder.word}Policy`,
      async (input, { caller }) => {
        const text = input.PolicyDocument
        checkPolicy(text, holder.type)
        await ask(ports, {
          ...{ service: 'iam', kind: 'putInlinePolicy', ...holderOf(holder, input, caller) },
          ...{ policyName: input.PolicyName, policy: { text } },
        } as const)
        return {}
      },
    )
}

function get(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<OneInput, object>(`Get${holder.word}Policy`, async (input, { caller }) => {
      const one = await ask(ports, { service: 'iam', kind: 'getHolder', ...holderOf(holder, input, caller) })
      const { PolicyName } = input
      const policy = Object.hasOwn(one.inline, PolicyName) ? one.inline[PolicyName] : undefined
      if (policy === undefined) throw inlinePolicyNotFound(holder.type, PolicyName)
      return { [holder.member]: one.name, PolicyName, PolicyDocument: encodePolicy(policy.text) }
    })
}

function remove(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<OneInput, object>(`Delete${holder.word}Policy`, async (input, { caller }) => {
      const one = holderOf(holder, input, caller)
      await ask(ports, { service: 'iam', kind: 'deleteInlinePolicy', ...one, policyName: input.PolicyName })
      return {}
    })
}

function list(holder: HolderWords) {
  const name = `List${holder.word}Policies`
  return (ports: IamPorts) =>
    operation<ListInput, object>(name, async (input, { caller }) => {
      const one = holderOf(holder, input, caller)
      const pages = pagesOf(ports, [name, one.accountId, one.name], input)
      const { inline } = await ask(ports, { service: 'iam', kind: 'getHolder', ...one })
      const { page, end } = pageOfAll(Object.keys(inline).sort(), pages)
      return { PolicyNames: page, ...end }
    })
}
