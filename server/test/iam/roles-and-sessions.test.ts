import { expect, test } from 'vitest'
import type { Caller } from '../../src/api/operation.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { randomDigits, SECRET_DIGITS } from '../../src/base/random-digits.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { ACCOUNT, IamWorld, policyOf, ROOT, rootOf, START, trustOf } from './iam-world.ts'

const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`
const BY_ACCOUNT = { AWS: ACCOUNT }
const OTHER = '444455556666'
const SECOND = 1000
const HOUR = 3600

/** A world with the role `worker` and the user `alice`. */
async function worldWith(trust: string, role: object = {}) {
  const world = new IamWorld()
  const alice = await world.user('alice')
  await world.run('CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: trust, ...role })
  return { world, alice }
}

const letAssume = (world: IamWorld, UserName = 'alice') =>
  world.run('PutUserPolicy', { UserName, PolicyName: 'assume', PolicyDocument: policyOf('sts:*') })

const assume = { RoleArn: ROLE, RoleSessionName: 'job' }

function may(
  caller: Caller | undefined,
  action: string,
  arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:q`,
): boolean {
  if (caller?.identity === undefined) return false
  const target = { arn, accountId: ACCOUNT, policy: null, kind: 'ordinary' } as const
  const request = { action, caller: caller.identity.permissions(), target, context: contextOf([]) }
  return evaluate(request).kind === 'allowed'
}

test('a role is made, changed and deleted', async () => {
  const trust = trustOf({ Service: 'lambda.amazonaws.com' })
  const { world } = await worldWith(trust, { Path: '/', Description: 'd' })
  const { Role } = await world.run('GetRole', { RoleName: 'worker' })
  expect(Role).toEqual({
    ...{
      Path: '/',
      RoleName: 'worker',
      Arn: ROLE,
      CreateDate: START,
      Description: 'd',
      MaxSessionDuration: 3600,
    },
    RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    AssumeRolePolicyDocument: expect.stringContaining('%22lambda.amazonaws.com%22'),
    RoleLastUsed: {},
  })
  const { RoleLastUsed: _used, ...listed } = Role
  expect(await world.run('ListRoles')).toEqual({ Roles: [listed], IsTruncated: false })
  await world.run('UpdateRole', { RoleName: 'worker', MaxSessionDuration: 7200 })
  const changed = (await world.run('GetRole', { RoleName: 'worker' })).Role
  expect([changed.Description, changed.MaxSessionDuration]).toEqual([undefined, 7200])
  expect(await world.refusal('CreateRole', { RoleName: 'WORKER', AssumeRolePolicyDocument: trust })).toBe(
    'EntityAlreadyExists 409: Role with name WORKER already exists.',
  )
  expect(await world.refusal('CreateRole', { RoleName: 'x', AssumeRolePolicyDocument: '{' })).toBe(
    'MalformedPolicyDocument 400: This policy contains invalid Json',
  )
  expect(await world.refusal('UpdateRole', { RoleName: 'worker', MaxSessionDuration: 43201 })).toContain(
    "Value '43201' at 'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200",
  )
  expect(await world.refusal('UpdateRole', { RoleName: 'nobody' })).toContain('NoSuchEntity 404')
  await world.run('TagRole', { RoleName: 'worker', Tags: [{ Key: 'k', Value: 'v' }] })
  expect((await world.run('ListRoleTags', { RoleName: 'worker' })).Tags).toEqual([{ Key: 'k', Value: 'v' }])
  await world.run('UntagRole', { RoleName: 'worker', TagKeys: ['k'] })
  await world.run('DeleteRole', { RoleName: 'worker' })
  expect(await world.refusal('GetRole', { RoleName: 'worker' })).toBe(
    'NoSuchEntity 404: The role with name worker cannot be found.',
  )
})

