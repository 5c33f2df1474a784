import { expect, test } from 'vitest'
import type { Access } from '../../src/api/access.ts'
import type { Authorizer } from '../../src/api/authorizer.ts'
import type { Shape, StructureShape } from '../../src/api/model.ts'
import type { Request, Service } from '../../src/api/operation.ts'
import { ServiceError } from '../../src/api/service-error.ts'
import type { CellClient } from '../../src/core/ports.ts'
import { Binding } from '../../src/protocol/binding.ts'
import { kinesis } from '../../src/services/kinesis/service.ts'
import { encodeShardIterator } from '../../src/services/kinesis/shard-iterator.ts'
import { kms } from '../../src/services/kms/service.ts'
import { MessageProtection } from '../../src/services/sns/data-protection/message-protection.ts'
import { sns } from '../../src/services/sns/service.ts'
import { encodeMoveTaskHandle } from '../../src/services/sqs/move-task-handle.ts'
import { sqs } from '../../src/services/sqs/service.ts'
import { NO_COOLDOWNS, NOTHING_LANDED, TEST_REQUEST } from '../../src/services/sqs/test-cell.ts'
import { IamWorld } from '../iam/iam-world.ts'
import { TestKeys } from '../kinesis/test-encryption.ts'
import { KmsWorld, NO_KEYS } from '../kms/kms-world.ts'

/** Nothing is to get this far that nobody let in. */
const UNREACHED: CellClient = {
  execute: async (command) => {
    throw new Error(`${command.kind} reached the cell`)
  },
}
const random = { bytes: (length: number) => new Uint8Array(length) }
const tokenKey = new Uint8Array(32)
const streamPorts = {
  ...{ cell: UNREACHED, random, tokenKey, now: () => 0 },
  ...{ transitionMs: 0, throughputLimits: false, encryption: new TestKeys().encryption },
}

const SERVICES: readonly Service[] = [
  sqs({ ...{ cell: UNREACHED, random, tokenKey }, cooldowns: NO_COOLDOWNS, readLanded: NOTHING_LANDED }),
  sns({
    ...{ cell: UNREACHED, random, tokenKey, endpointProblem: () => undefined },
    signer: { certificatePath: '/', sign: async () => '' },
    protection: new MessageProtection({ topicAt: () => undefined, random, audited: () => {} }),
  }),
  kinesis(streamPorts),
  ...new IamWorld().services,
  kms({ ...new KmsWorld().ports, cell: UNREACHED }, NO_KEYS),
]

const ACCOUNT = TEST_REQUEST.caller.accountId
const ARN = {
  queue: `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`,
  topic: `arn:aws:sns:eu-west-1:${ACCOUNT}:news`,
  stream: `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/grain`,
}

/** What a member of this name is given, where any text will not do. */
const SAMPLES: Readonly<Record<string, string>> = {
  QueueUrl: `http://localhost/${ACCOUNT}/orders`,
  SourceArn: ARN.queue,
  TaskHandle: encodeMoveTaskHandle({ taskId: '00000000-0000-4000-8000-000000000000', sourceArn: ARN.queue }),
  TopicArn: ARN.topic,
  PlatformApplicationArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:app/GCM/shop`,
  EndpointArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:endpoint/GCM/shop/00000000-0000-4000-8000-000000000000`,
  OneTimePassword: '123456',
  VersionId: 'v1',
  SubscriptionArn: `${ARN.topic}:00000000-0000-4000-8000-000000000000`,
  StreamARN: ARN.stream,
  StreamName: 'grain',
  ConsumerARN: `${ARN.stream}/consumer/baker:1700000000`,
  ShardIterator: encodeShardIterator(streamPorts, {
    stream: { accountId: ACCOUNT, region: 'eu-west-1', name: 'grain' },
    ...{ streamNumber: 1, shard: 0, position: { index: 1, since: 0 } },
  }),
  HashKey: '0',
  NewStartingHashKey: '1',
  PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/rules`,
  PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/miller`,
  RoleArn: `arn:aws:iam::${ACCOUNT}:role/miller`,
  KeyId: '00000000-0000-4000-8000-000000000000',
  AliasName: 'alias/flour',
  ReplicaRegion: 'us-east-1',
  PrimaryRegion: 'us-east-1',
  PhoneNumber: '+15551234567',
  phoneNumber: '+15551234567',
}

function sampleOf(shape: Shape, name: string, service: string): unknown {
  switch (shape.kind) {
    case 'structure':
      return structureOf(shape, service)
    case 'list':
      return [sampleOf(shape.element, name, service)]
    case 'map':
      return { key: sampleOf(shape.value, name, service) }
    case 'string':
      if (shape.choices !== undefined) return shape.choices[0]
      if (name === 'ResourceArn' || name === 'ResourceARN')
        return service === 'kinesis' ? ARN.stream : ARN.topic
      return SAMPLES[name] ?? 'a'.repeat(Math.max(1, shape.min ?? 1))
    case 'blob':
      return new Uint8Array(1)
    case 'boolean':
      return true
    case 'timestamp':
      return 0
    case 'eventStream':
      throw new Error('no input is streamed')
    default:
      return shape.min ?? 1
  }
}

/** What is required, and a stream or consumer where one is to be named. */
function structureOf({ members }: StructureShape, service: string): object {
  return Object.fromEntries(
    members
      .filter(({ required, name }) => required || name === 'StreamName' || name === 'ConsumerARN')
      .map(({ name, shape }) => [name, sampleOf(shape, name, service)]),
  )
}

/** Those that answer whoever asks about nothing but the asker itself, or in no case. */
const NEEDS_NO_LEAVE = new Set([
  ...['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'GetAccessKeyInfo'],
  ...['GetCallerIdentity', 'GetDelegatedAccessToken', 'GetSessionToken', 'GetWebIdentityToken'],
])

const denial = new ServiceError({ code: 'Denied', status: 403, fault: 'client' }, 'not this time')

const OPERATIONS = SERVICES.flatMap((service) =>
  [...service.operations.values()].map((operation) => ({ service, operation, name: operation.name })),
)

test.each(OPERATIONS.filter(({ name }) => !NEEDS_NO_LEAVE.has(name)))(
  '$service.name:$name is not done without leave',
  async ({ service, operation }) => {
    const asked: Access[] = []
    const authorizer: Authorizer = {
      authorize: (access) => {
        asked.push(access)
        throw denial
      },
    }
    const model = service.model.operations.get(operation.name)!
    const binding = new Binding(service, operation, model, authorizer)
    const request: Request = { ...TEST_REQUEST, isPermitted: true }
    const input = structureOf(model.input, service.name)
    const run = async () => binding.run(input, request)
    await expect(run()).rejects.toBe(denial)
    const [access] = asked
    expect(access!.action.toLowerCase()).toMatch(new RegExp(`^${service.name}:[a-z]+$`))
    expect(access!.accountId).toBe(ACCOUNT)
    expect(access!.resource ?? 'arn:aws:').toMatch(/^arn:aws:/)
  },
)
