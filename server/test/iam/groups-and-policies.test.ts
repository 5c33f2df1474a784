import { expect, test } from 'vitest'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { awsManagedPolicies } from '../../src/services/iam/aws-managed-policies.ts'
import { defaultVersionOf } from '../../src/services/iam/entities.ts'
import { ACCOUNT, IamWorld, policyOf, START, trustOf } from './iam-world.ts'

const SQS = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
const OWN = `arn:aws:iam::${ACCOUNT}:policy/own`
const DOCUMENT = policyOf('sqs:*')
type Named = Readonly<Record<string, string>>

test('groups have members, ten for a user at most, and go only when they are empty', async () => {
  const world = new IamWorld()
  const { Group } = await world.run('CreateGroup', { GroupName: 'readers', Path: '/a/' })
  expect(Group).toEqual({
    ...{
      Path: '/a/',
      GroupName: 'readers',
      Arn: `arn:aws:iam::${ACCOUNT}:group/a/readers`,
      CreateDate: START,
    },
    GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/),
  })
  expect(await world.refusal('CreateGroup', { GroupName: 'READERS' })).toBe(
    'EntityAlreadyExists 409: Group with name READERS already exists.',
  )
  for (const UserName of ['carol', 'alice']) {
    await world.run('CreateUser', { UserName })
    await world.run('AddUserToGroup', { UserName, GroupName: 'readers' })
    await world.run('AddUserToGroup', { UserName, GroupName: 'readers' })
  }
  const { Users, ...rest } = await world.run('GetGroup', { GroupName: 'readers' })
  expect(Users.map(({ UserName }: Named) => UserName)).toEqual(['alice', 'carol'])
  expect(rest).toEqual({ Group, IsTruncated: false })
  const page = await world.run('GetGroup', { GroupName: 'readers', MaxItems: 1 })
  const second = await world.run('GetGroup', { GroupName: 'readers', Marker: page.Marker })
  expect(second.Users.map(({ UserName }: Named) => UserName)).toEqual(['carol'])

  for (let i = 0; i < 9; i++) {
    await world.run('CreateGroup', { GroupName: `g${i}` })
    await world.run('AddUserToGroup', { UserName: 'alice', GroupName: `g${i}` })
  }
  await world.run('CreateGroup', { GroupName: 'more' })
  expect(await world.refusal('AddUserToGroup', { UserName: 'alice', GroupName: 'more' })).toBe(
    'LimitExceeded 409: Cannot exceed quota for GroupsPerUser: 10',
  )
  expect((await world.run('ListGroupsForUser', { UserName: 'alice' })).Groups).toHaveLength(10)
  expect((await world.run('ListGroups')).Groups).toHaveLength(11)

  expect(await world.refusal('DeleteGroup', { GroupName: 'readers' })).toBe(
    'DeleteConflict 409: Cannot delete entity, must remove users from group first.',
  )
  for (const UserName of ['carol', 'alice'])
    await world.run('RemoveUserFromGroup', { UserName, GroupName: 'readers' })
  expect(await world.refusal('RemoveUserFromGroup', { UserName: 'carol', GroupName: 'readers' })).toContain(
    'NoSuchEntity 404',
  )
  await world.run('AttachGroupPolicy', { GroupName: 'readers', PolicyArn: SQS })
  expect(await world.refusal('DeleteGroup', { GroupName: 'readers' })).toContain(
    'must detach all policies first',
  )
  await world.run('DetachGroupPolicy', { GroupName: 'readers', PolicyArn: SQS })
  await world.run('DeleteGroup', { GroupName: 'readers' })
  expect(await world.refusal('GetGroup', { GroupName: 'readers' })).toBe(
    'NoSuchEntity 404: The group with name readers cannot be found.',
  )
})