test('a trust policy names who is there, goes with their names, and not to who comes after them', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }))
  const trusted = async () => {
    const { Role } = await world.run('GetRole', { RoleName: 'worker' })
    return JSON.parse(decodeURIComponent(Role.AssumeRolePolicyDocument)).Statement[0]?.Principal.AWS
  }
  expect(await trusted()).toBe(ALICE)
  expect((await world.run('AssumeRole', assume, alice)).Credentials.AccessKeyId).toMatch(/^ASIA/)
  const nobody = trustOf({ AWS: [ALICE, `${ALICE}2`] })
  const refusal = `MalformedPolicyDocument 400: Invalid principal in policy: "AWS":"${ALICE}2"`
  expect(await world.refusal('UpdateAssumeRolePolicy', { RoleName: 'worker', PolicyDocument: nobody })).toBe(
    refusal,
  )

  await world.run('UpdateUser', { UserName: 'alice', NewUserName: 'alicia' })
  expect(await trusted()).toBe(`arn:aws:iam::${ACCOUNT}:user/alicia`)
  expect(
    (await world.run('AssumeRole', assume, world.callerBy(alice.accessKeyId))).SourceIdentity,
  ).toBeUndefined()

  await world.run('DeleteAccessKey', { UserName: 'alicia', AccessKeyId: alice.accessKeyId })
  await world.run('DeleteUser', { UserName: 'alicia' })
  expect(await trusted()).toBe(alice.userId)
  const other = await world.user('alice')
  expect(await trusted()).toBe(alice.userId)
  expect(await world.refusal('AssumeRole', assume, other)).toContain('AccessDenied 403')
  await world.run('UpdateAssumeRolePolicy', { RoleName: 'worker', PolicyDocument: trustOf({ AWS: ALICE }) })
  await world.run('AssumeRole', assume, other)
})

test('a role is assumed by whom its trust policy names, or by whom the account lets', async () => {
  const { world, alice } = await worldWith(trustOf(BY_ACCOUNT))
  const denied = `AccessDenied 403: User: ${ALICE} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`
  expect(await world.refusal('AssumeRole', assume, alice)).toBe(denied)
  await letAssume(world)
  const answer = await world.run('AssumeRole', assume, alice)
  const { RoleId } = (await world.run('GetRole', { RoleName: 'worker' })).Role
  expect(answer).toEqual({
    Credentials: {
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      SessionToken: expect.stringMatching(/^[A-Za-z0-9+/]{100,1000}={0,2}$/),
      Expiration: START + HOUR * SECOND,
    },
    AssumedRoleUser: {
      AssumedRoleId: `${RoleId}:job`,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/job`,
    },
  })
  const session = world.callerWith(answer)!
  expect(await world.run('GetCallerIdentity', {}, session)).toEqual({
    ...{ UserId: `${RoleId}:job`, Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/job` },
  })
  expect(await world.refusal('AssumeRole', { ...assume, RoleArn: `${ROLE}2` }, alice)).toBe(`${denied}2`)
  expect(await world.refusal('AssumeRole', assume)).toBe(
    'AccessDenied 403: Roles may not be assumed by root accounts.',
  )
})

test('somebody of another account needs the permission of both', async () => {
  const { world } = await worldWith(trustOf({ AWS: OTHER }))
  await world.run('CreateUser', { UserName: 'bob' }, rootOf(OTHER))
  const { AccessKey } = await world.run('CreateAccessKey', { UserName: 'bob' }, rootOf(OTHER))
  const bob = world.callerBy(AccessKey.AccessKeyId)!
  expect(await world.refusal('AssumeRole', assume, bob)).toContain('AccessDenied 403')
  const policy = { UserName: 'bob', PolicyName: 'p', PolicyDocument: policyOf('sts:AssumeRole') }
  await world.run('PutUserPolicy', policy, rootOf(OTHER))
  expect(world.callerWith(await world.run('AssumeRole', assume, bob))).toMatchObject({ accountId: ACCOUNT })
})

test('an external id is asked for where the trust policy says so', async () => {
  const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'secret-1' } } }
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }, condition))
  expect(await world.refusal('AssumeRole', assume, alice)).toContain('AccessDenied 403')
  expect(await world.refusal('AssumeRole', { ...assume, ExternalId: 'other' }, alice)).toContain(
    'AccessDenied',
  )
  await world.run('AssumeRole', { ...assume, ExternalId: 'secret-1' }, alice)
})

