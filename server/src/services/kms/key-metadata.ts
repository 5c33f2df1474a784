import type { KeyMetadata } from '../../api/generated/kms.ts'
import type { KeyView } from './commands.ts'
import { keyArn } from './key-arn.ts'
import { currentMaterial } from './key-ring.ts'
import { algorithmsOf, type KeySpec, type KeyUsage } from './key-specs.ts'

/** A key as clients see it. */
export function renderMetadata(view: KeyView): KeyMetadata {
  const { key, spec, usage, manager, isMultiRegion, createdAt, settings } = view
  const { isEnabled, deletion, description } = settings
  const arn = keyArn(key)
  return {
    AWSAccountId: key.accountId,
    KeyId: key.name,
    Arn: arn,
    CreationDate: createdAt,
    Enabled: isEnabled && deletion === null,
    Description: description,
    KeyUsage: usage,
    KeyState: deletion !== null ? 'PendingDeletion' : isEnabled ? 'Enabled' : 'Disabled',
    ...(deletion !== null && { DeletionDate: deletion.at }),
    Origin: 'AWS_KMS',
    KeyManager: manager,
    CustomerMasterKeySpec: spec,
    KeySpec: spec,
    ...renderAlgorithms(spec, usage),
    MultiRegion: isMultiRegion,
    ...(isMultiRegion && {
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'PRIMARY',
        PrimaryKey: { Arn: arn, Region: key.region },
        ReplicaKeys: [],
      },
    }),
    ...(spec === 'SYMMETRIC_DEFAULT' && { CurrentKeyMaterialId: currentMaterial(view).id }),
  }
}

/** The algorithms that a key has, by what it is for. */
export function renderAlgorithms(spec: KeySpec, usage: KeyUsage) {
  const algorithms = algorithmsOf(spec, usage)
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return { EncryptionAlgorithms: algorithms }
    case 'SIGN_VERIFY':
      return { SigningAlgorithms: algorithms }
    case 'GENERATE_VERIFY_MAC':
      return { MacAlgorithms: algorithms }
    case 'KEY_AGREEMENT':
      return { KeyAgreementAlgorithms: algorithms }
    default:
      return usage satisfies never
  }
}
