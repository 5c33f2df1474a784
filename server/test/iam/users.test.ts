import { expect, test } from 'vitest'
import { ACCOUNT, IamWorld, policyOf, ROOT, ROOT_KEY, rootOf, START } from './iam-world.ts'

const ALICE = { UserName: 'alice' }

test('a user is made, found whatever the case of its name, listed, renamed and deleted', async () => {
  const world = new IamWorld()
  const { User } = await world.run('CreateUser', {
    ...ALICE,
    Path: '/team/',
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  expect(User).toEqual({
    Path: '/team/',
    UserName: 'alice',
    UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    Arn: `arn:aws:iam::${ACCOUNT}:user/team/alice`,
    CreateDate: START,
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  expect((await world.run('GetUser', { UserName: 'ALICE' })).User).toEqual(User)
  const { Tags: _tags, ...listed } = User
  expect(await world.run('ListUsers')).toEqual({ Users: [listed], IsTruncated: false })
  expect((await world.run('ListUsers', { PathPrefix: '/other/' })).Users).toEqual([])

  await world.run('UpdateUser', { ...ALICE, NewUserName: 'Alicia', NewPath: '/' })
  const renamed = (await world.run('GetUser', { UserName: 'alicia' })).User
  expect(renamed).toEqual({
    ...User,
    UserName: 'Alicia',
    Path: '/',
    Arn: `arn:aws:iam::${ACCOUNT}:user/Alicia`,
  })
  await world.run('UpdateUser', { UserName: 'alicia', NewUserName: 'ALICIA' })
  await world.run('DeleteUser', { UserName: 'Alicia' })
  expect(await world.refusal('GetUser', { UserName: 'Alicia' })).toBe(
    'NoSuchEntity 404: The user with name Alicia cannot be found.',
  )
})

test('what is no user is refused in the words of AWS', async () => {
  const world = new IamWorld()
  await world.run('CreateUser', ALICE)
  await world.run('CreateUser', { UserName: 'bob' })
  expect(await world.refusal('CreateUser', ALICE)).toBe(
    'EntityAlreadyExists 409: User with name alice already exists.',
  )
  expect(await world.refusal('CreateUser', { UserName: 'Alice' })).toBe(
    'EntityAlreadyExists 409: User with name Alice already exists.',
  )
  expect(await world.refusal('UpdateUser', { ...ALICE, NewUserName: 'bob' })).toBe(
    'EntityAlreadyExists 409: User with name bob already exists.',
  )
  expect(await world.refusal('CreateUser', { UserName: 'a b' })).toBe(
    'ValidationError 400: The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
  )
  expect(await world.refusal('CreateUser', { UserName: 'a', Path: 'team' })).toBe(
    'ValidationError 400: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  )
  expect(await world.refusal('CreateUser')).toBe(
    "ValidationError 400: 1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
  )
  expect(await world.refusal('CreateUser', { UserName: 'x'.repeat(65) })).toContain(
    'Member must have length less than or equal to 64',
  )
  const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/none`
  expect(await world.refusal('CreateUser', { UserName: 'c', PermissionsBoundary })).toBe(
    `NoSuchEntity 404: Policy ${PermissionsBoundary} does not exist or is not attachable.`,
  )
  expect(await world.refusal('CreateUser', { UserName: 'c', PermissionsBoundary: 'x'.repeat(20) })).toBe(
    `InvalidInput 400: ARN ${'x'.repeat(20)} is not valid.`,
  )
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'A', Value: '2' },
  ]
  expect(await world.refusal('CreateUser', { UserName: 'c', Tags })).toBe(
    'InvalidInput 400: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  )
  expect(await world.refusal('DeleteUser', { UserName: 'nobody' })).toBe(
    'NoSuchEntity 404: The user with name nobody cannot be found.',
  )
})

test('a user that still has something is not deleted', async () => {
  const world = new IamWorld()
  await world.run('CreateUser', ALICE)
  await world.run('CreateGroup', { GroupName: 'g' })
  await world.run('AddUserToGroup', { ...ALICE, GroupName: 'g' })
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
  await world.run('AttachUserPolicy', { ...ALICE, PolicyArn })
  await world.run('PutUserPolicy', { ...ALICE, PolicyName: 'p', PolicyDocument: policyOf('sqs:*') })
  const { AccessKey } = await world.run('CreateAccessKey', ALICE)
  const conflict = (what: string) => `DeleteConflict 409: Cannot delete entity, must ${what} first.`
  expect(await world.refusal('DeleteUser', ALICE)).toBe(conflict('remove users from group'))
  await world.run('RemoveUserFromGroup', { ...ALICE, GroupName: 'g' })
  expect(await world.refusal('DeleteUser', ALICE)).toBe(conflict('detach all policies'))
  await world.run('DetachUserPolicy', { ...ALICE, PolicyArn })
  expect(await world.refusal('DeleteUser', ALICE)).toBe(conflict('delete policies'))
  await world.run('DeleteUserPolicy', { ...ALICE, PolicyName: 'p' })
  expect(await world.refusal('DeleteUser', ALICE)).toBe(conflict('delete access keys'))
  await world.run('DeleteAccessKey', { ...ALICE, AccessKeyId: AccessKey.AccessKeyId })
  await world.run('DeleteUser', ALICE)
})

test('pages lead through all users in the order of their names, and markers are good for their own list', async () => {
  const world = new IamWorld()
  for (const name of ['d', 'B', 'a', 'C', 'e']) await world.run('CreateUser', { UserName: name })
  const seen: string[] = []
  let Marker: string | undefined
  do {
    const page = await world.run('ListUsers', { MaxItems: 2, ...(Marker && { Marker }) })
    seen.push(...page.Users.map(({ UserName }: { UserName: string }) => UserName))
    expect(page.IsTruncated).toBe(page.Marker !== undefined)
    Marker = page.Marker
    expect(Marker ?? '').toMatch(/^[\w-]{0,320}$/)
  } while (Marker !== undefined)
  expect(seen).toEqual(['a', 'B', 'C', 'd', 'e'])
  const first = await world.run('ListUsers', { MaxItems: 1 })
  expect(await world.refusal('ListGroups', { Marker: first.Marker })).toMatch(
    /^ValidationError 400: Invalid Marker/,
  )
  expect(await world.refusal('ListUsers', { Marker: 'made-up' })).toMatch(
    /^ValidationError 400: Invalid Marker/,
  )
})

test('accounts know nothing of each other', async () => {
  const world = new IamWorld()
  await world.run('CreateUser', ALICE)
  const other = rootOf('444455556666')
  expect((await world.run('ListUsers', {}, other)).Users).toEqual([])
  await world.run('CreateUser', ALICE, other)
  expect(await world.refusal('CreateAccessKey', { UserName: 'bob' }, other)).toContain('NoSuchEntity')
  await world.run('DeleteUser', ALICE, other)
  expect((await world.run('ListUsers')).Users).toHaveLength(1)
})

test('who names no user is asking about itself', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  expect((await world.run('GetUser', {}, alice)).User.UserName).toBe('alice')
  expect((await world.run('ListAccessKeys', {}, alice)).AccessKeyMetadata).toMatchObject([
    { UserName: 'alice', AccessKeyId: alice.accessKeyId, Status: 'Active' },
  ])
  expect((await world.run('GetUser')).User).toEqual({
    UserId: ACCOUNT,
    Arn: ROOT.principalArn,
    CreateDate: 0,
  })
  const session = world.callerWith(await world.run('GetFederationToken', { Name: 'fed' }, alice))!
  expect(await world.refusal('GetUser', {}, session)).toBe(
    'ValidationError 400: Must specify userName when calling with non-User credentials',
  )
})

test('a user has two access keys at most, which are told once', async () => {
  const world = new IamWorld()
  await world.run('CreateUser', ALICE)
  const { AccessKey } = await world.run('CreateAccessKey', ALICE)
  expect(AccessKey).toEqual({
    UserName: 'alice',
    AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    Status: 'Active',
    CreateDate: START,
  })
  await world.run('CreateAccessKey', ALICE)
  expect(await world.refusal('CreateAccessKey', ALICE)).toBe(
    'LimitExceeded 409: Cannot exceed quota for AccessKeysPerUser: 2',
  )
  const { AccessKeyMetadata } = await world.run('ListAccessKeys', ALICE)
  expect(AccessKeyMetadata).toHaveLength(2)
  expect(JSON.stringify(AccessKeyMetadata)).not.toContain('Secret')
  const unknown = { ...ALICE, AccessKeyId: 'AKIAUNKNOWNUNKNOWN12' }
  expect(await world.refusal('DeleteAccessKey', unknown)).toBe(
    'NoSuchEntity 404: The Access Key with id AKIAUNKNOWNUNKNOWN12 cannot be found.',
  )
  expect(await world.refusal('UpdateAccessKey', { ...unknown, Status: 'Inactive' })).toContain('NoSuchEntity')
  expect(await world.refusal('UpdateAccessKey', { ...unknown, Status: 'Gone' })).toContain(
    'Member must satisfy enum value set: [Active, Inactive, Expired]',
  )
})

test('the root user may have one more key beside the one of the server, which IAM does not change', async () => {
  const world = new IamWorld()
  const { AccessKey } = await world.run('CreateAccessKey')
  expect(AccessKey.UserName).toBeUndefined()
  expect(await world.refusal('CreateAccessKey')).toContain('AccessKeysPerUser: 2')
  expect(
    (await world.run('ListAccessKeys')).AccessKeyMetadata.map(
      (key: { AccessKeyId: string }) => key.AccessKeyId,
    ),
  ).toEqual([ROOT_KEY.accessKeyId, AccessKey.AccessKeyId])
  const { accessKeyId } = ROOT_KEY
  expect(await world.refusal('DeleteAccessKey', { AccessKeyId: accessKeyId })).toContain('InvalidInput 400')
  expect(world.callerBy(AccessKey.AccessKeyId)).toMatchObject({
    principalArn: ROOT.principalArn,
    userId: ACCOUNT,
  })
  await world.run('DeleteAccessKey', { AccessKeyId: AccessKey.AccessKeyId })
  expect(world.callerBy(AccessKey.AccessKeyId)).toBeUndefined()
})

test('when a key was last used is known at once, and still after it was saved', async () => {
  const world = new IamWorld()
  const { accessKeyId } = await world.user('alice')
  const lastUse = async () => await world.run('GetAccessKeyLastUsed', { AccessKeyId: accessKeyId })
  expect(await lastUse()).toEqual({
    UserName: 'alice',
    AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' },
  })
  const use = { at: START + 5000, service: 'sqs', region: 'eu-west-1' }
  world.identities.noteUse(world.identities.find(accessKeyId, undefined)!, use)
  const used = { LastUsedDate: START + 5000, ServiceName: 'sqs', Region: 'eu-west-1' }
  expect((await lastUse()).AccessKeyLastUsed).toEqual(used)
  const uses = world.lastUses.takeUnsaved()
  expect(uses).toEqual([{ id: accessKeyId, ...use }])
  expect(world.lastUses.takeUnsaved()).toEqual([])
  world.execute({ service: 'iam', kind: 'noteUses', uses: [...uses, { ...uses[0], id: 'gone' }] } as never)
  world.replay()
  expect((world.entities()[0] as { entity: object }).entity).toMatchObject({
    keyUses: { [accessKeyId]: use },
  })
  expect(
    await world.refusal('GetAccessKeyLastUsed', { AccessKeyId: accessKeyId }, rootOf('444455556666')),
  ).toBe(`NoSuchEntity 404: The Access Key with id ${accessKeyId} cannot be found.`)
})

test('tags are put over those with the same key, whatever its case, up to fifty', async () => {
  const world = new IamWorld()
  await world.run('CreateUser', ALICE)
  await world.run('TagUser', { ...ALICE, Tags: [{ Key: 'Team', Value: '1' }] })
  await world.run('TagUser', {
    ...ALICE,
    Tags: [
      { Key: 'team', Value: '2' },
      { Key: 'a', Value: '' },
    ],
  })
  expect(await world.run('ListUserTags', ALICE)).toEqual({
    Tags: [
      { Key: 'a', Value: '' },
      { Key: 'team', Value: '2' },
    ],
    IsTruncated: false,
  })
  await world.run('UntagUser', { ...ALICE, TagKeys: ['TEAM', 'unknown'] })
  expect((await world.run('ListUserTags', ALICE)).Tags).toEqual([{ Key: 'a', Value: '' }])
  const Tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' }))
  expect(await world.refusal('TagUser', { ...ALICE, Tags })).toBe(
    'LimitExceeded 409: Cannot exceed quota for TagsPerUser: 50',
  )
  await world.run('TagUser', { ...ALICE, Tags: Tags.slice(1) })
  expect((await world.run('ListUserTags', { ...ALICE, MaxItems: 49 })).IsTruncated).toBe(true)
  expect(await world.refusal('TagUser', { ...ALICE, Tags: [{ Key: 'aws:x', Value: '' }] })).toContain(
    'InvalidInput',
  )
  expect(await world.refusal('TagUser', { UserName: 'nobody', Tags: [] })).toContain('NoSuchEntity')
})
