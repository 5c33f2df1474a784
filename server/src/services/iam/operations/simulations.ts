import type {
  ContextEntry,
  SimulateCustomPolicyRequest,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
} from '../../../api/generated/iam.ts'
import { type Caller, operation } from '../../../api/operation.ts'
import type { PolicyKind } from '../../../policy/policy-kinds.ts'
import type { Principal } from '../../../policy/principal.ts'
import { principalKeys } from '../../../policy/principal-keys.ts'
import { contextOf } from '../../../policy/request-context.ts'
import { parseArn } from '../arn.ts'
import type { OneHolder } from '../commands.ts'
import { invalidInput } from '../errors.ts'
import { pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { type Simulation, simulate, simulatedPolicy } from '../simulation.ts'

type CommonInput = Omit<SimulateCustomPolicyRequest, 'PolicyInputList'> &
  Pick<SimulatePrincipalPolicyRequest, 'PolicyInputList'>

/** Whose policies are asked beside those that are given. */
interface Simulated {
  readonly identityPolicies: Simulation['identityPolicies']
  readonly boundary: Simulation['boundary']
  /** Who asks, where the request doesn't say. */
  readonly caller: string | undefined
}

const NOBODY: Simulated = { identityPolicies: [], boundary: null, caller: undefined }

export const simulateCustomPolicy = (ports: IamPorts) =>
  operation<SimulateCustomPolicyRequest, SimulatePolicyResponse>(
    'SimulateCustomPolicy',
    async (input, { caller }) => answer(ports, 'SimulateCustomPolicy', input, caller, NOBODY),
  )

export const simulatePrincipalPolicy = (ports: IamPorts) =>
  operation<SimulatePrincipalPolicyRequest, SimulatePolicyResponse>(
    'SimulatePrincipalPolicy',
    async (input, { caller }) => {
      const holder = holderAt(input.PolicySourceArn, caller)
      const { policies, boundary } = await ask(ports, { service: 'iam', kind: 'gatherPolicies', ...holder })
      return answer(ports, 'SimulatePrincipalPolicy', input, caller, {
        identityPolicies: policies.map(simulatedPolicy),
        boundary: boundary === null ? null : simulatedPolicy(boundary),
        caller: holder.type === 'user' ? input.PolicySourceArn : undefined,
      })
    },
  )

function holderAt(arn: string, { accountId }: Caller): OneHolder {
  const place = parseArn(arn)
  if (place === undefined || place.type === 'policy' || place.accountId !== accountId) {
    throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`)
  }
  return { accountId, type: place.type, name: place.name }
}

function answer(
  ports: IamPorts,
  name: string,
  input: CommonInput,
  caller: Caller,
  { identityPolicies, boundary, caller: standard }: Simulated,
): SimulatePolicyResponse {
  const { ResourceArns = [], ActionNames, ResourcePolicy } = input
  for (const action of ActionNames) checkAction(action)
  const arns = ResourceArns.length === 0 ? ['*'] : ResourceArns
  if (ResourcePolicy !== undefined && (input.CallerArn ?? standard) === undefined) {
    throw invalidInput('CallerArn is required where there is a ResourcePolicy.')
  }
  const { principal, accountId, userName } = principalOf(input.CallerArn ?? standard, caller)
  const given = (input.PolicyInputList ?? []).map((text, i) =>
    simulatedPolicy({ id: `PolicyInputList.${i + 1}`, type: 'none', text, kind: 'managed' }),
  )
  const simulation: Simulation = {
    principal,
    identityPolicies: [...identityPolicies, ...given],
    boundary: givenBoundary(input.PermissionsBoundaryPolicyInputList ?? []) ?? boundary,
    resourcePolicy:
      ResourcePolicy === undefined
        ? null
        : simulatedPolicy({
            ...{ id: 'ResourcePolicy', type: 'resource', text: ResourcePolicy },
            kind: kindOfResource(arns[0]!),
          }),
    ownerAccount: ownerIn(input.ResourceOwner) ?? accountId,
    context: contextOf([
      ...principalKeys(principal, { tags: [], userName, sessionName: null }),
      ...(input.ContextEntries ?? []).map(entryOf),
    ]),
  }
  const pages = pagesOf(ports, [name, caller.accountId], input)
  const { after, limit } = pages.start
  const from = after === '' ? 0 : Number(after)
  const to = Math.min(from + limit, ActionNames.length * arns.length)
  // No more than the page asks for is worked out: every action goes with every resource.
  const EvaluationResults = Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const at = from + i
    return simulate(simulation, ActionNames[Math.floor(at / arns.length)]!, arns[at % arns.length]!)
  })
  return { EvaluationResults, ...pages.end(to < ActionNames.length * arns.length ? String(to) : null) }
}

function checkAction(action: string): void {
  if (!/^[\w-]+:[A-Za-z0-9]+$/.test(action)) throw invalidInput(`Invalid Action Name: ${action}`)
}

/** The boundary that is to be taken for the principal's own. */
function givenBoundary(texts: readonly string[]) {
  const [text, ...more] = texts
  if (text === undefined) return null
  if (more.length > 0) throw invalidInput('There can be one permissions boundary at most.')
  return simulatedPolicy({ id: 'PermissionsBoundaryPolicyInputList.1', type: 'none', text, kind: 'managed' })
}

interface SimulatedCaller {
  readonly principal: Principal
  readonly accountId: string
  readonly userName: string | null
}

/** AWS simulates the requests of users. Where none is named, it is one of the account. */
function principalOf(arn: string | undefined, { accountId }: Caller): SimulatedCaller {
  if (arn === undefined) {
    const nobody = `arn:aws:iam::${accountId}:user/`
    return { principal: { kind: 'user', accountId, arn: nobody, id: '' }, accountId, userName: null }
  }
  const place = parseArn(arn)
  if (place?.type !== 'user') throw invalidInput(`Invalid Caller Arn: ${arn} is not the ARN of a user.`)
  const principal: Principal = { kind: 'user', accountId: place.accountId, arn, id: '' }
  return { principal, accountId: place.accountId, userName: place.name }
}

const KINDS: Readonly<Record<string, PolicyKind>> = {
  sqs: 'queue',
  sns: 'topic',
  kinesis: 'stream',
  kms: 'key',
  lambda: 'function',
}

function kindOfResource(arn: string): PolicyKind {
  const kind = KINDS[arn.split(':')[2] ?? '']
  if (kind === undefined) throw invalidInput(`Resource ${arn} can not have a resource policy here.`)
  return kind
}

function ownerIn(owner: string | undefined): string | undefined {
  if (owner === undefined) return undefined
  const accountId = /^(?:arn:aws:iam::)?(\d{12})(?::.*)?$/.exec(owner)?.[1]
  if (accountId === undefined) throw invalidInput(`Invalid Resource Owner: ${owner}`)
  return accountId
}

function entryOf({ ContextKeyName, ContextKeyValues = [] }: ContextEntry) {
  if (ContextKeyName === undefined) throw invalidInput('A context entry has no ContextKeyName.')
  return [ContextKeyName, ContextKeyValues] as const
}
