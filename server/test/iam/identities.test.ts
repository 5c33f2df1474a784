import { expect, test } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { ACCOUNT, IamWorld, policyOf, START } from './iam-world.ts'

const OWN = `arn:aws:iam::${ACCOUNT}:policy/own`

test('a key is another object when it or its user has changed, and the same for as long as neither has', async () => {
  const world = new IamWorld()
  const { accessKeyId } = await world.user('alice')
  const find = () => world.identities.find(accessKeyId, undefined)
  const first = find()!
  expect(find()).toBe(first)
  await world.run('CreateUser', { UserName: 'bob' })
  expect(find()).toBe(first)
  await world.run('UpdateAccessKey', { UserName: 'alice', AccessKeyId: accessKeyId, Status: 'Inactive' })
  expect(find()).toBeUndefined()
  await world.run('UpdateAccessKey', { UserName: 'alice', AccessKeyId: accessKeyId, Status: 'Active' })
  const second = find()!
  expect(second).not.toBe(first)
  expect(second.secretKey).toBe(first.secretKey)
  await world.run('UpdateUser', { UserName: 'alice', NewPath: '/team/' })
  expect(find()!.principalArn).toBe(`arn:aws:iam::${ACCOUNT}:user/team/alice`)
  await world.run('DeleteAccessKey', { UserName: 'alice', AccessKeyId: accessKeyId })
  expect(find()).toBeUndefined()
})

test('what a user may do follows every change of its policies, its groups and its boundary', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  const may = (action: string) => {
    const target = {
      arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:q`,
      accountId: ACCOUNT,
      policy: null,
      kind: 'ordinary',
    } as const
    const caller = alice.identity!.permissions()
    return evaluate({ action, caller, target, context: contextOf([]) }).kind === 'allowed'
  }
  expect(may('sqs:SendMessage')).toBe(false)
  await world.run('CreatePolicy', { PolicyName: 'own', PolicyDocument: policyOf('sqs:SendMessage') })
  await world.run('CreateGroup', { GroupName: 'g' })
  await world.run('AttachGroupPolicy', { GroupName: 'g', PolicyArn: OWN })
  await world.run('AddUserToGroup', { GroupName: 'g', UserName: 'alice' })
  expect([may('sqs:SendMessage'), may('sqs:ReceiveMessage')]).toEqual([true, false])
  const version = { PolicyArn: OWN, PolicyDocument: policyOf('sqs:*'), SetAsDefault: true }
  await world.run('CreatePolicyVersion', version)
  expect(may('sqs:ReceiveMessage')).toBe(true)
  await world.run('SetDefaultPolicyVersion', { PolicyArn: OWN, VersionId: 'v1' })
  expect(may('sqs:ReceiveMessage')).toBe(false)
  await world.run('AttachUserPolicy', { UserName: 'alice', PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' })
  expect(may('sqs:SendMessage')).toBe(false)
  await world.run('DetachUserPolicy', { UserName: 'alice', PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' })
  expect(may('sqs:SendMessage')).toBe(true)
  expect(alice.identity!.permissions()).toBe(alice.identity!.permissions())
  await world.run('RemoveUserFromGroup', { GroupName: 'g', UserName: 'alice' })
  expect(may('sqs:SendMessage')).toBe(false)
})

test('a boundary limits what policies allow', async () => {
  const world = new IamWorld()
  await world.run('CreatePolicy', { PolicyName: 'own', PolicyDocument: policyOf('sqs:SendMessage') })
  const alice = await world.user('alice', { PermissionsBoundary: OWN })
  const { User } = await world.run('GetUser', { UserName: 'alice' })
  expect(User.PermissionsBoundary).toEqual({ PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: OWN })
  await world.run('AttachUserPolicy', {
    UserName: 'alice',
    PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  const { boundary, identityPolicies } = alice.identity!.permissions()
  expect(boundary).not.toBe(null)
  expect(identityPolicies).toHaveLength(1)
})

test('while the state is recovered, a key that may be there is not said to be unknown', async () => {
  const world = new IamWorld()
  const { accessKeyId } = await world.user('alice')
  world.whileRecovering(() => {
    let error: unknown
    try {
      world.identities.find(accessKeyId, undefined)
    } catch (thrown) {
      error = thrown
    }
    expect(error instanceof ServiceError && error.shape.status).toBe(503)
  })
})

test('keys and sessions are as good after a restart as before, by events as by a snapshot', async () => {
  const world = new IamWorld()
  const alice = await world.user('alice')
  const session = await world.run('GetSessionToken', {}, alice)
  const before = world.identities.find(alice.accessKeyId, undefined)
  const snapshot = world.snapshot()
  const entities = world.entities()
  world.replay()
  expect(world.entities()).toEqual(entities)
  expect(world.identities.find(alice.accessKeyId, undefined)!.secretKey).toBe(before!.secretKey)
  world.restore(snapshot)
  expect(world.entities()).toEqual(entities)
  expect(world.callerWith(session)).toMatchObject({ userId: alice.userId })
})

test('the time of a use costs nothing but memory until it is saved', async () => {
  const world = new IamWorld()
  const { accessKeyId } = await world.user('alice')
  const key = world.identities.find(accessKeyId, undefined)!
  const use = (at: number) => world.identities.noteUse(key, { at, service: 'sqs', region: 'r' })
  use(START)
  use(START + 999)
  expect(world.lastUses.takeUnsaved()).toMatchObject([{ at: START }])
  use(START + 999)
  expect(world.lastUses.takeUnsaved()).toEqual([])
  use(START + 1000)
  const unsaved = world.lastUses.takeUnsaved()
  world.lastUses.putBack(unsaved)
  expect(world.lastUses.takeUnsaved()).toEqual(unsaved)
})
