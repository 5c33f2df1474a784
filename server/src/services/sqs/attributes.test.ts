import { describe, expect, test } from 'vitest'
import { ServiceError } from '../../api/service-error.ts'
import {
  attributeName,
  checkAskedAttributes,
  parseQueueAttributes,
  renderQueueAttributes,
} from './attributes.ts'
import type { QueueDescription } from './commands.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from './queue-settings.ts'
import { TEST_FIFO_QUEUE, TEST_QUEUE } from './test-cell.ts'

const describeQueue = (settings: Partial<QueueSettings> = {}): QueueDescription => ({
  settings: { ...DEFAULT_QUEUE_SETTINGS, ...settings },
  tags: {},
  createdAt: 1_700_000_000_999,
  modifiedAt: 1_700_000_060_000,
  waitingMessages: 1,
  delayedMessages: 2,
  inFlightMessages: 3,
})
const render = (names: readonly string[], settings?: Partial<QueueSettings>) =>
  renderQueueAttributes(names, TEST_QUEUE, describeQueue(settings))

const refusal = (attributes: Record<string, string>, isFifo = false) => {
  try {
    return parseQueueAttributes(attributes, { isFifo })
  } catch (error) {
    if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
    throw error
  }
}

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:dead'

test('All returns what a fresh standard queue has at AWS', () => {
  expect(render(['All'])).toEqual({
    QueueArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
    ApproximateNumberOfMessages: '1',
    ApproximateNumberOfMessagesNotVisible: '3',
    ApproximateNumberOfMessagesDelayed: '2',
    CreatedTimestamp: '1700000000',
    LastModifiedTimestamp: '1700000060',
    VisibilityTimeout: '30',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
  })
})

test('All returns four attributes more of a FIFO queue', () => {
  const { QueueArn, ...others } = render(['All'])
  expect(renderQueueAttributes(['All'], TEST_FIFO_QUEUE, describeQueue())).toEqual({
    ...others,
    QueueArn: `${QueueArn}.fifo`,
    FifoQueue: 'true',
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoThroughputLimit: 'perQueue',
  })
  expect(() => checkAskedAttributes(['FifoQueue', 'DeduplicationScope'], TEST_FIFO_QUEUE)).not.toThrow()
})

test('nothing is returned that was not asked for, nor what is not set', () => {
  expect(render(['DelaySeconds', 'Policy', 'RedrivePolicy', 'KmsDataKeyReusePeriodSeconds'])).toEqual({
    DelaySeconds: '0',
  })
  expect(render([])).toEqual({})
})

test('what is set comes back, policies in the form AWS gives them', () => {
  const settings = parseQueueAttributes(
    {
      RedrivePolicy: ` {"maxReceiveCount":"5", "deadLetterTargetArn":"${ARN}"}`,
      RedriveAllowPolicy: `{"sourceQueueArns":["${ARN}"],"redrivePermission":"byQueue"}`,
      Policy: '{"Statement": {"Effect":"Allow"}}',
      KmsMasterKeyId: 'alias/aws/sqs',
    },
    { isFifo: false },
  )
  expect(render(['All'], settings)).toMatchObject({
    RedrivePolicy: `{"deadLetterTargetArn":"${ARN}","maxReceiveCount":5}`,
    RedriveAllowPolicy: `{"redrivePermission":"byQueue","sourceQueueArns":["${ARN}"]}`,
    Policy: '{"Statement": {"Effect":"Allow"}}',
    KmsMasterKeyId: 'alias/aws/sqs',
    KmsDataKeyReusePeriodSeconds: '300',
  })
})

describe('numbers', () => {
  test.each([
    ['DelaySeconds', 'delaySeconds', 0, 900],
    ['MaximumMessageSize', 'maximumMessageSizeBytes', 1024, 1_048_576],
    ['MessageRetentionPeriod', 'messageRetentionSeconds', 60, 1_209_600],
    ['ReceiveMessageWaitTimeSeconds', 'receiveWaitSeconds', 0, 20],
    ['VisibilityTimeout', 'visibilityTimeoutSeconds', 0, 43_200],
    ['KmsDataKeyReusePeriodSeconds', 'kmsDataKeyReusePeriodSeconds', 60, 86_400],
  ] as const)('%s sets %s, from %d to %d', (name, setting, min, max) => {
    expect(attributeName(setting)).toBe(name)
    for (const value of [min, max]) expect(refusal({ [name]: String(value) })).toEqual({ [setting]: value })
    for (const text of [String(min - 1), String(max + 1), '', ' 60', '60.0', '6e1', '0x40', 'x', '٦٠']) {
      expect(refusal({ [name]: text })).toBe(
        `InvalidAttributeValue: Invalid value for the parameter ${name}.`,
      )
    }
  })
})

