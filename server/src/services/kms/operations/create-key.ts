import type { CreateKeyRequest, CreateKeyResponse } from '../../../api/generated/kms.ts'
import { operation } from '../../../api/operation.ts'
import { invalid, unsupported } from '../errors.ts'
import type { KmsFront } from '../front.ts'
import { renderMetadata } from '../key-metadata.ts'
import { checkPolicy, defaultPolicy } from '../key-policy.ts'
import { isKeySpec, type KeySpec, type KeyUsage, usagesOf } from '../key-specs.ts'
import { readTags } from '../tags.ts'

export const createKey = (front: KmsFront) =>
  operation<CreateKeyRequest, CreateKeyResponse>('CreateKey', async (input, request) => {
    const { accountId, region } = request.caller
    refuseForeignOrigin(input)
    const { spec, usage } = readSpec(input)
    const { Policy: policy = defaultPolicy(accountId), BypassPolicyLockoutSafetyCheck: bypasses } = input
    checkPolicy(policy, request.caller, bypasses === true)
    const view = await front.keyRing.create({
      ...{ accountId, region, spec, usage, policy, manager: 'CUSTOMER', alias: null, rotationDays: null },
      isMultiRegion: input.MultiRegion === true,
      description: input.Description ?? '',
      tags: readTags(input.Tags),
    })
    return { KeyMetadata: renderMetadata(view) }
  })

/** Material is made here, and nowhere else. */
function refuseForeignOrigin({ Origin = 'AWS_KMS', CustomKeyStoreId, XksKeyId }: CreateKeyRequest): void {
  if (Origin !== 'AWS_KMS') throw unsupported(`Origin ${Origin} is not supported.`)
  if (CustomKeyStoreId !== undefined || XksKeyId !== undefined) {
    throw unsupported('Custom key stores are not supported.')
  }
}

/** The spec has an older name, too. */
function readSpec({ KeySpec, CustomerMasterKeySpec, KeyUsage }: CreateKeyRequest): {
  readonly spec: KeySpec
  readonly usage: KeyUsage
} {
  if (KeySpec !== undefined && CustomerMasterKeySpec !== undefined) {
    throw invalid(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    )
  }
  const spec = KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (KeyUsage === undefined && spec !== 'SYMMETRIC_DEFAULT') {
    throw invalid('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.')
  }
  if (!isKeySpec(spec)) throw unsupported(`KeySpec ${spec} is not supported.`)
  const usage = usagesOf(spec).find((each) => each === (KeyUsage ?? 'ENCRYPT_DECRYPT'))
  if (usage === undefined) throw invalid(`KeyUsage ${KeyUsage} is not compatible with KeySpec ${spec}`)
  return { spec, usage }
}