test('what is no role, session name or duration is refused as AWS does', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }))
  const refused = (input: object) => world.refusal('AssumeRole', { ...assume, ...input }, alice)
  expect(await refused({ RoleArn: 'nothing-valid-in-here' })).toBe(
    'ValidationError 400: nothing-valid-in-here is invalid',
  )
  expect(await refused({ RoleArn: ALICE })).toBe(`ValidationError 400: ${ALICE} is invalid`)
  expect(await refused({ RoleSessionName: 'Session1:2' })).toBe(
    "ValidationError 400: 1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  )
  const elsewhere = `arn:aws:iam::${ACCOUNT}:role/path/worker`
  expect(await refused({ RoleArn: elsewhere })).toContain('AccessDenied 403')
  expect(await refused({ DurationSeconds: 3601 })).toBe(
    'ValidationError 400: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
  expect(await refused({ DurationSeconds: 899 })).toContain(
    'Member must have value greater than or equal to 900',
  )
  expect(await refused({ TransitiveTagKeys: ['a'] })).toBe(
    'InvalidParameterValue 400: The specified transitive tag key must be included in the requested tags.',
  )
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'A', Value: '2' },
  ]
  expect(await refused({ Tags })).toBe(
    'InvalidParameterValue 400: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  )
  expect(await refused({ Policy: '{' })).toBe('MalformedPolicyDocument 400: Syntax errors in policy.')
  expect(await refused({ SerialNumber: 'arn:aws:iam::1:mfa/x', TokenCode: '123456' })).toContain(
    'AccessDenied 403',
  )
})

test('a session ends at its second, and with its role', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }))
  const answer = await world.run('AssumeRole', { ...assume, DurationSeconds: 900 }, alice)
  world.now = START + 900 * SECOND - 1
  expect(world.callerWith(answer)).toBeDefined()
  world.now++
  expect(world.callerWith(answer)).toBeUndefined()
  world.now = START
  await world.run('DeleteRole', { RoleName: 'worker' })
  expect(world.callerWith(answer)).toBeUndefined()
  await world.run('CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: trustOf({ AWS: ALICE }) })
  expect(world.callerWith(answer)).toBeUndefined()
})

test('a session key is nothing without its token, nor with another one', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }))
  const { Credentials } = await world.run('AssumeRole', assume, alice)
  const other = (await world.run('AssumeRole', assume, alice)).Credentials
  const { AccessKeyId, SessionToken } = Credentials
  expect(world.callerBy(AccessKeyId, SessionToken)).toBeDefined()
  expect(world.callerBy(AccessKeyId)).toBeUndefined()
  expect(world.callerBy(AccessKeyId, other.SessionToken)).toBeUndefined()
  const changed = `${SessionToken.slice(0, 40)}${SessionToken[40] === 'A' ? 'B' : 'A'}${SessionToken.slice(41)}`
  expect(world.callerBy(AccessKeyId, changed)).toBeUndefined()
  expect(world.callerBy(AccessKeyId, 'no token at all')).toBeUndefined()
  const again = new IamWorld(2)
  expect(again.callerBy(AccessKeyId, SessionToken)).toBeUndefined()
})

test('a session may do what its role may, as it is now, and what was passed for it allows', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }))
  const whole = world.callerWith(await world.run('AssumeRole', assume, alice))!
  const Policy = policyOf('sqs:SendMessage')
  const limited = world.callerWith(await world.run('AssumeRole', { ...assume, Policy }, alice))!
  expect(may(whole, 'sqs:SendMessage')).toBe(false)
  await world.run('PutRolePolicy', { RoleName: 'worker', PolicyName: 'p', PolicyDocument: policyOf('sqs:*') })
  expect([may(whole, 'sqs:SendMessage'), may(whole, 'sqs:ReceiveMessage')]).toEqual([true, true])
  expect([may(limited, 'sqs:SendMessage'), may(limited, 'sqs:ReceiveMessage')]).toEqual([true, false])

  const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess' }]
  const reading = world.callerWith(await world.run('AssumeRole', { ...assume, PolicyArns }, alice))!
  expect([may(reading, 'sqs:GetQueueUrl'), may(reading, 'sqs:SendMessage')]).toEqual([true, false])
  expect(
    await world.refusal(
      'AssumeRole',
      { ...assume, PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/None' }] },
      alice,
    ),
  ).toBe(
    'InvalidParameterValue 400: Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.',
  )
  expect(
    await world.refusal('AssumeRole', { ...assume, PolicyArns: Array(11).fill(PolicyArns[0]) }, alice),
  ).toContain('Member must have length less than or equal to 10')
  await world.run('DeleteRolePolicy', { RoleName: 'worker', PolicyName: 'p' })
  expect(may(whole, 'sqs:SendMessage')).toBe(false)
})

