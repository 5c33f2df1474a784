import type { Shape, StructureShape } from '../../src/api/model.ts'
import { encodeMoveTaskHandle } from '../../src/services/sqs/move-task-handle.ts'
import { TEST_REQUEST } from '../../src/services/sqs/test-cell.ts'

const ACCOUNT = TEST_REQUEST.caller.accountId
/** Of what the inputs name. */
const ARN = {
  queue: `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`,
  topic: `arn:aws:sns:eu-west-1:${ACCOUNT}:news`,
  stream: `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/grain`,
}

/** What a member of this name is given, where any text will not do. */
export const SAMPLES: Readonly<Record<string, string>> = {
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

type Samples = Readonly<Record<string, string>>

function sampleOf(shape: Shape, name: string, service: string, samples: Samples): unknown {
  switch (shape.kind) {
    case 'structure':
      return sampleInput(shape, service, samples)
    case 'list':
      return [sampleOf(shape.element, name, service, samples)]
    case 'map':
      return { key: sampleOf(shape.value, name, service, samples) }
    case 'string':
      if (shape.choices !== undefined) return shape.choices[0]
      if (name === 'ResourceArn' || name === 'ResourceARN')
        return service === 'kinesis' ? ARN.stream : ARN.topic
      return samples[name] ?? 'a'.repeat(Math.max(1, shape.min ?? 1))
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
export function sampleInput({ members }: StructureShape, service: string, samples: Samples): object {
  return Object.fromEntries(
    members
      .filter(({ required, name }) => required || name === 'StreamName' || name === 'ConsumerARN')
      .map(({ name, shape }) => [name, sampleOf(shape, name, service, samples)]),
  )
}

/** Those that answer whoever asks about nothing but the asker itself, or in no case. */
export const NEEDS_NO_LEAVE = new Set([
  ...['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'GetAccessKeyInfo'],
  ...['GetCallerIdentity', 'GetDelegatedAccessToken', 'GetSessionToken', 'GetWebIdentityToken'],
])
