import { expect, test } from 'vitest'
import { statementSpans } from '../../src/services/iam/statement-positions.ts'
import { ACCOUNT, IamWorld, policyOf } from './iam-world.ts'

const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:q`
const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`
const custom = (world: IamWorld, input: object) =>
  world.run('SimulateCustomPolicy', { ActionNames: ['sqs:SendMessage'], PolicyInputList: [], ...input })
type Result = Readonly<Record<string, unknown>>
const decisions = ({ EvaluationResults }: Result) =>
  (EvaluationResults as readonly Result[]).map(({ EvalDecision }) => EvalDecision)

test('given policies are asked for every action on every resource, page by page', async () => {
  const world = new IamWorld()
  const input = {
    PolicyInputList: [policyOf('sqs:SendMessage', 'Allow', QUEUE), policyOf('sqs:DeleteQueue', 'Deny')],
    ActionNames: ['sqs:SendMessage', 'sqs:DeleteQueue'],
    ResourceArns: [QUEUE, `${QUEUE}2`],
  }
  const { EvaluationResults, IsTruncated } = await custom(world, input)
  expect(EvaluationResults).toMatchObject([
    {
      ...{ EvalActionName: 'sqs:SendMessage', EvalResourceName: QUEUE, EvalDecision: 'allowed' },
      MatchedStatements: [
        {
          SourcePolicyId: 'PolicyInputList.1',
          StartPosition: { Line: 1, Column: 38 },
          EndPosition: { Line: 1, Column: input.PolicyInputList[0]!.length - 1 },
        },
      ],
      MissingContextValues: [],
    },
    {
      EvalActionName: 'sqs:SendMessage',
      EvalResourceName: `${QUEUE}2`,
      EvalDecision: 'implicitDeny',
      MatchedStatements: [],
    },
    { EvalDecision: 'explicitDeny', MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.2' }] },
    { EvalDecision: 'explicitDeny' },
  ])
  expect(IsTruncated).toBe(false)
  const first = await custom(world, { ...input, MaxItems: 3 })
  const second = await custom(world, { ...input, MaxItems: 3, Marker: first.Marker })
  expect([...first.EvaluationResults, ...second.EvaluationResults]).toEqual(EvaluationResults)
})

test('conditions are asked of the context that is given, and what it lacks is told', async () => {
  const world = new IamWorld()
  const Condition = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }
  const statement = {
    Effect: 'Allow',
    Action: 'sqs:*',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies.
    Resource: 'arn:aws:sqs:*:*:${aws:username}-*',
    Condition,
  }
  const PolicyInputList = [JSON.stringify({ Version: '2012-10-17', Statement: statement })]
  const ResourceArns = [`arn:aws:sqs:us-east-1:${ACCOUNT}:alice-q`]
  const bare = await custom(world, { PolicyInputList, ResourceArns })
  expect(bare.EvaluationResults).toMatchObject([
    { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:requestedregion', 'aws:username'] },
  ])
  const ContextEntries = [
    { ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string', ContextKeyValues: ['eu-west-1'] },
  ]
  const known = await custom(world, { PolicyInputList, ResourceArns, ContextEntries, CallerArn: ALICE })
  expect(known.EvaluationResults).toMatchObject([{ EvalDecision: 'allowed', MissingContextValues: [] }])
})

test('boundaries and policies of resources are simulated, too', async () => {
  const world = new IamWorld()
  const PolicyInputList = [policyOf('sqs:*')]
  const bounded = await custom(world, {
    PolicyInputList,
    PermissionsBoundaryPolicyInputList: [policyOf('sns:*')],
  })
  expect(bounded.EvaluationResults).toMatchObject([
    {
      EvalDecision: 'implicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    },
  ])
  const ResourcePolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: ALICE }, Action: 'sqs:SendMessage', Resource: QUEUE }],
  })
  const shared = { ResourcePolicy, ResourceArns: [QUEUE], CallerArn: ALICE }
  expect(decisions(await custom(world, shared))).toEqual(['allowed'])
  const elsewhere = { ...shared, ResourceOwner: '444455556666' }
  expect(decisions(await custom(world, elsewhere))).toEqual(['implicitDeny'])
  expect(decisions(await custom(world, { ...elsewhere, PolicyInputList }))).toEqual(['allowed'])
})