test('policies and tags take their part of a token, which stays within its size', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }))
  const Policy = policyOf('sqs:SendMessage')
  const answer = await world.run('AssumeRole', { ...assume, Policy }, alice)
  expect(answer.PackedPolicySize).toBeGreaterThan(0)
  expect(answer.PackedPolicySize).toBeLessThan(20)
  const random = new SeededRandom(5)
  const noise = (length: number) => randomDigits(random, length, SECRET_DIGITS.replaceAll(/[+/]/g, '-'))
  let isRefused = false
  let largest = 0
  for (let tags = 1; tags <= 50; tags++) {
    const Tags = Array.from({ length: tags }, (_, i) => ({
      Key: `${i}${noise(40)}`,
      Value: noise(60),
    }))
    const input = { ...assume, Tags, RoleSessionName: 's'.repeat(64), SourceIdentity: 'i'.repeat(64) }
    await world.run('UpdateAssumeRolePolicy', {
      RoleName: 'worker',
      PolicyDocument: trustOf({ AWS: ALICE }, { Action: ['sts:*'] }),
    })
    const refusal = await world.refusal('AssumeRole', input, alice)
    if (refusal !== 'not refused') {
      expect(refusal).toMatch(
        /^PackedPolicyTooLarge 400: Packed policy consumes 1\d\d% of allotted space, please use smaller policy\.$/,
      )
      isRefused = true
      break
    }
    const { Credentials, PackedPolicySize } = await world.run('AssumeRole', input, alice)
    expect(PackedPolicySize).toBeLessThanOrEqual(100)
    largest = Math.max(largest, Credentials.SessionToken.length)
  }
  expect(isRefused).toBe(true)
  expect(largest).toBeGreaterThan(3300)
  expect(largest).toBeLessThanOrEqual(4096)
  const long = policyOf('sqs:*', 'Allow', `arn:aws:sqs:::${'q'.repeat(2048)}`)
  expect(await world.refusal('AssumeRole', { ...assume, Policy: long }, alice)).toContain(
    'PackedPolicyTooLarge 400',
  )
})