test('a managed policy has up to five versions, of which one counts', async () => {
  const world = new IamWorld()
  const { Policy } = await world.run('CreatePolicy', {
    ...{ PolicyName: 'own', PolicyDocument: DOCUMENT, Description: 'd', Tags: [{ Key: 'k', Value: 'v' }] },
  })
  expect(Policy).toEqual({
    ...{
      PolicyName: 'own',
      Path: '/',
      Arn: OWN,
      DefaultVersionId: 'v1',
      CreateDate: START,
      UpdateDate: START,
    },
    ...{ AttachmentCount: 0, PermissionsBoundaryUsageCount: 0, IsAttachable: true },
    PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    Tags: [{ Key: 'k', Value: 'v' }],
  })
  expect((await world.run('GetPolicy', { PolicyArn: OWN })).Policy).toEqual({ ...Policy, Description: 'd' })
  expect(await world.refusal('CreatePolicy', { PolicyName: 'OWN', PolicyDocument: DOCUMENT })).toBe(
    'EntityAlreadyExists 409: A policy called OWN already exists. Duplicate names are not allowed.',
  )
  const version = (Action: string, more = {}) =>
    world.run('CreatePolicyVersion', { PolicyArn: OWN, PolicyDocument: policyOf(Action), ...more })
  world.now += 1000
  expect((await version('sqs:a')).PolicyVersion).toEqual({
    ...{ VersionId: 'v2', IsDefaultVersion: false, CreateDate: START + 1000 },
  })
  await version('sqs:b', { SetAsDefault: true })
  await version('sqs:c')
  await version('sqs:d')
  expect(await world.refusal('CreatePolicyVersion', { PolicyArn: OWN, PolicyDocument: DOCUMENT })).toBe(
    'LimitExceeded 409: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  )
  const { Versions } = await world.run('ListPolicyVersions', { PolicyArn: OWN })
  expect(Versions.map((each: Named) => [each.VersionId, each.IsDefaultVersion])).toEqual([
    ['v5', false],
    ['v4', false],
    ['v3', true],
    ['v2', false],
    ['v1', false],
  ])
  const { PolicyVersion } = await world.run('GetPolicyVersion', { PolicyArn: OWN, VersionId: 'v3' })
  expect(decodeURIComponent(PolicyVersion.Document)).toBe(policyOf('sqs:b'))
  expect(PolicyVersion.Document).toMatch(/^[\w.~%-]+$/)
  expect(await world.refusal('DeletePolicyVersion', { PolicyArn: OWN, VersionId: 'v3' })).toBe(
    'DeleteConflict 409: Cannot delete the default version of a policy.',
  )
  expect(await world.refusal('DeletePolicy', { PolicyArn: OWN })).toBe(
    "DeleteConflict 409: This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
  )
  await world.run('SetDefaultPolicyVersion', { PolicyArn: OWN, VersionId: 'v1' })
  for (const VersionId of ['v2', 'v3', 'v4', 'v5'])
    await world.run('DeletePolicyVersion', { PolicyArn: OWN, VersionId })
  expect(await world.refusal('SetDefaultPolicyVersion', { PolicyArn: OWN, VersionId: 'v2' })).toBe(
    `NoSuchEntity 404: Policy ${OWN} version v2 does not exist or is not attachable.`,
  )
  expect((await version('sqs:e')).PolicyVersion.VersionId).toBe('v6')
  await world.run('DeletePolicyVersion', { PolicyArn: OWN, VersionId: 'v6' })
  await world.run('DeletePolicy', { PolicyArn: OWN })
  expect(await world.refusal('GetPolicy', { PolicyArn: OWN })).toBe(
    `NoSuchEntity 404: Policy ${OWN} was not found.`,
  )
})

test('what is no policy is refused, and changes nothing', async () => {
  const world = new IamWorld()
  const refused = (PolicyDocument: string) =>
    world.refusal('CreatePolicy', { PolicyName: 'own', PolicyDocument })
  expect(await refused('{')).toBe('MalformedPolicyDocument 400: Syntax errors in policy.')
  expect(
    await refused('{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
  ).toBe('MalformedPolicyDocument 400: Policy document must be version 2012-10-17 or greater.')
  expect(await refused(policyOf('sqs:*', 'Allow', `arn:aws:sqs:::${'q'.repeat(6200)}`))).toBe(
    'LimitExceeded 409: Cannot exceed quota for PolicySize: 6144',
  )
  expect(await refused(`${DOCUMENT}\u0100`)).toContain('ValidationError 400')
  expect((await world.run('ListPolicies', { Scope: 'Local' })).Policies).toEqual([])
  await world.run('CreateUser', { UserName: 'alice' })
  const large = policyOf('sqs:*', 'Allow', `arn:aws:sqs:::${'q'.repeat(1100)}`)
  const put = { UserName: 'alice', PolicyDocument: large }
  await world.run('PutUserPolicy', { ...put, PolicyName: 'one' })
  await world.run('PutUserPolicy', { ...put, PolicyName: 'one' })
  expect(await world.refusal('PutUserPolicy', { ...put, PolicyName: 'two' })).toBe(
    'LimitExceeded 409: Maximum policy size of 2048 bytes exceeded for user alice',
  )
})

test('policies are attached, counted and detached, for users, groups and roles alike', async () => {
  const world = new IamWorld()
  await world.run('CreatePolicy', { PolicyName: 'own', PolicyDocument: DOCUMENT, Path: '/p/' })
  const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p/own`
  await world.run('CreateUser', { UserName: 'u', PermissionsBoundary: PolicyArn })
  await world.run('CreateGroup', { GroupName: 'g' })
  const trust = trustOf({ Service: 'lambda.amazonaws.com' })
  await world.run('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust })
  for (const [word, one] of [
    ['User', { UserName: 'u' }],
    ['Group', { GroupName: 'g' }],
    ['Role', { RoleName: 'r' }],
  ] as const) {
    await world.run(`Attach${word}Policy`, { ...one, PolicyArn })
    await world.run(`Attach${word}Policy`, { ...one, PolicyArn })
    await world.run(`Attach${word}Policy`, { ...one, PolicyArn: SQS })
    const { AttachedPolicies } = await world.run(`ListAttached${word}Policies`, one)
    expect(AttachedPolicies).toEqual([
      { PolicyName: 'own', PolicyArn },
      { PolicyName: 'AmazonSQSFullAccess', PolicyArn: SQS },
    ])
    expect(
      (await world.run(`ListAttached${word}Policies`, { ...one, PathPrefix: '/p/' })).AttachedPolicies,
    ).toHaveLength(1)
    expect(await world.refusal(`Attach${word}Policy`, { ...one, PolicyArn: `${PolicyArn}2` })).toBe(
      `NoSuchEntity 404: Policy ${PolicyArn}2 does not exist or is not attachable.`,
    )
    expect(await world.refusal(`Attach${word}Policy`, { ...one, PolicyArn: 'longpolicynamebutnoarn' })).toBe(
      'InvalidInput 400: ARN longpolicynamebutnoarn is not valid.',
    )
    const inline = { ...one, PolicyName: 'inline' }
    await world.run(`Put${word}Policy`, { ...inline, PolicyDocument: DOCUMENT })
    expect(await world.run(`List${word}Policies`, one)).toEqual({
      PolicyNames: ['inline'],
      IsTruncated: false,
    })
    expect(await world.run(`Get${word}Policy`, inline)).toEqual({
      ...inline,
      PolicyDocument: encodeURIComponent(DOCUMENT).replaceAll('*', '%2A'),
    })
    expect(await world.refusal(`Get${word}Policy`, { ...one, PolicyName: 'toString' })).toBe(
      `NoSuchEntity 404: The ${word.toLowerCase()} policy with name toString cannot be found.`,
    )
    await world.run(`Delete${word}Policy`, inline)
    expect(await world.refusal(`Delete${word}Policy`, inline)).toContain('NoSuchEntity 404')
    expect(await world.refusal(`Put${word}Policy`, { ...inline, PolicyDocument: 'x' })).toContain('Malformed')
  }
  expect((await world.run('GetPolicy', { PolicyArn })).Policy).toMatchObject({
    ...{ AttachmentCount: 3, PermissionsBoundaryUsageCount: 1 },
  })
  const uses = await world.run('ListEntitiesForPolicy', { PolicyArn })
  expect(uses).toMatchObject({
    ...{
      PolicyUsers: [{ UserName: 'u' }],
      PolicyGroups: [{ GroupName: 'g' }],
      PolicyRoles: [{ RoleName: 'r' }],
    },
    IsTruncated: false,
  })
  const boundaries = await world.run('ListEntitiesForPolicy', {
    PolicyArn,
    PolicyUsageFilter: 'PermissionsBoundary',
  })
  expect(boundaries).toMatchObject({ PolicyUsers: [{ UserName: 'u' }], PolicyGroups: [], PolicyRoles: [] })
  expect((await world.run('ListEntitiesForPolicy', { PolicyArn, EntityFilter: 'Role' })).PolicyUsers).toEqual(
    [],
  )
  expect(await world.refusal('DeletePolicy', { PolicyArn })).toBe(
    'DeleteConflict 409: Cannot delete a policy attached to entities.',
  )
  await world.run('DetachUserPolicy', { UserName: 'u', PolicyArn })
  expect(await world.refusal('DetachUserPolicy', { UserName: 'u', PolicyArn })).toBe(
    `NoSuchEntity 404: Policy ${PolicyArn} was not found.`,
  )
  for (let i = 0; i < 9; i++) {
    await world.run('CreatePolicy', { PolicyName: `p${i}`, PolicyDocument: DOCUMENT })
    await world.run('AttachUserPolicy', { UserName: 'u', PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/p${i}` })
  }
  expect(await world.refusal('AttachUserPolicy', { UserName: 'u', PolicyArn })).toBe(
    'LimitExceeded 409: Cannot exceed quota for PoliciesPerUser: 10',
  )
})

