import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListPoliciesCommand,
  PutUserPolicyCommand,
  paginateListUsers,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandOutput,
  SimulatePrincipalPolicyCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam'
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

const ACCOUNT = '000000000000'
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

let server: ServerProcess

const optionsFor = (credentials: Keys) => ({
  ...{ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 },
})
const iamWith = (credentials: Keys = TEST_KEY) => new IAMClient(optionsFor(credentials))
const stsWith = (credentials: Keys = TEST_KEY) => new STSClient(optionsFor(credentials))
const sqsWith = (credentials: Keys = TEST_KEY) => new SQSClient(optionsFor(credentials))

const policyOf = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

const trustOf = (AWS: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
  })

async function newUser(UserName: string): Promise<Keys> {
  await iamWith().send(new CreateUserCommand({ UserName }))
  const { AccessKey } = await iamWith().send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
}

/** Lets a user do everything with queues. */
async function attach(UserName: string): Promise<void> {
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
  await iamWith().send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
}

function keysOf(credentials: Credentials | undefined): Required<Keys> {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials!
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! }
}

const whoIs = (keys: Keys) => stsWith(keys).send(new GetCallerIdentityCommand({}))

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
})

afterAll(async () => {
  await server.destroy()
})

test("a user's key signs requests to every service, and not from the moment that it is disabled or deleted", async () => {
  const alice = await newUser('alice')
  expect(await whoIs(alice)).toMatchObject({
    ...{
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
      UserId: expect.stringMatching(/^AIDA/),
    },
  })
  await attach('alice')
  const { QueueUrl } = await sqsWith(alice).send(new CreateQueueCommand({ QueueName: 'orders' }))
  await sqsWith(alice).send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }))
  const { AccessKeyLastUsed } = await iamWith().send(
    new GetAccessKeyLastUsedCommand({ AccessKeyId: alice.accessKeyId }),
  )
  expect(AccessKeyLastUsed).toMatchObject({ Region: 'eu-west-1' })

  const setStatus = (Status: 'Active' | 'Inactive') =>
    iamWith().send(new UpdateAccessKeyCommand({ UserName: 'alice', AccessKeyId: alice.accessKeyId, Status }))
  await setStatus('Inactive')
  await expect(whoIs(alice)).rejects.toMatchObject({
    ...{ name: 'InvalidClientTokenId', message: 'The security token included in the request is invalid.' },
    $metadata: { httpStatusCode: 403 },
  })
  await expect(sqsWith(alice).send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
  await setStatus('Active')
  await whoIs(alice)
  await expect(whoIs({ ...alice, secretAccessKey: 'another secret' })).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  })
  await iamWith().send(new DeleteAccessKeyCommand({ UserName: 'alice', AccessKeyId: alice.accessKeyId }))
  await expect(whoIs(alice)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
})

test('a role is assumed, its session works with every service, and ends with the role', async () => {
  const bob = await newUser('bob')
  const RoleName = 'worker'
  const AssumeRolePolicyDocument = trustOf(`arn:aws:iam::${ACCOUNT}:user/bob`)
  const { Role } = await iamWith().send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'
  await iamWith().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  const assume = new AssumeRoleCommand({ RoleArn: Role!.Arn!, RoleSessionName: 'job', DurationSeconds: 900 })
  await expect(stsWith().send(assume)).rejects.toMatchObject({
    ...{ name: 'AccessDenied', message: 'Roles may not be assumed by root accounts.' },
  })
  const { Credentials, AssumedRoleUser } = await stsWith(bob).send(assume)
  const session = keysOf(Credentials)
  expect(AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/worker/job`)
  const left = Credentials!.Expiration!.getTime() - Date.now()
  expect(left).toBeGreaterThan(890_000)
  expect(left).toBeLessThanOrEqual(900_000)
  expect((await whoIs(session)).Arn).toBe(AssumedRoleUser!.Arn)
  const { QueueUrl } = await sqsWith(session).send(new CreateQueueCommand({ QueueName: 'jobs' }))
  expect(QueueUrl).toContain(`/${ACCOUNT}/jobs`)
  expect((await iamWith().send(new GetRoleCommand({ RoleName }))).Role!.RoleLastUsed).toMatchObject({
    Region: 'eu-west-1',
  })
  await expect(
    whoIs({ ...session, sessionToken: `${session.sessionToken.slice(0, -4)}AAA=` }),
  ).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
  const { accessKeyId, secretAccessKey } = session
  await expect(whoIs({ accessKeyId, secretAccessKey })).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  })
  await iamWith().send(new DetachRolePolicyCommand({ RoleName, PolicyArn }))
  await iamWith().send(new DeleteRoleCommand({ RoleName }))
  await expect(whoIs(session)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
})

test('policies come back as they were given, and lists are led through by pages', async () => {
  await newUser('carol')
  const PolicyDocument = policyOf('sqs:*')
  const { Policy } = await iamWith().send(new CreatePolicyCommand({ PolicyName: 'queues', PolicyDocument }))
  await iamWith().send(new AttachUserPolicyCommand({ UserName: 'carol', PolicyArn: Policy!.Arn! }))
  await iamWith().send(new PutUserPolicyCommand({ UserName: 'carol', PolicyName: 'in', PolicyDocument }))
  const attached = await iamWith().send(new ListAttachedUserPoliciesCommand({ UserName: 'carol' }))
  expect(attached.AttachedPolicies).toEqual([{ PolicyName: 'queues', PolicyArn: Policy!.Arn }])
  await iamWith().send(new CreateUserCommand({ UserName: 'dave', Path: '/team/' }))
  const names: string[] = []
  for await (const { Users } of paginateListUsers({ client: iamWith(), pageSize: 1 }, {})) {
    for (const { UserName } of Users ?? []) names.push(UserName!)
  }
  expect(names).toEqual(['alice', 'bob', 'carol', 'dave'])
  const managed = await iamWith().send(new ListPoliciesCommand({ Scope: 'AWS' }))
  expect(managed.Policies!.map(({ PolicyName }) => PolicyName)).toContain('AmazonSQSFullAccess')
  expect(managed.IsTruncated).toBe(false)
  const { SummaryMap } = await iamWith().send(new GetAccountSummaryCommand({}))
  expect(SummaryMap).toMatchObject({ Users: 4, Policies: 1 })
})

test('errors have the classes that the client knows', async () => {
  await expect(iamWith().send(new GetUserCommand({ UserName: 'nobody' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    Error: { Code: 'NoSuchEntity', Type: 'Sender' },
    $metadata: { httpStatusCode: 404 },
  })
  await iamWith().send(new CreateGroupCommand({ GroupName: 'g' }))
  await expect(iamWith().send(new CreateGroupCommand({ GroupName: 'g' }))).rejects.toMatchObject({
    ...{ name: 'EntityAlreadyExistsException', $metadata: { httpStatusCode: 409 } },
  })
  const unsigned = new STSClient(optionsFor(TEST_KEY))
  const web = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/r`, RoleSessionName: 'job', WebIdentityToken: 'token' }
  await expect(unsigned.send(new AssumeRoleWithWebIdentityCommand(web))).rejects.toMatchObject({
    name: 'UnsupportedOperation',
  })
})

