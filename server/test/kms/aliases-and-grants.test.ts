import { expect, test } from 'vitest'
import { DAY_MS, START } from './key-life.ts'
import { aliasArnOf, arnOf, bytesOf, from, KmsWorld } from './kms-world.ts'

const AliasName = 'alias/orders'
const USER = 'arn:aws:iam::000000000000:user/a'
const ROLE = 'arn:aws:iam::111111111111:role/b'

test('an alias names its key, another one later, and nothing in the end', async () => {
  const kms = new KmsWorld()
  const [one, other] = [await kms.key(), await kms.key()]
  await kms.run('CreateAlias', { AliasName, TargetKeyId: one })
  expect(await kms.run('ListAliases')).toEqual({
    Aliases: [
      {
        ...{ AliasName, AliasArn: aliasArnOf(AliasName), TargetKeyId: one },
        ...{ CreationDate: START, LastUpdatedDate: START },
      },
    ],
    Truncated: false,
  })
  kms.life.wait(5)
  await kms.run('UpdateAlias', { AliasName, TargetKeyId: arnOf(other) })
  expect((await kms.run('ListAliases', { KeyId: one })).Aliases).toEqual([])
  expect((await kms.run('ListAliases', { KeyId: other })).Aliases).toMatchObject([
    { TargetKeyId: other, CreationDate: START, LastUpdatedDate: START + 5 },
  ])
  await kms.run('DeleteAlias', { AliasName })
  expect(await kms.refusal('DescribeKey', { KeyId: AliasName })).toBe(
    `NotFoundException: Alias ${aliasArnOf(AliasName)} is not found.`,
  )
})

test.each([
  [
    'orders',
    'ValidationException: Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  ],
  [
    'alias/',
    'ValidationException: Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  ],
  ['alias/a:b', 'ValidationException: alias/a:b contains invalid characters for an alias'],
  ['alias/aws/mine', 'NotAuthorizedException: '],
  [
    'alias/a b',
    "ValidationException: 1 validation error detected: Value 'alias/a b' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
  ],
])('an alias %s is refused', async (name, told) => {
  const kms = new KmsWorld()
  const TargetKeyId = await kms.key()
  for (const operation of ['CreateAlias', 'UpdateAlias', 'DeleteAlias']) {
    expect(await kms.refusal(operation, { AliasName: name, TargetKeyId })).toBe(told)
  }
})

test('an alias is there once, and is missed when it is not', async () => {
  const kms = new KmsWorld()
  const TargetKeyId = await kms.key()
  await kms.run('CreateAlias', { AliasName, TargetKeyId })
  expect(await kms.refusal('CreateAlias', { AliasName, TargetKeyId })).toBe(
    `AlreadyExistsException: An alias with the name ${aliasArnOf(AliasName)} already exists`,
  )
  const told = `NotFoundException: Alias ${aliasArnOf('alias/none')} is not found.`
  expect(await kms.refusal('UpdateAlias', { AliasName: 'alias/none', TargetKeyId })).toBe(told)
  expect(await kms.refusal('DeleteAlias', { AliasName: 'alias/none' })).toBe(told)
  expect(await kms.refusal('CreateAlias', { AliasName: 'alias/b', TargetKeyId: AliasName })).toBe(
    `NotFoundException: Invalid keyId '${AliasName}'`,
  )
  // The same name elsewhere is another alias.
  expect(await kms.refusal('DescribeKey', { KeyId: AliasName }, from('000000000000', 'us-east-1'))).toContain(
    'us-east-1:000000000000:alias/orders is not found',
  )
})

test('an alias moves between keys of the same kind alone', async () => {
  const kms = new KmsWorld()
  const symmetric = await kms.key()
  const signer = await kms.key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })
  const otherSigner = await kms.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const mac = await kms.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
  await kms.run('CreateAlias', { AliasName, TargetKeyId: signer })
  for (const TargetKeyId of [symmetric, mac]) {
    expect(await kms.refusal('UpdateAlias', { AliasName, TargetKeyId })).toContain('ValidationException')
  }
  expect(await kms.refusal('UpdateAlias', { AliasName, TargetKeyId: otherSigner })).toBe('not refused')
})