test("a user's policies are those of its groups, too, within its boundary", async () => {
  const world = new IamWorld()
  await world.run('CreatePolicy', { PolicyName: 'boundary', PolicyDocument: policyOf('sqs:*') })
  const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`
  await world.run('CreateUser', { UserName: 'alice', PermissionsBoundary })
  await world.run('CreateGroup', { GroupName: 'g' })
  await world.run('AddUserToGroup', { UserName: 'alice', GroupName: 'g' })
  await world.run('PutGroupPolicy', {
    GroupName: 'g',
    PolicyName: 'p',
    PolicyDocument: policyOf('sqs:SendMessage'),
  })
  await world.run('AttachUserPolicy', {
    UserName: 'alice',
    PolicyArn: 'arn:aws:iam::aws:policy/AmazonSNSFullAccess',
  })
  const ActionNames = ['sqs:SendMessage', 'sns:Publish', 'sqs:ReceiveMessage']
  const simulation = { PolicySourceArn: ALICE, ActionNames }
  const answer = await world.run('SimulatePrincipalPolicy', simulation)
  expect(answer.EvaluationResults).toMatchObject([
    {
      EvalDecision: 'allowed',
      MatchedStatements: [{ SourcePolicyId: 'group_g_p', SourcePolicyType: 'group' }],
    },
    {
      EvalDecision: 'implicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    },
    {
      EvalDecision: 'implicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
    },
  ])
  const PolicyInputList = [policyOf('sqs:ReceiveMessage')]
  expect(decisions(await world.run('SimulatePrincipalPolicy', { ...simulation, PolicyInputList }))).toEqual([
    ...['allowed', 'implicitDeny', 'allowed'],
  ])
  const ofGroup = { PolicySourceArn: `arn:aws:iam::${ACCOUNT}:group/g`, ActionNames }
  expect(decisions(await world.run('SimulatePrincipalPolicy', ofGroup))).toEqual([
    ...['allowed', 'implicitDeny', 'implicitDeny'],
  ])
})

test('what can not be simulated is refused', async () => {
  const world = new IamWorld()
  const refused = (input: object) =>
    world.refusal('SimulateCustomPolicy', { ActionNames: ['sqs:SendMessage'], PolicyInputList: [], ...input })
  expect(await refused({ PolicyInputList: ['{'] })).toBe(
    'InvalidInput 400: PolicyInputList.1: Syntax errors in policy.',
  )
  expect(await refused({ ActionNames: ['sqs:*'] })).toBe('InvalidInput 400: Invalid Action Name: sqs:*')
  expect(await refused({ CallerArn: 'nobody' })).toContain('InvalidInput 400: Invalid Caller Arn')
  expect(await refused({ ResourcePolicy: policyOf('sqs:*'), ResourceArns: [QUEUE] })).toContain(
    'CallerArn is required',
  )
  expect(await refused({ ResourceOwner: 'x' })).toContain('Invalid Resource Owner')
  expect(await refused({ ContextEntries: [{}] })).toContain('InvalidInput')
  const principal = { PolicySourceArn: `${ALICE}2`, ActionNames: ['sqs:SendMessage'] }
  expect(await world.refusal('SimulatePrincipalPolicy', principal)).toContain('NoSuchEntity 404')
  const other = { ...principal, PolicySourceArn: 'arn:aws:iam::444455556666:user/alice' }
  expect(await world.refusal('SimulatePrincipalPolicy', other)).toContain('InvalidInput 400')
})

test('statements are found in any text of a policy', () => {
  const span = (text: string) =>
    statementSpans(text).map(({ StartPosition: a, EndPosition: b }) => [a.Line, a.Column, b.Line, b.Column])
  expect(span('{"Statement":{"Sid":"}"}}')).toEqual([[1, 14, 1, 25]])
  expect(
    span(
      '{\n "Statement": [\n  {"Condition": {"a": [{}]}},\n  {}\n ],\n "Id": "Statement", "x": {"Statement": {}}}',
    ),
  ).toEqual([
    [3, 3, 3, 29],
    [4, 3, 4, 5],
  ])
  expect(span('{"Id":"Statement\\"","Statement":[{"Sid":"a\\\\"}]}')).toHaveLength(1)
})