test('users, keys, roles and sessions are there after a crash as they were before', async () => {
  const erin = await newUser('erin')
  const session = keysOf((await stsWith(erin).send(new GetSessionTokenCommand({}))).Credentials)
  const before = await whoIs(erin)
  await server.kill()
  await server.start()
  expect(await whoIs(erin)).toMatchObject({ Arn: before.Arn, UserId: before.UserId })
  expect((await whoIs(session)).UserId).toBe(before.UserId)
  await server.stop()
  await server.start()
  const { AccessKeyLastUsed } = await iamWith().send(
    new GetAccessKeyLastUsedCommand({ AccessKeyId: erin.accessKeyId }),
  )
  expect(AccessKeyLastUsed).toMatchObject({ ServiceName: 'sts', Region: 'eu-west-1' })
})

test('policies are simulated', async () => {
  const PolicyInputList = [policyOf('sqs:SendMessage')]
  const ActionNames = ['sqs:SendMessage', 'sns:Publish']
  const decisions = ({ EvaluationResults }: SimulateCustomPolicyCommandOutput) =>
    EvaluationResults!.map(({ EvalDecision }) => EvalDecision)
  const custom = new SimulateCustomPolicyCommand({ PolicyInputList, ActionNames })
  expect(decisions(await iamWith().send(custom))).toEqual(['allowed', 'implicitDeny'])
  const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:user/carol`
  const ofCarol = new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames })
  expect(decisions(await iamWith().send(ofCarol))).toEqual(['allowed', 'implicitDeny'])
})

test('the operator makes and lists accounts, whose root users have what is theirs and are no operators', async () => {
  const run = promisify(execFile)
  const environment = {
    ...{ PATH: process.env.PATH, AWS_ENDPOINT_URL: server.url },
    ...{ AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId, AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey },
  }
  const millrace = (env: NodeJS.ProcessEnv, ...words: string[]) =>
    run(process.execPath, [MAIN, ...words], { env })
  const { stdout } = await millrace(environment, 'account', 'create', 'tests')
  const [, accountId] = /^account +(\d{12})$/m.exec(stdout)!
  const [, accessKeyId] = /^access key id +(\w+)$/m.exec(stdout)!
  const [, secretAccessKey] = /^secret access key +(\S+)$/m.exec(stdout)!
  const root = { accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! }
  expect(await whoIs(root)).toMatchObject({ Account: accountId, Arn: `arn:aws:iam::${accountId}:root` })
  expect((await sqsWith(root).send(new ListQueuesCommand({}))).QueueUrls).toBeUndefined()
  expect((await millrace(environment, 'account', 'list')).stdout).toBe(
    `${ACCOUNT}  root\n${accountId}  tests\n`,
  )
  const theirs = { ...environment, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  await expect(millrace(theirs, 'account', 'list')).rejects.toMatchObject({
    stderr: expect.stringContaining('Only the root key may sign this request.'),
  })
  await expect(millrace(environment, 'account', 'create', 'tests')).rejects.toMatchObject({
    stderr: expect.stringContaining('EntityAlreadyExists'),
  })
})