test('a key has fifty aliases, which are listed by pages and go with it', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  for (let i = 0; i < 50; i++) await kms.run('CreateAlias', { AliasName: `alias/${i}`, TargetKeyId: KeyId })
  expect(await kms.refusal('CreateAlias', { AliasName, TargetKeyId: KeyId })).toContain(
    'LimitExceededException',
  )
  const first = await kms.run('ListAliases', { KeyId, Limit: 30 })
  expect(first.Aliases).toHaveLength(30)
  expect((await kms.run('ListAliases', { KeyId, Marker: first.NextMarker })).Aliases).toHaveLength(20)
  await kms.run('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })
  expect((await kms.run('ListAliases')).Aliases).toHaveLength(50)
  kms.life.wait(7 * DAY_MS)
  expect((await kms.run('ListAliases')).Aliases).toEqual([])
  const another = await kms.key()
  expect(await kms.refusal('CreateAlias', { AliasName: 'alias/1', TargetKeyId: another })).toBe('not refused')
})

const grantOn = (KeyId: string) => ({ KeyId, GranteePrincipal: USER, Operations: ['Encrypt', 'Decrypt'] })

test('a grant is made, listed and revoked', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const Constraints = { EncryptionContextSubset: { a: 'b' } }
  const made = await kms.run('CreateGrant', {
    ...{ ...grantOn(KeyId), RetiringPrincipal: ROLE, Name: 'n', Constraints },
  })
  expect(made.GrantId).toMatch(/^[0-9a-f]{64}$/)
  const listed = {
    ...{ KeyId: arnOf(KeyId), GrantId: made.GrantId, Name: 'n', CreationDate: START },
    ...{ GranteePrincipal: USER, RetiringPrincipal: ROLE, IssuingAccount: 'arn:aws:iam::000000000000:root' },
    ...{ Operations: ['Encrypt', 'Decrypt'], Constraints },
  }
  expect(await kms.run('ListGrants', { KeyId })).toEqual({ Grants: [listed], Truncated: false })
  expect((await kms.run('ListRetirableGrants', { RetiringPrincipal: ROLE })).Grants).toEqual([listed])
  expect((await kms.run('ListRetirableGrants', { RetiringPrincipal: USER })).Grants).toEqual([])
  await kms.run('RevokeGrant', { KeyId, GrantId: made.GrantId })
  expect((await kms.run('ListGrants', { KeyId })).Grants).toEqual([])
  expect((await kms.run('ListRetirableGrants', { RetiringPrincipal: ROLE })).Grants).toEqual([])
  expect(await kms.refusal('RevokeGrant', { KeyId, GrantId: made.GrantId })).toBe(
    `NotFoundException: Grant ID ${made.GrantId} not found`,
  )
})

test('a grant with a name is made once, as long as it says the same', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const make = async (input: object) =>
    (await kms.run('CreateGrant', { ...grantOn(KeyId), ...input })).GrantId
  const first = await make({ Name: 'n' })
  expect(await make({ Name: 'n' })).toBe(first)
  expect(await make({ Name: 'n', Operations: ['Encrypt'] })).not.toBe(first)
  expect(await make({})).not.toBe(await make({}))
  expect((await kms.run('ListGrants', { KeyId })).Grants).toHaveLength(4)
})

test('grants are listed by pages, and by whom or which they are', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    const GranteePrincipal = i === 2 ? ROLE : USER
    ids.push((await kms.run('CreateGrant', { ...grantOn(KeyId), GranteePrincipal })).GrantId)
  }
  const seen: string[] = []
  let Marker: string | undefined
  do {
    const page = await kms.run('ListGrants', { KeyId, Limit: 2, Marker })
    seen.push(...page.Grants.map(({ GrantId }: { GrantId: string }) => GrantId))
    Marker = page.NextMarker
  } while (Marker !== undefined)
  expect(seen.sort()).toEqual([...ids].sort())
  expect((await kms.run('ListGrants', { KeyId, GranteePrincipal: ROLE })).Grants).toMatchObject([
    { GrantId: ids[2] },
  ])
  expect((await kms.run('ListGrants', { KeyId, GrantId: ids[0] })).Grants).toMatchObject([
    { GrantId: ids[0] },
  ])
})

