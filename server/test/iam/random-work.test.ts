import { expect, test } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { ACCOUNT, IamWorld, policyOf, rootOf, trustOf } from './iam-world.ts'

const NAMES = ['a', 'B', 'b', 'c', 'team'] as const
const ACCOUNTS = [ACCOUNT, '444455556666'] as const
const WORDS = ['User', 'Group', 'Role'] as const

type Request = readonly [name: string, input: Readonly<Record<string, unknown>>]

/** One thing that a client may ask for, whether it is possible or not. */
function randomRequest(random: SeededRandom, accountId: string): Request {
  const name = () => random.pick(NAMES)
  const word = random.pick(WORDS)
  const holder = { [`${word}Name`]: name() }
  const PolicyArn = random.chance(0.3)
    ? 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
    : `arn:aws:iam::${accountId}:policy/${name()}`
  const PolicyDocument = policyOf(random.pick(['sqs:*', 'sns:*']))
  const VersionId = `v${1 + random.below(6)}`
  const AssumeRolePolicyDocument = trustOf({ AWS: `arn:aws:iam::${accountId}:user/${name()}` })
  const Tags = [{ Key: name(), Value: 'v' }]
  return random.pick<Request>([
    ['CreateUser', { UserName: name(), ...(random.chance(0.3) && { PermissionsBoundary: PolicyArn }), Tags }],
    ['UpdateUser', { UserName: name(), NewUserName: name() }],
    ['DeleteUser', { UserName: name() }],
    ['CreateGroup', { GroupName: name() }],
    ['DeleteGroup', { GroupName: name() }],
    ['AddUserToGroup', { UserName: name(), GroupName: name() }],
    ['RemoveUserFromGroup', { UserName: name(), GroupName: name() }],
    ['CreateRole', { RoleName: name(), AssumeRolePolicyDocument }],
    ['UpdateAssumeRolePolicy', { RoleName: name(), PolicyDocument: AssumeRolePolicyDocument }],
    ['DeleteRole', { RoleName: name() }],
    ['CreatePolicy', { PolicyName: name(), PolicyDocument }],
    ['DeletePolicy', { PolicyArn }],
    ['CreatePolicyVersion', { PolicyArn, PolicyDocument, SetAsDefault: random.chance(0.5) }],
    ['DeletePolicyVersion', { PolicyArn, VersionId }],
    ['SetDefaultPolicyVersion', { PolicyArn, VersionId }],
    [`Attach${word}Policy`, { ...holder, PolicyArn }],
    [`Detach${word}Policy`, { ...holder, PolicyArn }],
    [`Put${word}Policy`, { ...holder, PolicyName: name(), PolicyDocument }],
    [`Delete${word}Policy`, { ...holder, PolicyName: name() }],
    ['CreateAccessKey', { UserName: name() }],
    ['CreateAccountAlias', { AccountAlias: random.pick(['one-alias', 'two-alias']) }],
    ['TagUser', { UserName: name(), Tags }],
    ['UntagUser', { UserName: name(), TagKeys: [name()] }],
  ])
}

/** All that clients can see of an account. */
async function view(world: IamWorld, accountId: string): Promise<string> {
  const root = rootOf(accountId)
  const seen: object[] = []
  for (const name of [
    'ListUsers',
    'ListGroups',
    'ListRoles',
    'ListPolicies',
    'ListAccountAliases',
    'GetAccountSummary',
  ]) {
    seen.push(await world.run(name, {}, root))
  }
  for (const name of NAMES) {
    for (const asked of [
      ['GetUser', { UserName: name }],
      ['GetGroup', { GroupName: name }],
      ['GetRole', { RoleName: name }],
      ['ListGroupsForUser', { UserName: name }],
      ['ListAccessKeys', { UserName: name }],
      ...WORDS.map((word) => [`ListAttached${word}Policies`, { [`${word}Name`]: name }] as const),
      ['ListPolicyVersions', { PolicyArn: `arn:aws:iam::${accountId}:policy/${name}` }],
      ['ListEntitiesForPolicy', { PolicyArn: `arn:aws:iam::${accountId}:policy/${name}` }],
    ] as const) {
      const refusal = await world.refusal(asked[0], asked[1], root)
      seen.push({ refusal }, refusal === 'not refused' ? await world.run(asked[0], asked[1], root) : {})
    }
  }
  return JSON.stringify(seen)
}

test.each([1, 2, 3, 4, 5, 6])(
  'whatever is asked for, events and snapshots say the same as the state (seed %i)',
  async (seed) => {
    const random = new SeededRandom(seed)
    const world = new IamWorld(seed)
    let done = 0
    for (let i = 0; i < 1200; i++) {
      const accountId = random.pick(ACCOUNTS)
      const [name, input] = randomRequest(random, accountId)
      const before = random.chance(0.03) ? world.entities() : null
      world.now += random.below(1000)
      try {
        await world.run(name, input, rootOf(accountId))
        done++
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error
        // What is refused changes nothing.
        if (before !== null) expect(world.entities()).toEqual(before)
      }
      if (i === 700 && seed % 2 === 0) world.execute({ service: 'iam', kind: 'reset' })
      if (i % 300 !== 299) continue
      const entities = world.entities()
      const seen = [await view(world, ACCOUNTS[0]), await view(world, ACCOUNTS[1])]
      const snapshot = world.snapshot()
      world.replay()
      expect(world.entities()).toEqual(entities)
      expect([await view(world, ACCOUNTS[0]), await view(world, ACCOUNTS[1])]).toEqual(seen)
      const replayed = world.snapshot()
      expect(replayed.size).toBe(snapshot.size)
      world.restore(snapshot)
      expect(world.entities()).toEqual(entities)
      expect([await view(world, ACCOUNTS[0]), await view(world, ACCOUNTS[1])]).toEqual(seen)
      world.replay()
    }
    expect(done).toBeGreaterThan(200)
  },
)

test('a reset leaves the accounts that the operator made, and their root keys', async () => {
  const world = new IamWorld()
  await world.user('alice')
  await world.run('CreateAccountAlias', { AccountAlias: 'mill' })
  const key = { id: 'AKIAMADEMADEMADEMADE', sealedSecret: new Uint8Array([1]) }
  const made = {
    service: 'iam',
    kind: 'createAccount',
    accountId: '444455556666',
    name: 'tests',
    key,
  } as const
  world.execute(made)
  await world.run('CreateUser', { UserName: 'bob' }, rootOf('444455556666'))
  world.execute({ service: 'iam', kind: 'reset' })
  expect(world.entities()).toMatchObject([
    { entity: { type: 'account', name: 'tests', keys: [{ id: key.id }] } },
  ])
  expect(() => world.execute({ ...made, accountId: '777788889999' } as never)).toThrow('already exists')
})
