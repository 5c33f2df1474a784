import { expect, test } from 'vitest'
import { usagesOf } from '../../src/services/kms/key-specs.ts'
import { DAY_MS, START } from './key-life.ts'
import { arnOf, bytesOf, from, KmsWorld } from './kms-world.ts'

const metadataOf = async (kms: KmsWorld, KeyId: string) =>
  (await kms.run('DescribeKey', { KeyId })).KeyMetadata

test('a key is symmetric, enabled and for encryption unless it is asked for otherwise', async () => {
  const kms = new KmsWorld()
  const { KeyMetadata } = await kms.run('CreateKey')
  const { KeyId, CurrentKeyMaterialId } = KeyMetadata
  expect(KeyId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(CurrentKeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
  expect(KeyMetadata).toEqual({
    ...{ AWSAccountId: '000000000000', KeyId, Arn: arnOf(KeyId), CreationDate: START, Enabled: true },
    ...{ Description: '', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'Enabled', Origin: 'AWS_KMS' },
    ...{ KeyManager: 'CUSTOMER', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT', KeySpec: 'SYMMETRIC_DEFAULT' },
    ...{ EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'], MultiRegion: false, CurrentKeyMaterialId },
  })
  expect(await metadataOf(kms, KeyId)).toEqual(KeyMetadata)
})

test.each([
  ['RSA_2048', 'ENCRYPT_DECRYPT', { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] }],
  ['ECC_SECG_P256K1', 'SIGN_VERIFY', { SigningAlgorithms: ['ECDSA_SHA_256'] }],
  ['ECC_NIST_P521', 'KEY_AGREEMENT', { KeyAgreementAlgorithms: ['ECDH'] }],
  ['HMAC_384', 'GENERATE_VERIFY_MAC', { MacAlgorithms: ['HMAC_SHA_384'] }],
])('a key of %s for %s says what it can do', async (KeySpec, KeyUsage, algorithms) => {
  const kms = new KmsWorld()
  const { KeyMetadata } = await kms.run('CreateKey', { CustomerMasterKeySpec: KeySpec, KeyUsage })
  expect(KeyMetadata).toMatchObject({ KeySpec, CustomerMasterKeySpec: KeySpec, KeyUsage, ...algorithms })
  expect(KeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
})

test('a multi-Region key is the primary one, without replicas', async () => {
  const kms = new KmsWorld()
  const { KeyMetadata } = await kms.run('CreateKey', { MultiRegion: true })
  const { KeyId, Arn } = KeyMetadata
  expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/)
  expect(KeyMetadata).toMatchObject({
    MultiRegion: true,
    MultiRegionConfiguration: {
      ...{ MultiRegionKeyType: 'PRIMARY', PrimaryKey: { Arn, Region: 'eu-west-1' }, ReplicaKeys: [] },
    },
  })
  const Plaintext = bytesOf('x')
  const { CiphertextBlob } = await kms.run('Encrypt', { KeyId, Plaintext })
  expect(await kms.run('Decrypt', { CiphertextBlob })).toMatchObject({ Plaintext, KeyId: Arn })
  expect(await kms.refusal('ReplicateKey', { KeyId, ReplicaRegion: 'us-east-1' })).toContain(
    'UnsupportedOperationException: Multi-Region keys have no replicas here',
  )
  const single = await kms.key()
  expect(await kms.refusal('ReplicateKey', { KeyId: single, ReplicaRegion: 'us-east-1' })).toBe(
    `UnsupportedOperationException: ${arnOf(single)} is not a multi-region primary key.`,
  )
  expect(await kms.refusal('UpdatePrimaryRegion', { KeyId, PrimaryRegion: 'us-east-1' })).toContain(
    'Unsupported',
  )
})

test.each([
  [
    { KeySpec: 'RSA_2048' },
    'ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  ],
  [
    { KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' },
    'ValidationException: KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048',
  ],
  [
    { KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' },
    'ValidationException: You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
  ],
  [
    { KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' },
    'UnsupportedOperationException: KeySpec SM2 is not supported.',
  ],
  [
    { KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' },
    'UnsupportedOperationException: KeySpec ML_DSA_44 is not supported.',
  ],
  [{ Origin: 'EXTERNAL' }, 'UnsupportedOperationException: Origin EXTERNAL is not supported.'],
  [{ Origin: 'AWS_CLOUDHSM' }, 'UnsupportedOperationException: Origin AWS_CLOUDHSM is not supported.'],
  [{ CustomKeyStoreId: 'cks-1' }, 'UnsupportedOperationException: Custom key stores are not supported.'],
  [{ XksKeyId: 'x' }, 'UnsupportedOperationException: Custom key stores are not supported.'],
  [
    {
      Tags: [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'a', TagValue: '2' },
      ],
    },
    'TagException: Duplicate tag keys',
  ],
  [{ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException: Tags beginning with aws: are reserved'],
  [
    { Tags: Array.from({ length: 51 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' })) },
    'TagException: Too many tags',
  ],
  [
    { Tags: [{ TagKey: 'a'.repeat(129), TagValue: '' }] },
    `ValidationException: 1 validation error detected: Value '${'a'.repeat(129)}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
  ],
  [
    { Tags: [{ TagKey: 'a', TagValue: 'v'.repeat(257) }] },
    `ValidationException: 1 validation error detected: Value '${'v'.repeat(257)}' at 'tags.1.member.tagValue' failed to satisfy constraint: Member must have length less than or equal to 256`,
  ],
  [{ Policy: 'x' }, 'MalformedPolicyDocumentException: The policy is not a JSON object.'],
])('creating a key with %j is refused', async (input, told) => {
  const kms = new KmsWorld()
  expect(await kms.refusal('CreateKey', input)).toBe(told)
  expect(kms.life.log).toEqual([])
})

test.each([
  ['keySpec', { KeySpec: 'HMAC_random' }, 'HMAC_random', 'RSA_2048'],
  ['keyUsage', { KeyUsage: 'RANDOM' }, 'RANDOM', 'SIGN_VERIFY'],
])('an unknown %s is told with all that there are', async (at, input, value, known) => {
  expect(await new KmsWorld().refusal('CreateKey', input)).toMatch(
    new RegExp(
      `^ValidationException: 1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: \\[.*${known}.*\\]$`,
    ),
  )
})

test.each([
  ['GenerateMac', { Message: bytesOf('x'), MacAlgorithm: 'INVALID' }, 'macAlgorithm'],
  [
    'DeriveSharedSecret',
    { PublicKey: bytesOf('x'), KeyAgreementAlgorithm: 'INVALID' },
    'keyAgreementAlgorithm',
  ],
])('%s with %j is refused by its model', async (name, input, at) => {
  expect(await new KmsWorld().refusal(name, { KeyId: 'x', ...input })).toContain(
    `1 validation error detected: Value 'INVALID' at '${at}' failed to satisfy constraint: Member must satisfy enum value set: [`,
  )
})

test('keys are listed by pages, those of the account and region that asks', async () => {
  const kms = new KmsWorld()
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.push(await kms.key())
  const seen: string[] = []
  let page = await kms.run('ListKeys', { Limit: 2 })
  for (;;) {
    for (const { KeyId, KeyArn } of page.Keys) {
      expect(KeyArn).toBe(arnOf(KeyId))
      seen.push(KeyId)
    }
    if (!page.Truncated) break
    page = await kms.run('ListKeys', { Limit: 2, Marker: page.NextMarker })
  }
  expect(page).not.toHaveProperty('NextMarker')
  expect(seen.sort()).toEqual(ids.sort())
  for (const elsewhere of [from('000000000000', 'us-east-1'), from('111111111111', 'eu-west-1')]) {
    expect((await kms.run('ListKeys', {}, elsewhere)).Keys).toEqual([])
  }
  expect(await kms.refusal('ListKeys', { Marker: 'x' })).toBe(
    'InvalidMarkerException: The marker is not valid.',
  )
})

test('a marker is good for its list alone', async () => {
  const kms = new KmsWorld()
  await kms.key()
  await kms.key()
  const { NextMarker } = await kms.run('ListKeys', { Limit: 1 })
  expect(await kms.refusal('ListAliases', { Marker: NextMarker })).toContain('InvalidMarkerException')
  expect(await kms.refusal('ListKeys', { Marker: NextMarker }, from('111111111111', 'eu-west-1'))).toContain(
    'InvalidMarkerException',
  )
})

test('a key is deleted when its days are over, and not before', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.run('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })).toEqual({
    ...{ KeyId: arnOf(KeyId), DeletionDate: START + 7 * DAY_MS, KeyState: 'PendingDeletion' },
    PendingWindowInDays: 7,
  })
  expect(await metadataOf(kms, KeyId)).toMatchObject({
    ...{ KeyState: 'PendingDeletion', Enabled: false, DeletionDate: START + 7 * DAY_MS },
  })
  kms.life.wait(7 * DAY_MS - 1)
  expect((await metadataOf(kms, KeyId)).KeyState).toBe('PendingDeletion')
  kms.life.wait(1)
  expect(await kms.refusal('DescribeKey', { KeyId })).toBe(
    `NotFoundException: Key '${arnOf(KeyId)}' does not exist`,
  )
  expect((await kms.run('ListKeys')).Keys).toEqual([])
})

test('a deletion takes thirty days unless it is said otherwise, and is called off', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { PendingWindowInDays } = await kms.run('ScheduleKeyDeletion', { KeyId })
  expect(PendingWindowInDays).toBe(30)
  expect(await kms.run('CancelKeyDeletion', { KeyId })).toEqual({ KeyId: arnOf(KeyId) })
  expect(await metadataOf(kms, KeyId)).toMatchObject({ KeyState: 'Disabled', Enabled: false })
  kms.life.wait(31 * DAY_MS)
  await kms.run('EnableKey', { KeyId })
  expect((await metadataOf(kms, KeyId)).KeyState).toBe('Enabled')
  expect(await kms.refusal('CancelKeyDeletion', { KeyId })).toBe(
    `KMSInvalidStateException: ${arnOf(KeyId)} is not pending deletion.`,
  )
})

test.each([
  [6, 'greater than or equal to 7'],
  [31, 'less than or equal to 30'],
])('a deletion in %i days is refused', async (PendingWindowInDays, constraint) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.refusal('ScheduleKeyDeletion', { KeyId, PendingWindowInDays })).toBe(
    `ValidationException: 1 validation error detected: Value '${PendingWindowInDays}' at 'pendingWindowInDays' failed to ` +
      `satisfy constraint: Member must have value ${constraint}`,
  )
})

test('a key that is to be deleted does nothing and changes nothing, but may be looked at', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  await kms.run('ScheduleKeyDeletion', { KeyId })
  const told = `KMSInvalidStateException: ${arnOf(KeyId)} is pending deletion.`
  const input = {
    ...{
      KeyId,
      Plaintext: bytesOf('x'),
      Description: '',
      Tags: [{ TagKey: 'a', TagValue: '' }],
      TagKeys: ['a'],
    },
    ...{ AliasName: 'alias/x', TargetKeyId: KeyId, NumberOfBytes: 1 },
    ...{ GranteePrincipal: '000000000000', Operations: ['Encrypt'] },
  }
  for (const name of [
    ...[
      'Encrypt',
      'GenerateDataKey',
      'EnableKey',
      'DisableKey',
      'ScheduleKeyDeletion',
      'UpdateKeyDescription',
    ],
    ...[
      'TagResource',
      'UntagResource',
      'CreateAlias',
      'CreateGrant',
      'EnableKeyRotation',
      'RotateKeyOnDemand',
    ],
  ]) {
    expect(await kms.refusal(name, input), name).toBe(told)
  }
  for (const name of [
    'DescribeKey',
    'GetKeyPolicy',
    'ListResourceTags',
    'ListGrants',
    'GetKeyRotationStatus',
  ]) {
    expect(await kms.refusal(name, { KeyId }), name).toBe('not refused')
  }
})

test('a description is set and changed', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ Description: 'old' })
  await kms.run('UpdateKeyDescription', { KeyId, Description: 'new' })
  expect((await metadataOf(kms, KeyId)).Description).toBe('new')
})

test('tags are added, changed, removed and listed by pages', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key({ Tags: [{ TagKey: 'b', TagValue: '1' }] })
  await kms.run('TagResource', {
    KeyId,
    Tags: [
      { TagKey: 'a', TagValue: '2' },
      { TagKey: 'b', TagValue: '3' },
    ],
  })
  const first = await kms.run('ListResourceTags', { KeyId, Limit: 1 })
  expect(first).toMatchObject({ Tags: [{ TagKey: 'a', TagValue: '2' }], Truncated: true })
  expect(await kms.run('ListResourceTags', { KeyId, Marker: first.NextMarker })).toEqual({
    ...{ Tags: [{ TagKey: 'b', TagValue: '3' }], Truncated: false },
  })
  await kms.run('UntagResource', { KeyId, TagKeys: ['a', 'none'] })
  expect((await kms.run('ListResourceTags', { KeyId })).Tags).toEqual([{ TagKey: 'b', TagValue: '3' }])
  expect(await kms.refusal('UntagResource', { KeyId, TagKeys: ['aws:x'] })).toContain('TagException')
  const many = Array.from({ length: 50 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' }))
  expect(await kms.refusal('TagResource', { KeyId, Tags: many })).toBe('TagException: Too many tags')
})

const statement = (principal: unknown, Action: unknown = 'kms:*') => ({
  ...{ Effect: 'Allow', Principal: principal, Action, Resource: '*' },
})
const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement })

test('a key has the policy that lets its account decide, until it gets another', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { Policy, PolicyName } = await kms.run('GetKeyPolicy', { KeyId })
  expect(PolicyName).toBe('default')
  expect(JSON.parse(Policy)).toEqual({
    ...{ Version: '2012-10-17', Id: 'key-default-1' },
    Statement: [
      { Sid: 'Enable IAM User Permissions', ...statement({ AWS: 'arn:aws:iam::000000000000:root' }) },
    ],
  })
  expect(await kms.run('ListKeyPolicies', { KeyId })).toEqual({ PolicyNames: ['default'], Truncated: false })
  const other = policyOf(statement('*'))
  await kms.run('PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: other })
  expect((await kms.run('GetKeyPolicy', { KeyId, PolicyName: 'default' })).Policy).toBe(other)
  for (const name of ['GetKeyPolicy', 'PutKeyPolicy']) {
    expect(await kms.refusal(name, { KeyId, PolicyName: 'other', Policy: other })).toBe(
      'NotFoundException: No such policy exists',
    )
  }
})

const LOCKED_OUT =
  'MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.'

test.each([
  ['the account', { AWS: 'arn:aws:iam::000000000000:root' }, 'kms:*', 'not refused'],
  ["the account's number", { AWS: ['000000000000'] }, ['kms:Encrypt', 'kms:Put*'], 'not refused'],
  ['who asks', { AWS: 'arn:aws:iam::000000000000:user/example' }, '*', 'not refused'],
  ['everybody', '*', 'kms:PutKeyPolic?', 'not refused'],
  ['everybody, but not this', '*', 'kms:Encrypt', LOCKED_OUT],
  ['everybody, but something like this', '*', 'kms.PutKeyPolicy', LOCKED_OUT],
  ['everybody, but a pattern of something longer', '*', `${'*'.repeat(40)}${'x'.repeat(40)}`, LOCKED_OUT],
  ['another account', { AWS: 'arn:aws:iam::111111111111:root' }, 'kms:*', LOCKED_OUT],
  ['a service', { Service: 'sqs.amazonaws.com' }, 'kms:*', LOCKED_OUT],
])('a policy that lets %s may lock out who sets it', async (_, principal, action, told) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const Policy = policyOf(statement(principal, action))
  expect(await kms.refusal('PutKeyPolicy', { KeyId, Policy })).toBe(told)
  const BypassPolicyLockoutSafetyCheck = true
  expect(await kms.refusal('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck })).toBe(
    'not refused',
  )
})

test.each([
  ['[]', 'The policy is not a JSON object.'],
  ['{}', 'The policy has no Statement.'],
  ['{"Statement":[1]}', 'A Statement is not an object.'],
  ['{"Statement":{"Effect":"allow"}}', 'The Effect of a Statement is neither Allow nor Deny.'],
  ['{"Statement":{"Effect":"Allow"}}', 'A Statement has no Principal.'],
  ['{"Statement":{"Effect":"Allow","Principal":"*"}}', 'A Statement has no Action.'],
  ['{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:*"}}', 'A Statement has no Resource.'],
  [policyOf({ ...statement('*'), Sid: 'x'.repeat(33_000) }), 'The policy is longer than 32768 bytes.'],
])('a policy %.60s is malformed', async (Policy, told) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.refusal('PutKeyPolicy', { KeyId, Policy })).toBe(
    `MalformedPolicyDocumentException: ${told}`,
  )
})

test('a policy of many stars keeps nobody busy', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const Policy = policyOf(
    statement(
      '*',
      Array.from({ length: 300 }, () => '*k*m*s*:*P*u*t*K*e*y*P*o*l*i*z*'),
    ),
  )
  const begin = performance.now()
  expect(await kms.refusal('PutKeyPolicy', { KeyId, Policy })).toBe(LOCKED_OUT)
  expect(performance.now() - begin).toBeLessThan(2000)
})

test('the last use of a key is known, exactly here and to the hour after a restart', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.run('GetKeyLastUsage', { KeyId })).toEqual({
    ...{ KeyId, KeyCreationDate: START, TrackingStartDate: START },
  })
  const use = (requestId: string) => kms.run('Encrypt', { KeyId, Plaintext: bytesOf('x') }, { requestId })
  await use('r1')
  kms.life.wait(60_000)
  await use('r2')
  const usage = { Operation: 'Encrypt', Timestamp: START + 60_000, KmsRequestId: 'r2' }
  expect((await kms.run('GetKeyLastUsage', { KeyId })).KeyLastUsage).toEqual(usage)
  const later = new KmsWorld(kms.life, 'root secret', 2)
  expect((await later.run('GetKeyLastUsage', { KeyId })).KeyLastUsage).toMatchObject({ Timestamp: START })
  // What failed, and what was only tried, is no use.
  kms.life.wait(7_200_000)
  await kms.refusal('Encrypt', { KeyId, Plaintext: bytesOf('x'), DryRun: true })
  await kms.refusal('Decrypt', { CiphertextBlob: bytesOf('x'), KeyId })
  expect((await kms.run('GetKeyLastUsage', { KeyId })).KeyLastUsage).toEqual(usage)
  await use('r3')
  expect((await later.run('GetKeyLastUsage', { KeyId })).KeyLastUsage).toMatchObject({ KmsRequestId: 'r3' })
  expect(kms.asked.filter((kind) => kind === 'noteUse')).toHaveLength(2)
})

test('the key that AWS would manage is there when it is asked for, and is not for clients to use or change', async () => {
  const kms = new KmsWorld()
  const { KeyMetadata } = await kms.run('DescribeKey', { KeyId: 'alias/aws/sqs' })
  const { KeyId } = KeyMetadata
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled' })
  expect(KeyMetadata.Description).toContain('SQS queues')
  expect(await metadataOf(kms, 'alias/aws/sqs')).toEqual(KeyMetadata)
  expect((await kms.run('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(true)
  const input = {
    ...{
      KeyId,
      Plaintext: bytesOf('x'),
      Description: '',
      TagKeys: ['a'],
      Tags: [{ TagKey: 'a', TagValue: '' }],
    },
    ...{ AliasName: 'alias/x', TargetKeyId: KeyId, Policy: policyOf(statement('*')) },
  }
  for (const name of [
    ...[
      'Encrypt',
      'DisableKey',
      'ScheduleKeyDeletion',
      'DisableKeyRotation',
      'RotateKeyOnDemand',
      'PutKeyPolicy',
    ],
    ...['TagResource', 'UntagResource', 'UpdateKeyDescription', 'CreateAlias'],
  ]) {
    expect(await kms.refusal(name, input), name).toBe(
      `AccessDeniedException: User: arn:aws:iam::000000000000:user/example is not authorized to perform: kms:${name} on ` +
        `resource: ${arnOf(KeyId)} because no resource-based policy allows the kms:${name} action`,
    )
  }
  expect(await kms.refusal('DescribeKey', { KeyId: 'alias/aws/nothing' })).toContain('NotFoundException')
})

test('two who ask for it first at once get the same', async () => {
  const kms = new KmsWorld()
  const ask = () => metadataOf(kms, 'alias/aws/sns')
  const [one, other] = await Promise.all([ask(), ask()])
  expect(one).toEqual(other)
  expect((await kms.run('ListKeys')).Keys).toHaveLength(1)
})

test.each([
  ['GetParametersForImport', { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }],
  ['DeleteImportedKeyMaterial', {}],
  [
    'ImportKeyMaterial',
    {
      ImportToken: bytesOf('x'),
      EncryptedKeyMaterial: bytesOf('x'),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    },
  ],
])('%s finds no key that takes material from outside', async (name, input) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.refusal(name, { KeyId, ...input })).toBe(
    `UnsupportedOperationException: ${arnOf(KeyId)} origin is AWS_KMS which is not valid for this operation.`,
  )
  const missing = '00000000-0000-4000-8000-000000000000'
  expect(await kms.refusal(name, { KeyId: missing, ...input })).toContain('NotFoundException')
})

test('imported material that expires needs to say when', async () => {
  const kms = new KmsWorld()
  const input = { KeyId: await kms.key(), ImportToken: bytesOf('x'), EncryptedKeyMaterial: bytesOf('x') }
  expect(await kms.refusal('ImportKeyMaterial', input)).toBe(
    'ValidationException: A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
  )
})

test('there are no custom key stores', async () => {
  const kms = new KmsWorld()
  expect(await kms.run('DescribeCustomKeyStores')).toEqual({ CustomKeyStores: [], Truncated: false })
  expect(await kms.refusal('DescribeCustomKeyStores', { CustomKeyStoreId: 'cks-1' })).toBe(
    'CustomKeyStoreNotFoundException: Custom key store cks-1 was not found.',
  )
  const input = { CustomKeyStoreId: 'cks-1', CustomKeyStoreName: 'x' }
  for (const name of ['Connect', 'Create', 'Delete', 'Disconnect', 'Update']) {
    expect(await kms.refusal(`${name}CustomKeyStore`, input)).toBe(
      'UnsupportedOperationException: Custom key stores are not supported.',
    )
  }
})

test('every kind of key can be made for each of its usages', async () => {
  const kms = new KmsWorld()
  for (const KeySpec of [
    'SYMMETRIC_DEFAULT',
    'HMAC_256',
    'RSA_2048',
    'ECC_NIST_P256',
    'ECC_SECG_P256K1',
  ] as const) {
    for (const KeyUsage of usagesOf(KeySpec)) {
      expect(await kms.refusal('CreateKey', { KeySpec, KeyUsage })).toBe('not refused')
    }
  }
})
