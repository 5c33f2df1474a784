import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const PHONE = '+15551234567'

const isOptedOut = async (world: TopicWorld, phoneNumber = PHONE) =>
  (await world.sns('CheckIfPhoneNumberIsOptedOut', { phoneNumber })).isOptedOut

test('a number is opted in until it is opted out, and opting in ends that', async () => {
  const world = new TopicWorld()
  expect(await isOptedOut(world)).toBe(false)
  await world.optOut(PHONE)
  expect(await isOptedOut(world)).toBe(true)
  expect(await world.sns('ListPhoneNumbersOptedOut')).toEqual({ phoneNumbers: [PHONE] })
  await world.sns('OptInPhoneNumber', { phoneNumber: PHONE })
  expect(await isOptedOut(world)).toBe(false)
  expect(await world.sns('ListPhoneNumbersOptedOut')).toEqual({ phoneNumbers: [] })
})

test('opting out again, and opting in who is not opted out, change nothing', async () => {
  const world = new TopicWorld()
  await world.sns('OptInPhoneNumber', { phoneNumber: PHONE })
  expect(world.log).toHaveLength(0)
  await world.optOut(PHONE)
  await world.optOut(PHONE)
  expect(world.log).toHaveLength(1)
})

test('a number is opted out of an account in a region', async () => {
  const world = new TopicWorld()
  await world.optOut(PHONE, 'us-east-1')
  expect(await isOptedOut(world)).toBe(false)
})

test.each(['CheckIfPhoneNumberIsOptedOut', 'OptInPhoneNumber'])(
  '%s wants a number in E.164',
  async (name) => {
    const world = new TopicWorld()
    for (const phoneNumber of [
      '',
      '15551234567',
      '+0551234567',
      '+1555123456x',
      '+1234',
      '+1234567890123456',
    ]) {
      expect(await world.refusal(name, { phoneNumber })).toBe(
        'InvalidParameter: Invalid parameter: PhoneNumber Reason: input incorrectly formatted',
      )
    }
  },
)

test.each([false, true])('the list comes in pages, also after a restart (snapshot: %s)', async (snapshot) => {
  const world = new TopicWorld()
  const numbers = Array.from({ length: 130 }, (_, i) => `+1555${String(i).padStart(7, '0')}`)
  for (const each of [...numbers].reverse()) await world.optOut(each)
  await world.sns('OptInPhoneNumber', { phoneNumber: numbers[5] })
  world.restart({ snapshot })
  const first = await world.sns('ListPhoneNumbersOptedOut')
  expect(first.phoneNumbers).toHaveLength(100)
  const second = await world.sns('ListPhoneNumbersOptedOut', { nextToken: first.nextToken })
  expect(second.nextToken).toBeUndefined()
  expect([...first.phoneNumbers, ...second.phoneNumbers]).toEqual(numbers.filter((_, i) => i !== 5))
  const refusal = await world.refusal('ListPhoneNumbersOptedOut', { nextToken: 'x' })
  expect(refusal).toBe('InvalidParameter: Invalid parameter: nextToken')
  await world.optOut('+4915112345678')
  expect(await isOptedOut(world, '+4915112345678')).toBe(true)
})

test('a subscription of a number that is opted out gets nothing, and that is counted', async () => {
  const world = new TopicWorld()
  const TopicArn = await world.topic()
  const input = { TopicArn, Protocol: 'sms', Endpoint: '+1 555-123-4567' }
  const { SubscriptionArn } = await world.sns('Subscribe', input)
  await world.sns('Publish', { TopicArn, Message: 'before' })
  await world.optOut(PHONE)
  const bodies = world.storedBodies
  await world.sns('Publish', { TopicArn, Message: 'after' })
  expect(world.storedBodies).toBe(bodies)
  expect((await world.description(SubscriptionArn)).failures).toEqual({ 'opted out': 1 })
  await world.sns('OptInPhoneNumber', { phoneNumber: PHONE })
  await world.sns('Publish', { TopicArn, Message: 'again' })
  expect(await world.waiting(SubscriptionArn, 'sms')).toEqual(['before', 'again'])
})
