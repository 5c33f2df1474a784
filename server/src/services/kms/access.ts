import { type Access, type Conditions, tagConditions } from '../../api/access.ts'
import type { AccessTable, Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import { readCiphertext } from './ciphertext.ts'
import type { EncryptionContext } from './encryption-context.ts'
import { AccessDenied } from './errors.ts'
import type { GrantedUse } from './grant-scope.ts'
import { keyArn } from './key-arn.ts'

/** What is known of keys without waiting. */
export interface KeyLookup {
  /** The ARN of the key that an id, an ARN or an alias names to a caller; null where there is none. */
  arnOf(keyId: string, caller: Request['caller']): string | null
  /** Whether a grant of the key lets somebody do something. */
  isGranted(arn: string, use: GrantedUse): boolean
}

interface Input {
  readonly KeyId?: string
  readonly TargetKeyId?: string
  readonly AliasName?: string
  readonly SourceKeyId?: string
  readonly DestinationKeyId?: string
  readonly CiphertextBlob?: Uint8Array
  readonly EncryptionContext?: EncryptionContext
  readonly SourceEncryptionContext?: EncryptionContext
  readonly DestinationEncryptionContext?: EncryptionContext
  readonly Tags?: readonly { readonly TagKey: string; readonly TagValue: string }[]
  readonly TagKeys?: readonly string[]
}

/** Those about the key that `KeyId` names. */
const ON_KEY = [
  ...['CancelKeyDeletion', 'CreateGrant', 'DeleteImportedKeyMaterial', 'DeriveSharedSecret', 'DescribeKey'],
  ...['DisableKey', 'DisableKeyRotation', 'EnableKey', 'EnableKeyRotation', 'Encrypt', 'GenerateDataKey'],
  ...['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext', 'GenerateDataKeyWithoutPlaintext'],
  ...['GenerateMac', 'GetKeyLastUsage', 'GetKeyPolicy', 'GetKeyRotationStatus', 'GetParametersForImport'],
  ...['GetPublicKey', 'ImportKeyMaterial', 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations'],
  ...['ListResourceTags', 'PutKeyPolicy', 'ReplicateKey', 'RetireGrant', 'RevokeGrant', 'RotateKeyOnDemand'],
  ...['ScheduleKeyDeletion', 'Sign', 'TagResource', 'UntagResource', 'UpdateKeyDescription'],
  ...['UpdatePrimaryRegion', 'Verify', 'VerifyMac'],
]
const ON_NOTHING = [
  ...['ConnectCustomKeyStore', 'CreateCustomKeyStore', 'CreateKey', 'DeleteCustomKeyStore'],
  ...['DescribeCustomKeyStores', 'DisconnectCustomKeyStore', 'GenerateRandom', 'ListAliases', 'ListKeys'],
  ...['ListRetirableGrants', 'UpdateCustomKeyStore'],
]

/**
 * What each operation needs leave for. A key's policy is to let the account in before any other policy counts, and a grant
 * lets in whom it names.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
export function kmsAccess(keys: KeyLookup): AccessTable {
  const onKey = (
    action: string,
    keyId: string,
    context: EncryptionContext | undefined,
    input: Input,
    request: Request,
  ) => accessToKey(keys, { action, keyId, context: context ?? {}, input }, request)
  const onAlias = (action: string, input: Input, { caller }: Request): Access => ({
    action: `kms:${action}`,
    resource: `arn:aws:kms:${caller.region}:${caller.accountId}:${input.AliasName ?? ''}`,
    accountId: caller.accountId,
  })
  return {
    ...Object.fromEntries(
      ON_KEY.map((action) => [
        action,
        (input: Input, request: Request) =>
          onKey(action, input.KeyId ?? '', input.EncryptionContext, input, request),
      ]),
    ),
    ...Object.fromEntries(
      ON_NOTHING.map((action) => [
        action,
        (input: Input, { caller }: Request): Access => ({
          ...{ action: `kms:${action}`, resource: null, accountId: caller.accountId },
          conditions: conditionsOf(input, {}),
        }),
      ]),
    ),
    Decrypt: (input: Input, request: Request) =>
      onKey('Decrypt', input.KeyId ?? keyOfBlob(input, request), input.EncryptionContext, input, request),
    ReEncrypt: (input: Input, request: Request) => {
      const source = input.SourceKeyId ?? keyOfBlob(input, request)
      return [
        onKey('ReEncryptFrom', source, input.SourceEncryptionContext, input, request),
        onKey(
          'ReEncryptTo',
          input.DestinationKeyId ?? '',
          input.DestinationEncryptionContext,
          input,
          request,
        ),
      ]
    },
    CreateAlias: (input: Input, request: Request) => [
      onAlias('CreateAlias', input, request),
      onKey('CreateAlias', input.TargetKeyId ?? '', undefined, input, request),
    ],
    DeleteAlias: (input: Input, request: Request) => [
      onAlias('DeleteAlias', input, request),
      onKey('DeleteAlias', input.AliasName ?? '', undefined, input, request),
    ],
    UpdateAlias: (input: Input, request: Request) => [
      onAlias('UpdateAlias', input, request),
      onKey('UpdateAlias', input.AliasName ?? '', undefined, input, request),
      onKey('UpdateAlias', input.TargetKeyId ?? '', undefined, input, request),
    ],
  }
}

export function refuseKeyAccess(text: string): Error {
  return new ServiceError(AccessDenied, text)
}

interface KeyUse {
  readonly action: string
  readonly keyId: string
  readonly context: EncryptionContext
  readonly input: Input
}

/** A key that isn't there is held against the policies of whoever asks: the operation will say that it isn't. */
export function accessToKey(
  keys: KeyLookup,
  { action, keyId, context, input }: KeyUse,
  { caller }: Pick<Request, 'caller'>,
): Access {
  const { accountId, region } = caller
  const found = keys.arnOf(keyId, caller)
  const resource = found ?? (keyId.startsWith('arn:') ? keyId : keyArn({ accountId, region, name: keyId }))
  const owner = resource.split(':')[4] ?? ''
  const access = {
    action: `kms:${action}`,
    resource,
    accountId: /^\d{12}$/.test(owner) ? owner : accountId,
    conditions: [['kms:CallerAccount', accountId] as const, ...conditionsOf(input, context)],
  }
  const use = { operation: action, principals: principalsOf(caller), context }
  return found !== null && keys.isGranted(found, use) ? { ...access, isGranted: true } : access
}

/** Every ARN that the caller goes by. */
function principalsOf({ principalArn, identity }: Request['caller']): ReadonlySet<string> {
  const principal = identity?.principal
  return new Set(principal?.kind === 'role session' ? [principalArn, principal.roleArn] : [principalArn])
}

/** Ciphertexts say which key they are of. */
function keyOfBlob({ CiphertextBlob }: Input, { caller }: Request): string {
  const read = CiphertextBlob === undefined ? null : readCiphertext(CiphertextBlob)
  return read === null ? '' : keyArn({ ...read.key, region: caller.region })
}

function conditionsOf({ Tags, TagKeys }: Input, context: EncryptionContext): Conditions {
  const ofContext = Object.entries(context)
  return [
    ...ofContext.map(([key, value]) => [`kms:EncryptionContext:${key}`, value] as const),
    ...(ofContext.length === 0 ? [] : [['kms:EncryptionContextKeys', Object.keys(context)] as const]),
    ...(TagKeys === undefined ? [] : [['aws:TagKeys', TagKeys] as const]),
    ...(Tags === undefined
      ? []
      : tagConditions(Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])))),
  ]
}