test('a policy of one account is nothing to another, even if it has one of that name', async () => {
  const world = new IamWorld()
  await world.run('CreatePolicy', { PolicyName: 'own', PolicyDocument: DOCUMENT })
  await world.run('CreateUser', { UserName: 'u' })
  const PolicyArn = OWN.replace(ACCOUNT, '444455556666')
  expect(await world.refusal('AttachUserPolicy', { UserName: 'u', PolicyArn })).toContain('NoSuchEntity 404')
  expect(await world.refusal('GetPolicy', { PolicyArn })).toContain('NoSuchEntity 404')
  expect(await world.refusal('CreatePolicyVersion', { PolicyArn, PolicyDocument: DOCUMENT })).toContain(
    'NoSuchEntity',
  )
})

test("AWS's own policies are there for every account, and nobody's to change", async () => {
  const world = new IamWorld()
  for (const [arn, policy] of awsManagedPolicies()) {
    const { text } = defaultVersionOf(policy).policy
    expect(readPolicy(text, 'managed').kind, arn).toBe('read')
    expect(policy.id).toMatch(/^ANPA[A-Z0-9]{17}$/)
  }
  expect(new Set([...awsManagedPolicies().values()].map(({ id }) => id)).size).toBe(awsManagedPolicies().size)
  const { Policy } = await world.run('GetPolicy', { PolicyArn: SQS })
  expect(Policy).toMatchObject({ Arn: SQS, PolicyId: 'ANPAI65L554VRJ33ECQS6', AttachmentCount: 0 })
  expect(await world.refusal('DeletePolicy', { PolicyArn: SQS })).toContain('NoSuchEntity 404')
  expect(await world.refusal('CreatePolicyVersion', { PolicyArn: SQS, PolicyDocument: DOCUMENT })).toContain(
    'NoSuchEntity',
  )
})

