import { describe, expect, test } from 'vitest'
import type { PeekedMessage } from '../commands.ts'
import {
  TEST_QUEUE_URL as QueueUrl,
  refusalOf,
  runOperation,
  TEST_QUEUE,
  TEST_REQUEST,
} from '../test-cell.ts'
import { encodeOne } from '../test-messages.ts'
import { showMessages } from './show-messages.ts'

const BODY = encodeOne({
  id: new Uint8Array(16),
  text: 'msg',
  senderId: 'AIDASENDER',
  traceHeader: undefined,
  groupId: 'g',
  deduplicationId: undefined,
  attributes: [{ name: 'kind', type: 'String', value: 'stone' }],
}).bytes
const FRESH: PeekedMessage = {
  incarnation: 1,
  slot: 7,
  phase: 'visible',
  visibleAt: 0,
  sentAt: 1_700_000_000_123,
  firstReceivedAt: 0,
  receiveCount: 0,
  deadLetterSource: null,
  redrives: 0,
  origin: null,
}
const IN_FLIGHT: PeekedMessage = {
  ...FRESH,
  phase: 'inFlight',
  visibleAt: 1_700_000_030_000,
  receiveCount: 2,
}
const DELAYED: PeekedMessage = { ...FRESH, phase: 'delayed', visibleAt: 1_700_000_060_000 }

const reply = (messages: readonly PeekedMessage[], { more = false, slot = 9 } = {}) => ({
  messages,
  bodies: messages.map(() => BODY),
  next: { incarnation: 3, slot },
  more,
})

async function attributesOf(input: object, ...messages: readonly PeekedMessage[]): Promise<unknown> {
  const { output } = await runOperation(showMessages, { QueueUrl, ...input }, { replies: [reply(messages)] })
  return Object(output).Messages.map(({ Attributes }: { Attributes: object }) => Attributes)
}

test('shows a message as ReceiveMessage would, with every attribute, and a handle that nothing takes', async () => {
  const { output, commands } = await runOperation(showMessages, { QueueUrl }, { replies: [reply([FRESH])] })
  expect(commands).toMatchObject([
    {
      service: 'sqs',
      kind: 'peekMessages',
      queue: TEST_QUEUE,
      from: 'oldest',
      phases: ['visible'],
      limit: 1000,
    },
  ])
  expect(output).toEqual({
    Messages: [
      {
        MessageId: '00000000-0000-0000-0000-000000000000',
        ReceiptHandle: 'SQS/BACKDOOR/ACCESS',
        MD5OfBody: '6e2baaf3b97dbeef01c0043275f9a0e7',
        Body: 'msg',
        Attributes: {
          SenderId: 'AIDASENDER',
          SentTimestamp: '1700000000123',
          ApproximateReceiveCount: '0',
          ApproximateFirstReceiveTimestamp: '0',
          MessageGroupId: 'g',
        },
        MD5OfMessageAttributes: expect.any(String),
        MessageAttributes: { kind: { StringValue: 'stone', DataType: 'String' } },
      },
    ],
  })
})

test('an empty queue is answered with nothing at all', async () => {
  const { output } = await runOperation(showMessages, { QueueUrl }, { replies: [reply([])] })
  expect(output).toEqual({})
})

test.each(['true', 'True', 'TRUE', '1'])(
  'ShowInvisible=%s shows what is in flight, and until when',
  async (ShowInvisible) => {
    expect(await attributesOf({ ShowInvisible }, FRESH, IN_FLIGHT)).toMatchObject([
      { IsVisible: 'true' },
      { IsVisible: 'false', VisibleTimestamp: '1700000030000', ApproximateReceiveCount: '2' },
    ])
  },
)

test.each(['false', '0', '', 'yes'])('ShowInvisible=%s does not', async (ShowInvisible) => {
  const { commands } = await runOperation(showMessages, { QueueUrl, ShowInvisible }, { replies: [reply([])] })
  expect(commands).toMatchObject([{ phases: ['visible'] }])
})

test('ShowDelayed shows what is delayed, and does not call it invisible', async () => {
  const shown = await attributesOf({ ShowDelayed: 'true', ShowInvisible: 'true' }, DELAYED)
  expect(shown).toMatchObject([{ IsVisible: 'true', IsDelayed: 'true', VisibleTimestamp: '1700000060000' }])
})