test('a token lets a request through while its grant is there, and retires it', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { GrantToken } = await kms.run('CreateGrant', grantOn(KeyId))
  const request = { KeyId, Plaintext: bytesOf('x'), GrantTokens: [GrantToken] }
  expect(await kms.refusal('Encrypt', request)).toBe('not refused')
  const told = 'InvalidGrantTokenException: The grant token is not valid.'
  expect(await kms.refusal('Encrypt', { ...request, GrantTokens: ['made up'] })).toBe(told)
  expect(await kms.refusal('RetireGrant', { GrantToken: `${GrantToken}A` })).toBe(told)
  expect(await kms.refusal('RetireGrant', { GrantToken, DryRun: true })).toContain('DryRunOperationException')
  await kms.run('RetireGrant', { GrantToken })
  expect(await kms.refusal('Encrypt', request)).toBe(told)
  expect(await kms.refusal('RetireGrant', { GrantToken })).toContain('NotFoundException')
})

test('a grant is retired by its key and id, too', async () => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  const { GrantId } = await kms.run('CreateGrant', grantOn(KeyId))
  expect(await kms.refusal('RetireGrant', { KeyId: arnOf(KeyId) })).toContain('You must provide a GrantToken')
  await kms.run('RetireGrant', { KeyId: arnOf(KeyId), GrantId })
  expect((await kms.run('ListGrants', { KeyId })).Grants).toEqual([])
})

test.each([
  [
    { GranteePrincipal: 'somebody' },
    'InvalidArnException: ARN does not refer to a valid principal: somebody',
  ],
  [
    { RetiringPrincipal: 'arn:aws:sqs:eu-west-1:000000000000:q' },
    'InvalidArnException: ARN does not refer to a valid principal: arn:aws:sqs:eu-west-1:000000000000:q',
  ],
  [{ Operations: [] }, 'ValidationException: A grant must have at least one operation.'],
  [
    {
      Constraints: {
        EncryptionContextEquals: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [i, ''])),
      },
    },
    'LimitExceededException: A constraint can have at most 8 encryption context pairs.',
  ],
  [
    { Constraints: { EncryptionContextEquals: { a: 'x'.repeat(384) } } },
    'LimitExceededException: A constraint can have at most 384 characters.',
  ],
  [
    { DryRun: true },
    'DryRunOperationException: The request would have succeeded, but the DryRun option is set.',
  ],
])('a grant with %j is refused', async (input, told) => {
  const kms = new KmsWorld()
  const KeyId = await kms.key()
  expect(await kms.refusal('CreateGrant', { ...grantOn(KeyId), ...input })).toBe(told)
  expect((await kms.run('ListGrants', { KeyId })).Grants).toEqual([])
})

test('only what a key can do is granted', async () => {
  const kms = new KmsWorld()
  const symmetric = await kms.key()
  expect(await kms.refusal('CreateGrant', { ...grantOn(symmetric), Operations: ['Sign'] })).toContain(
    'ValidationException',
  )
  const pair = await kms.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  const grant = {
    ...grantOn(pair),
    Operations: ['Sign', 'Verify', 'GetPublicKey', 'DescribeKey', 'RetireGrant'],
  }
  expect(await kms.refusal('CreateGrant', grant)).toBe('not refused')
  expect(await kms.refusal('CreateGrant', { ...grant, Operations: ['GenerateDataKey'] })).toContain(
    'ValidationException',
  )
  expect(
    await kms.refusal('CreateGrant', { ...grant, Constraints: { EncryptionContextEquals: {} } }),
  ).toContain('symmetric encryption KMS keys alone')
})