test('lists of policies lead through those of the account and then through those of AWS', async () => {
  const world = new IamWorld()
  for (const PolicyName of ['b', 'a', 'C'])
    await world.run('CreatePolicy', { PolicyName, PolicyDocument: DOCUMENT })
  const aws = [...awsManagedPolicies().values()].map(({ name }) => name)
  const all = async (input: object) => {
    const names: string[] = []
    let Marker: string | undefined
    do {
      const page = await world.run('ListPolicies', { ...input, ...(Marker && { Marker }) })
      names.push(...page.Policies.map(({ PolicyName }: Named) => PolicyName))
      Marker = page.Marker
    } while (Marker !== undefined)
    return names
  }
  for (const MaxItems of [1, 2, 3, 4, 100]) {
    expect(await all({ MaxItems })).toEqual(['a', 'b', 'C', ...aws])
    expect(await all({ MaxItems, Scope: 'AWS' })).toEqual(aws)
    expect(await all({ MaxItems, Scope: 'Local' })).toEqual(['a', 'b', 'C'])
  }
  expect(await all({ PathPrefix: '/service-role/' })).toEqual(
    aws.filter((name) => name.startsWith('AWSLambda')),
  )
  await world.run('CreateUser', { UserName: 'u', PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/b` })
  await world.run('AttachUserPolicy', { UserName: 'u', PolicyArn: SQS })
  expect(await all({ OnlyAttached: true })).toEqual(['AmazonSQSFullAccess'])
  expect(await all({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['b'])
})

test('an account has one alias, which no other has', async () => {
  const world = new IamWorld()
  expect((await world.run('ListAccountAliases')).AccountAliases).toEqual([])
  await world.run('CreateAccountAlias', { AccountAlias: 'mill' })
  await world.run('CreateAccountAlias', { AccountAlias: 'mill-two' })
  expect(await world.run('ListAccountAliases')).toEqual({ AccountAliases: ['mill-two'], IsTruncated: false })
  expect(await world.refusal('CreateAccountAlias', { AccountAlias: 'mill-two' })).toBe(
    'EntityAlreadyExists 409: The account alias mill-two already exists.',
  )
  expect(await world.refusal('CreateAccountAlias', { AccountAlias: 'Mill' })).toContain('ValidationError 400')
})

test('the summary of an account counts what it has, and tells the quotas', async () => {
  const world = new IamWorld()
  await world.run('CreateUser', { UserName: 'u' })
  await world.run('CreatePolicy', { PolicyName: 'own', PolicyDocument: DOCUMENT })
  await world.run('CreatePolicyVersion', { PolicyArn: OWN, PolicyDocument: DOCUMENT })
  expect((await world.run('GetAccountSummary')).SummaryMap).toMatchObject({
    ...{
      Users: 1,
      UsersQuota: 5000,
      Groups: 0,
      Policies: 1,
      PolicyVersionsInUse: 2,
      AccountAccessKeysPresent: 1,
    },
    ...{ AccessKeysPerUserQuota: 2, PolicySizeQuota: 6144 },
  })
})
