import { expect, test } from 'vitest'
import { type Input, TopicWorld } from '../../../../test/sns/topic-world.ts'

const PHONE = '+15551234567'
const DEFAULTS = { senderId: '', type: 'Promotional' }

const attribute = (StringValue: string, DataType = 'String') => ({ DataType, StringValue })

test.each([false, true])(
  'a text message waits for the gateway, over a restart (snapshot: %s)',
  async (snapshot) => {
    const world = new TopicWorld()
    const { MessageId } = await world.sns('Publish', { PhoneNumber: PHONE, Message: 'grüezi', Subject: 's' })
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/)
    world.restart({ snapshot })
    expect(await world.texts()).toEqual([{ phoneNumber: PHONE, text: 'grüezi', sms: DEFAULTS }])
  },
)

test('each message has the defaults beside it that its account had then', async () => {
  const world = new TopicWorld()
  const publish = (Message: string, accountId: string) =>
    world.sns(
      'Publish',
      { PhoneNumber: PHONE, Message },
      { caller: { accountId, region: 'eu-west-1', userId: 'u', principalArn: 'p' } },
    )
  await world.sns('SetSMSAttributes', {
    attributes: { DefaultSenderID: 'Mill', DefaultSMSType: 'Transactional' },
  })
  await publish('1', '000000000000')
  await publish('2', '111111111111')
  await world.sns('SetSMSAttributes', { attributes: { DefaultSenderID: '' } })
  await publish('3', '000000000000')
  const waiting = async (account: string) => (await world.texts(account)).map(({ text, sms }) => [text, sms])
  expect(await waiting('111111111111')).toEqual([['2', DEFAULTS]])
  expect(await waiting('000000000000')).toEqual([
    ['1', { senderId: 'Mill', type: 'Transactional' }],
    ['3', { senderId: '', type: 'Transactional' }],
  ])
})

test('of a message by protocols, a phone gets the text for text messages, or the default', async () => {
  const world = new TopicWorld()
  const json = { PhoneNumber: PHONE, MessageStructure: 'json' }
  await world.sns('Publish', { ...json, Message: '{"default":"d","sms":"s","http":"h"}' })
  await world.sns('Publish', { ...json, Message: '{"default":"d","http":"h"}' })
  expect((await world.texts()).map(({ text }) => text)).toEqual(['s', 'd'])
})

test('what was published by a topic has the defaults of its account beside it', async () => {
  const world = new TopicWorld()
  await world.sns('SetSMSAttributes', { attributes: { DefaultSenderID: 'Mill' } })
  const TopicArn = await world.topic()
  const input = { TopicArn, Protocol: 'sms', Endpoint: PHONE }
  const { SubscriptionArn } = await world.sns('Subscribe', input)
  await world.sns('Publish', { TopicArn, Message: 'm' })
  const MessageAttributes = { 'AWS.SNS.SMS.SenderID': attribute('Own') }
  await world.sns('Publish', { TopicArn, Message: 'm', MessageAttributes })
  await world.sns('SetSMSAttributes', { attributes: { DefaultSenderID: 'Later' } })
  await world.sns('Publish', { TopicArn, Message: 'm' })
  const pushes = await world.taken(SubscriptionArn, 'sms')
  const senders = pushes.map(({ dispatch: { notification } }) => {
    const { 'AWS.SNS.SMS.SenderID': sender, 'AWS.SNS.SMS.SMSType': type } = notification.messageAttributes
    return [sender?.Value, type?.Value]
  })
  expect(senders).toEqual([
    ['Mill', 'Promotional'],
    ['Own', 'Promotional'],
    ['Later', 'Promotional'],
  ])
})

test('a number that is opted out is refused', async () => {
  const world = new TopicWorld()
  await world.optOut(PHONE)
  expect(await world.refusal('Publish', { PhoneNumber: PHONE, Message: 'm' })).toBe(
    'OptedOut: Phone number is opted out',
  )
})

const invalid = 'InvalidParameter: Invalid parameter:'
const smsAttribute = (name: string, value: string) => ({
  MessageAttributes: { [name]: attribute(value) },
})

test.each<[Input, string]>([
  [{ PhoneNumber: '' }, `${invalid} PhoneNumber Reason:  is not valid to publish to`],
  [{ PhoneNumber: '+1a234' }, `${invalid} PhoneNumber Reason: +1a234 is not valid to publish to`],
  [
    { PhoneNumber: 'NAA+15551234567' },
    `${invalid} PhoneNumber Reason: NAA+15551234567 is not valid to publish to`,
  ],
  [{ Message: '' }, `${invalid} Empty message`],
  [{ Message: '{"default":"d","sms":""}', MessageStructure: 'json' }, `${invalid} Empty message`],
  [{ Message: 'x'.repeat(1601) }, `${invalid} Message too long`],
  [{ Subject: '' }, `${invalid} Subject`],
  [{ TopicArn: 'arn' }, `${invalid} Only one of TopicArn, TargetArn or PhoneNumber may be given`],
  [
    { MessageDeduplicationId: 'd' },
    `${invalid} MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type`,
  ],
  [smsAttribute('AWS.SNS.SMS.SMSType', 'Other'), `${invalid} AWS.SNS.SMS.SMSType Reason: Invalid value`],
  [smsAttribute('AWS.SNS.SMS.SenderID', '123'), `${invalid} AWS.SNS.SMS.SenderID Reason: Invalid value`],
  [smsAttribute('AWS.SNS.SMS.MaxPrice', 'x'), `${invalid} AWS.SNS.SMS.MaxPrice Reason: Invalid value`],
  [
    smsAttribute('AWS.MM.SMS.OriginationNumber', 'x'),
    `${invalid} AWS.MM.SMS.OriginationNumber Reason: Invalid value`,
  ],
  [
    smsAttribute('AWS.MM.SMS.EntityId', 'x'.repeat(51)),
    `${invalid} AWS.MM.SMS.EntityId Reason: Invalid value`,
  ],
  [
    { MessageAttributes: { a: { DataType: 'String' } } },
    "ParameterValueInvalid: The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
])('a publish to a phone number with %j is refused', async (input, text) => {
  const all = { PhoneNumber: PHONE, Message: 'm', ...input }
  expect(await new TopicWorld().refusal('Publish', all)).toBe(text)
})

test('what a message may say of how it is sent is taken', async () => {
  const world = new TopicWorld()
  const MessageAttributes = {
    'AWS.SNS.SMS.SenderID': attribute('Mill'),
    'AWS.SNS.SMS.SMSType': attribute('Transactional'),
    'AWS.SNS.SMS.MaxPrice': attribute('0.50', 'Number'),
    'AWS.MM.SMS.OriginationNumber': attribute('+15550000000'),
    'AWS.MM.SMS.EntityId': attribute('e-1'),
    'AWS.MM.SMS.TemplateId': attribute('t-1'),
    other: attribute('anything'),
  }
  await world.sns('Publish', { PhoneNumber: PHONE, Message: 'x'.repeat(1600), MessageAttributes })
  expect(await world.texts()).toHaveLength(1)
})
