import type {
  CreatePolicyVersionRequest,
  CreatePolicyVersionResponse,
  DeletePolicyVersionRequest,
  GetPolicyVersionRequest,
  GetPolicyVersionResponse,
  ListPolicyVersionsRequest,
  ListPolicyVersionsResponse,
  SetDefaultPolicyVersionRequest,
} from '../../../api/generated/iam.ts'
import { operation } from '../../../api/operation.ts'
import { checkPolicy, checkPolicyArn, versionNumber } from '../check-input.ts'
import { versionNotFound } from '../errors.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { encodePolicy, renderVersion } from '../render.ts'

export const createPolicyVersion = (ports: IamPorts) =>
  operation<CreatePolicyVersionRequest, CreatePolicyVersionResponse>(
    'CreatePolicyVersion',
    async (input, { caller }) => {
      const arn = checkPolicyArn(input.PolicyArn)
      const text = input.PolicyDocument
      checkPolicy(text, 'managed')
      const policy = await ask(ports, {
        ...{ service: 'iam', kind: 'createPolicyVersion', accountId: caller.accountId, arn },
        ...{ policy: { text }, isDefault: input.SetAsDefault ?? false },
      } as const)
      return { PolicyVersion: renderVersion(policy.versions.at(-1)!, policy) }
    },
  )

export const getPolicyVersion = (ports: IamPorts) =>
  operation<GetPolicyVersionRequest, GetPolicyVersionResponse>(
    'GetPolicyVersion',
    async (input, { caller }) => {
      const arn = checkPolicyArn(input.PolicyArn)
      const wanted = versionNumber(input.VersionId)
      const { accountId } = caller
      const { policy } = await ask(ports, { service: 'iam', kind: 'getPolicy', accountId, arn })
      const version = policy.versions.find(({ number }) => number === wanted)
      if (version === undefined) throw versionNotFound(arn, wanted)
      return {
        PolicyVersion: { ...renderVersion(version, policy), Document: encodePolicy(version.policy.text) },
      }
    },
  )

export const listPolicyVersions = (ports: IamPorts) =>
  operation<ListPolicyVersionsRequest, ListPolicyVersionsResponse>(
    'ListPolicyVersions',
    async (input, { caller }) => {
      const arn = checkPolicyArn(input.PolicyArn)
      const { accountId } = caller
      const pages = pagesOf(ports, ['ListPolicyVersions', accountId, arn], input)
      const { policy } = await ask(ports, { service: 'iam', kind: 'getPolicy', accountId, arn })
      const { page, end } = pageOfAll(policy.versions.toReversed(), pages)
      return { Versions: page.map((version) => renderVersion(version, policy)), ...end }
    },
  )

export const setDefaultPolicyVersion = (ports: IamPorts) =>
  operation<SetDefaultPolicyVersionRequest, object>('SetDefaultPolicyVersion', async (input, { caller }) => {
    const arn = checkPolicyArn(input.PolicyArn)
    const version = versionNumber(input.VersionId)
    await ask(ports, { service: 'iam', kind: 'setDefaultVersion', accountId: caller.accountId, arn, version })
    return {}
  })

export const deletePolicyVersion = (ports: IamPorts) =>
  operation<DeletePolicyVersionRequest, object>('DeletePolicyVersion', async (input, { caller }) => {
    const arn = checkPolicyArn(input.PolicyArn)
    const version = versionNumber(input.VersionId)
    await ask(ports, {
      service: 'iam',
      kind: 'deletePolicyVersion',
      accountId: caller.accountId,
      arn,
      version,
    })
    return {}
  })