describe('names', () => {
  test.each(['Foo', 'QueueArn', 'All', 'CreatedTimestamp', 'ApproximateNumberOfMessages', 'constructor'])(
    '%s cannot be set',
    (name) => {
      for (const isFifo of [true, false]) {
        expect(refusal({ [name]: '1' }, isFifo)).toBe(`InvalidAttributeName: Unknown Attribute ${name}.`)
      }
    },
  )

  test('of FIFO queues are refused with the text that AWS has for each', () => {
    expect(refusal({ FifoQueue: 'true' })).toBe('InvalidAttributeName: Unknown Attribute FifoQueue.')
    expect(refusal({ FifoQueue: 'false' })).toBe('InvalidAttributeName: Unknown Attribute FifoQueue.')
    expect(refusal({ ContentBasedDeduplication: 'true' })).toBe(
      'InvalidAttributeName: Unknown Attribute ContentBasedDeduplication.',
    )
    for (const name of ['DeduplicationScope', 'FifoThroughputLimit']) {
      expect(refusal({ [name]: 'queue' })).toBe(
        `InvalidAttributeName: You can specify the ${name} only when FifoQueue is set to true.`,
      )
    }
  })

  test('of FIFO queues are taken by these, within their words', () => {
    expect(
      refusal(
        {
          FifoQueue: 'true',
          ContentBasedDeduplication: 'true',
          DeduplicationScope: 'messageGroup',
          FifoThroughputLimit: 'perMessageGroupId',
        },
        true,
      ),
    ).toEqual({
      contentBasedDeduplication: true,
      deduplicationScope: 'messageGroup',
      fifoThroughputLimit: 'perMessageGroupId',
    })
    for (const name of ['ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']) {
      for (const text of ['', 'TRUE', 'Queue', 'perqueue', 'constructor']) {
        expect(refusal({ [name]: text }, true)).toBe(
          `InvalidAttributeValue: Invalid value for the parameter ${name}.`,
        )
      }
    }
  })

  test('a FIFO queue stays one', () => {
    expect(refusal({ FifoQueue: 'false' }, true)).toBe(
      'InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    )
  })

  test('can be asked for unless no standard queue has them', () => {
    expect(() =>
      checkAskedAttributes(['All', 'QueueArn', 'Policy', 'DelaySeconds'], TEST_QUEUE),
    ).not.toThrow()
    for (const name of ['Foo', 'FifoQueue', 'delaySeconds', '']) {
      expect(() => checkAskedAttributes(['All', name], TEST_QUEUE)).toThrow(`Unknown Attribute ${name}.`)
    }
  })
})

describe('server-side encryption', () => {
  test('is of one kind at a time', () => {
    expect(refusal({ KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' })).toBe(
      'InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    )
    expect(refusal({ KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'false' })).toEqual({
      kmsMasterKeyId: 'k',
      sqsManagedSseEnabled: false,
    })
    expect(refusal({ KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' })).toEqual({
      kmsMasterKeyId: '',
      sqsManagedSseEnabled: true,
    })
  })

  test('refuses other words than true and false, and keys that no key is called', () => {
    for (const [name, value] of [
      ['SqsManagedSseEnabled', 'True'],
      ['SqsManagedSseEnabled', ''],
      ['KmsMasterKeyId', 'a key'],
      ['KmsMasterKeyId', 'k'.repeat(2049)],
    ] as const) {
      expect(refusal({ [name]: value })).toBe(
        `InvalidAttributeValue: Invalid value for the parameter ${name}.`,
      )
    }
  })
})

describe('the access policy', () => {
  const statement = { Effect: 'Allow', Principal: '*', Action: 'SQS:SendMessage', Resource: '*' }

  test('is kept as it was written, and taken away by an empty string', () => {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2)
    expect(refusal({ Policy })).toEqual({ policy: Policy })
    expect(refusal({ Policy: '' })).toEqual({ policy: '' })
  })

  test.each([
    'x',
    'null',
    '[]',
    '{}',
    '{"Statement":[]}',
    '{"Statement":"x"}',
    '{"Statement":[{"Effect":"Maybe"}]}',
    '{"Version":"2013-01-01","Statement":[{"Effect":"Allow"}]}',
    JSON.stringify({ Statement: [{ ...statement, Sid: 'x'.repeat(8192) }] }),
  ])('is refused when it is %.60s', (Policy) => {
    expect(refusal({ Policy })).toBe('InvalidAttributeValue: Invalid value for the parameter Policy.')
  })

  test('has at most 20 statements', () => {
    const policy = (count: number) =>
      JSON.stringify({ Statement: Array.from({ length: count }, () => statement) })
    expect(refusal({ Policy: policy(20) })).toEqual({ policy: policy(20) })
    expect(refusal({ Policy: policy(21) })).toBe(
      'OverLimit: 21 statements were found in the submitted policy, max allowed is 20',
    )
  })
})

describe('the redrive policy', () => {
  const refusedPolicy = (RedrivePolicy: string) => refusal({ RedrivePolicy })
  const written = (count: unknown, arn: unknown = ARN) =>
    JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: count })

  test('takes the count as a number or as a string of one, and is taken away by an empty string', () => {
    for (const count of [1, 1000, '7']) {
      expect(refusedPolicy(written(count))).toEqual({
        redrivePolicy: { deadLetterTargetArn: ARN, maxReceiveCount: Number(count) },
      })
    }
    expect(refusedPolicy('')).toEqual({ redrivePolicy: null })
  })

  test.each(['x', '[]', '1', 'null', '"{}"'])('is refused when it is %s', (text) => {
    expect(refusedPolicy(text)).toBe(
      'InvalidAttributeValue: Invalid value for the parameter RedrivePolicy. Reason: Redrive policy is not a valid JSON map.',
    )
  })

  test.each([
    [written(0), 'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.'],
    [
      written(1001),
      'Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.',
    ],
    [written(1.5), 'Invalid value for maxReceiveCount: 1.5, valid values are from 1 to 1000 both inclusive.'],
    [written('x'), 'Invalid value for maxReceiveCount: x, valid values are from 1 to 1000 both inclusive.'],
    [written(5, 'dummy'), 'Invalid value for deadLetterTargetArn.'],
    [written(5, 7), 'Invalid value for deadLetterTargetArn.'],
    [written(5, `${ARN}:x`), 'Invalid value for deadLetterTargetArn.'],
    ['{"maxReceiveCount":5}', 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'],
    [
      `{"deadLetterTargetArn":"${ARN}"}`,
      'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
    ],
    [
      `{"deadLetterTargetArn":"${ARN}","maxReceiveCount":1,"x":2}`,
      'Only following attributes are supported: [maxReceiveCount, deadLetterTargetArn].',
    ],
  ])('%s is refused and quoted', (text, reason) => {
    expect(refusedPolicy(text)).toBe(
      `InvalidParameterValueException: Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    )
  })
})

describe('the redrive-allow policy', () => {
  const refusedPolicy = (policy: unknown) => refusal({ RedriveAllowPolicy: JSON.stringify(policy) })
  const arns = (count: number) => Array.from({ length: count }, (_, i) => `${ARN}${i}`)

  test('lets all, none, or up to ten named queues in', () => {
    expect(refusal({ RedriveAllowPolicy: '' })).toEqual({ redriveAllowPolicy: null })
    for (const redrivePermission of ['allowAll', 'denyAll']) {
      const settings = { redriveAllowPolicy: { redrivePermission, sourceQueueArns: [] } }
      expect(refusedPolicy({ redrivePermission })).toEqual(settings)
    }
    const byQueue = { redrivePermission: 'byQueue', sourceQueueArns: arns(10) }
    expect(refusedPolicy(byQueue)).toEqual({ redriveAllowPolicy: byQueue })
  })

  test.each([
    'x',
    [],
    {},
    { redrivePermission: 'some' },
    { redrivePermission: 'allowAll', x: 1 },
    { redrivePermission: 'byQueue', sourceQueueArns: 'x' },
    { redrivePermission: 'byQueue', sourceQueueArns: ['x'] },
    { redrivePermission: 'byQueue', sourceQueueArns: [1] },
  ])('has an unsupported format when it is %j', (policy) => {
    expect(refusedPolicy(policy)).toBe(
      "InvalidAttributeValue: Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
    )
  })

  test.each([
    [
      { redrivePermission: 'allowAll', sourceQueueArns: arns(1) },
      'To specify one or more source queue ARNs, you must set redrivePermission to byQueue.',
    ],
    [
      { redrivePermission: 'byQueue' },
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    ],
    [
      { redrivePermission: 'byQueue', sourceQueueArns: [] },
      'When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values.',
    ],
    [
      { redrivePermission: 'byQueue', sourceQueueArns: arns(11) },
      'The maximum number of source queue ARNs you can specify is 10.',
    ],
  ])('%j is refused and quoted', (policy, reason) => {
    expect(refusedPolicy(policy)).toBe(
      `InvalidParameterValueException: Value ${JSON.stringify(policy)} for parameter RedriveAllowPolicy is invalid. Reason: Amazon SQS can't create the redrive allow policy. ${reason}`,
    )
  })
})