test('a message whose body was lost in a repair is left out', async () => {
  const answer = { ...reply([FRESH, FRESH]), bodies: [null, BODY] }
  const { output } = await runOperation(showMessages, { QueueUrl }, { replies: [answer] })
  expect(Object(output).Messages).toHaveLength(1)
})

describe('pages', () => {
  const nextToken = async (answer: object, input: object = {}) => {
    const { output } = await runOperation(showMessages, { QueueUrl, ...input }, { replies: [answer] })
    return Object(output).NextToken
  }

  test('a token leads to where the page ended, and there is none after the last', async () => {
    expect(await nextToken(reply([FRESH]))).toBeUndefined()
    const NextToken = await nextToken(reply([FRESH], { more: true, slot: 77 }))
    const { commands } = await runOperation(
      showMessages,
      { QueueUrl, NextToken, MaxResults: 5 },
      { replies: [reply([])] },
    )
    expect(commands).toMatchObject([{ from: { incarnation: 3, slot: 77 }, limit: 5 }])
  })

  test('a token is good for its queue alone', async () => {
    const NextToken = await nextToken(reply([FRESH], { more: true }))
    expect(await refusalOf(showMessages, { QueueUrl: 'other', NextToken })).toMatchObject({
      code: 'InvalidParameterValueException',
    })
    expect((await refusalOf(showMessages, { QueueUrl, NextToken: 'AAAA' })).message).toContain('next token')
  })

  test.each([0, 1001, -1])('MaxResults=%i is refused', async (MaxResults) => {
    expect((await refusalOf(showMessages, { QueueUrl, MaxResults })).message).toContain('MaxResults')
  })

  test('commands that come upon nothing are followed by others, up to a limit', async () => {
    const nothing = (slot: number) => reply([], { more: true, slot })
    const found = [nothing(10), nothing(20), reply([FRESH])]
    const { commands } = await runOperation(showMessages, { QueueUrl }, { replies: found })
    expect(commands).toMatchObject([{ from: 'oldest' }, { from: { slot: 10 } }, { from: { slot: 20 } }])
    const never = Array.from({ length: 60 }, (_, i) => nothing(i))
    const { output, commands: all } = await runOperation(showMessages, { QueueUrl }, { replies: never })
    expect(all).toHaveLength(50)
    expect(output).toEqual({ NextToken: expect.any(String) })
  })

  test('Follow begins at the end and always has a token', async () => {
    const { output, commands } = await runOperation(
      showMessages,
      { QueueUrl, Follow: 'true' },
      { replies: [reply([])] },
    )
    expect(commands).toMatchObject([{ from: 'end' }])
    expect(output).toEqual({ NextToken: expect.any(String) })
  })
})

describe('which queue is meant', () => {
  const asked = async (input: object, caller: object = {}) => {
    const request = { caller: { ...TEST_REQUEST.caller, ...caller } }
    return (await runOperation(showMessages, input, { replies: [reply([])], request })).commands
  }
  const root = { principalArn: 'arn:aws:iam::000000000000:root' }

  test('no queue, or none that can be, is refused', async () => {
    expect(await refusalOf(showMessages, {})).toMatchObject({ code: 'QueueDoesNotExist' })
    expect(await refusalOf(showMessages, { QueueUrl: 'http://h/nonsense' })).toMatchObject({
      code: 'InvalidAddress',
    })
  })

  test('a region that is named apart counts', async () => {
    expect(await asked({ QueueUrl, Region: 'us-west-2' })).toMatchObject([
      { queue: { ...TEST_QUEUE, region: 'us-west-2' } },
    ])
  })

  test('who holds the root key may look into every account, nobody else', async () => {
    const other = 'http://h/111111111111/orders'
    expect(await asked({ QueueUrl: other }, root)).toMatchObject([{ queue: { accountId: '111111111111' } }])
    expect(await refusalOf(showMessages, { QueueUrl: other })).toMatchObject({ code: 'QueueDoesNotExist' })
  })
})

test('shows what another service sent as that says that it looks', async () => {
  const landed = { id: new Uint8Array(16), senderId: 's', text: 'from a topic', attributes: [] }
  const ids = { traceHeader: undefined, groupId: undefined, deduplicationId: undefined }
  const readLanded = async () => ({ ...landed, ...ids })
  const replies = [reply([{ ...FRESH, origin: 'o' }])]
  const { output } = await runOperation(showMessages, { QueueUrl }, { replies, readLanded })
  expect(output).toMatchObject({ Messages: [{ Body: 'from a topic', Attributes: { SenderId: 's' } }] })
})