test('tags of a session go over those of its role, and the transitive ones on to the next', async () => {
  const { world, alice } = await worldWith(trustOf({ AWS: ALICE }), {
    Tags: [{ Key: 'team', Value: 'role' }],
  })
  const second = `arn:aws:iam::${ACCOUNT}:role/second`
  await world.run('CreateRole', { RoleName: 'second', AssumeRolePolicyDocument: trustOf({ AWS: ROLE }) })
  const Tags = [
    { Key: 'Team', Value: 'session' },
    { Key: 'own', Value: '1' },
  ]
  const first = await world.run('AssumeRole', { ...assume, Tags, TransitiveTagKeys: ['team'] }, alice)
  const caller = world.callerWith(first)!
  expect(caller.identity!.tags()).toEqual({ Team: 'session', own: '1' })
  const chained = { RoleArn: second, RoleSessionName: 'next' }
  const next = world.callerWith(await world.run('AssumeRole', chained, caller))!
  expect(next.identity!.tags()).toEqual({ Team: 'session' })
  expect(next.identity!.session!.transitiveTags).toEqual({ Team: 'session' })
  const again = { ...chained, Tags: [{ Key: 'TEAM', Value: 'x' }] }
  expect(await world.refusal('AssumeRole', again, caller)).toBe(
    "InvalidParameterValue 400: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  )
  await world.run('UpdateAssumeRolePolicy', {
    RoleName: 'worker',
    PolicyDocument: trustOf({ AWS: ALICE }, { Action: 'sts:AssumeRole' }),
  })
  expect(await world.refusal('AssumeRole', { ...assume, Tags }, alice)).toBe(
    `AccessDenied 403: User: ${ALICE} is not authorized to perform: sts:TagSession on resource: ${ROLE}`,
  )
})

test('a role that is assumed from a role is so for an hour at most, and the source identity stays', async () => {
  const any = trustOf({ AWS: '*' }, { Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] })
  const { world, alice } = await worldWith(any, { MaxSessionDuration: 43200 })
  const first = await world.run(
    'AssumeRole',
    { ...assume, DurationSeconds: 43200, SourceIdentity: 'ann' },
    alice,
  )
  expect(first.SourceIdentity).toBe('ann')
  expect(first.Credentials.Expiration).toBe(START + 12 * HOUR * SECOND)
  const caller = world.callerWith(first)!
  expect(await world.refusal('AssumeRole', { ...assume, DurationSeconds: 3601 }, caller)).toBe(
    'ValidationError 400: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  )
  expect((await world.run('AssumeRole', assume, caller)).SourceIdentity).toBe('ann')
  expect(await world.refusal('AssumeRole', { ...assume, SourceIdentity: 'bob' }, caller)).toContain(
    'SetSourceIdentity',
  )
})

test('a user gets credentials for a while, with what the user may do', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  await world.run('PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument: policyOf('sqs:*') })
  const answer = await world.run('GetSessionToken', {}, alice)
  expect(answer.Credentials.Expiration).toBe(START + 12 * HOUR * SECOND)
  const session = world.callerWith(answer)!
  expect(session).toMatchObject({ principalArn: ALICE, userId: alice.userId })
  expect(may(session, 'sqs:SendMessage')).toBe(true)
  expect(await world.refusal('GetSessionToken', {}, session)).toBe(
    'AccessDenied 403: Cannot call GetSessionToken with session credentials',
  )
  const root = await world.run('GetSessionToken', { DurationSeconds: 129600 })
  expect(root.Credentials.Expiration).toBe(START + HOUR * SECOND)
  expect(world.callerWith(root)).toMatchObject({ principalArn: ROOT.principalArn })
  await world.run('UpdateUser', { UserName: 'alice', NewUserName: 'alicia' })
  expect(world.callerWith(answer)).toMatchObject({ principalArn: `arn:aws:iam::${ACCOUNT}:user/alicia` })
  await world.run('DeleteUserPolicy', { UserName: 'alicia', PolicyName: 'p' })
  await world.run('DeleteAccessKey', { UserName: 'alicia', AccessKeyId: alice.accessKeyId })
  await world.run('DeleteUser', { UserName: 'alicia' })
  expect(world.callerWith(answer)).toBeUndefined()
})

test('a federated user has what both its user and the policies passed for it allow', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  await world.run('PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument: policyOf('sqs:*') })
  const Policy = policyOf('sqs:SendMessage')
  const answer = await world.run('GetFederationToken', { Name: 'fed', Policy }, alice)
  expect(answer.FederatedUser).toEqual({
    FederatedUserId: `${ACCOUNT}:fed`,
    Arn: `arn:aws:sts::${ACCOUNT}:federated-user/fed`,
  })
  const session = world.callerWith(answer)!
  expect([may(session, 'sqs:SendMessage'), may(session, 'sqs:ReceiveMessage')]).toEqual([true, false])
  const bare = await world.run('GetFederationToken', { Name: 'fed' }, alice)
  expect(bare.PackedPolicySize).toBe(0)
  expect(may(world.callerWith(bare), 'sqs:SendMessage')).toBe(false)
  expect(await world.refusal('GetFederationToken', { Name: 'fed' }, session)).toContain('AccessDenied 403')
})

test('an access key id says whose it is, wherever it was made', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  const { Credentials } = await world.run('GetSessionToken', {}, alice)
  for (const AccessKeyId of [alice.accessKeyId, Credentials.AccessKeyId, 'AKIAROOTROOTROOTROOT']) {
    expect(await world.run('GetAccessKeyInfo', { AccessKeyId })).toEqual({ Account: ACCOUNT })
  }
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html tells nothing of how it's known; others found out.
  expect(await world.run('GetAccessKeyInfo', { AccessKeyId: 'ASIAY34FZKBOKMUTVV7A' })).toEqual({
    Account: '609629065308',
  })
  expect(await world.refusal('GetAccessKeyInfo', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' })).toContain(
    'ValidationError',
  )
})

test('what needs somebody outside is refused in a way that says so', async () => {
  const world = new IamWorld()
  const RoleArn = ROLE
  const of = {
    AssumeRoleWithWebIdentity: { RoleArn, RoleSessionName: 'job', WebIdentityToken: 'token' },
    AssumeRoleWithSAML: {
      RoleArn,
      PrincipalArn: `arn:aws:iam::${ACCOUNT}:saml-provider/p`,
      SAMLAssertion: 'assertion',
    },
    AssumeRoot: {
      TargetPrincipal: ACCOUNT,
      TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' },
    },
    GetDelegatedAccessToken: { TradeInToken: 'token' },
  }
  for (const [name, input] of Object.entries(of)) {
    expect(await world.refusal(name, input)).toMatch(
      new RegExp(`^UnsupportedOperation 400: ${name} is not supported here`),
    )
  }
  const web = { Audience: ['a'], SigningAlgorithm: 'RS256' }
  expect(await world.refusal('GetWebIdentityToken', web)).toContain(
    'OutboundWebIdentityFederationDisabledException 403',
  )
  expect(await world.refusal('DecodeAuthorizationMessage', { EncodedMessage: 'x' })).toContain(
    'InvalidAuthorizationMessageException 400',
  )
})

test('a session calls of STS what its kind may, whatever its policies say', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  const PolicyDocument = policyOf('*')
  await world.run('PutUserPolicy', { UserName: 'alice', PolicyName: 'p', PolicyDocument })
  for (const RoleName of ['one', 'two']) {
    const AssumeRolePolicyDocument = trustOf({ AWS: ACCOUNT })
    await world.run('CreateRole', { RoleName, AssumeRolePolicyDocument })
    await world.run('PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument })
  }
  const assume = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/two`, RoleSessionName: 'job' }
  const sessions = {
    user: await world.run('GetSessionToken', {}, alice),
    root: await world.run('GetSessionToken'),
    federated: await world.run('GetFederationToken', { Name: 'fed', Policy: PolicyDocument }, alice),
    role: await world.run('AssumeRole', { ...assume, RoleArn: assume.RoleArn.replace('two', 'one') }, alice),
  }
  const OPERATIONS = [
    ['GetCallerIdentity', {}],
    ['AssumeRole', assume],
    ['GetSessionToken', {}],
    ['GetFederationToken', { Name: 'again' }],
    ['GetAccessKeyInfo', { AccessKeyId: alice.accessKeyId }],
  ] as const
  const callable = async (session: object) => {
    const caller = world.callerWith(session)!
    const may: string[] = []
    for (const [name, input] of OPERATIONS) {
      const told = await world.refusal(name, input, caller)
      if (told === 'not refused') may.push(name)
      else if (told !== 'AccessDenied 403: Roles may not be assumed by root accounts.')
        expect(told).toBe(`AccessDenied 403: Cannot call ${name} with session credentials`)
    }
    return may
  }
  expect(await callable(sessions.user)).toEqual(['GetCallerIdentity', 'AssumeRole'])
  expect(await callable(sessions.root)).toEqual(['GetCallerIdentity'])
  expect(await callable(sessions.federated)).toEqual(['GetCallerIdentity'])
  expect(await callable(sessions.role)).toEqual(['GetCallerIdentity', 'AssumeRole', 'GetAccessKeyInfo'])
})
