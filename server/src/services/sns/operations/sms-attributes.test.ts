import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const ALL = {
  ...{ DefaultSMSType: 'Transactional', DefaultSenderID: 'Mill1', DeliveryStatusSuccessSamplingRate: '100' },
  ...{ DeliveryStatusIAMRole: 'arn:aws:iam::000000000000:role/r', MonthlySpendLimit: '12.5' },
  UsageReportS3Bucket: 'reports.example',
}

test('an account that set nothing has a spend limit, and nothing else', async () => {
  const world = new TopicWorld()
  expect(await world.sns('GetSMSAttributes')).toEqual({ attributes: { MonthlySpendLimit: '1' } })
  expect(await world.sns('GetSMSAttributes', { attributes: ['DefaultSMSType'] })).toEqual({ attributes: {} })
})

test('attributes are set one by one, an empty one goes, and those that are named are returned', async () => {
  const world = new TopicWorld()
  await world.sns('SetSMSAttributes', { attributes: ALL })
  expect((await world.sns('GetSMSAttributes')).attributes).toEqual(ALL)
  await world.sns('SetSMSAttributes', { attributes: { DefaultSenderID: '', MonthlySpendLimit: '' } })
  const { DefaultSenderID: _gone, ...left } = ALL
  expect((await world.sns('GetSMSAttributes')).attributes).toEqual({ ...left, MonthlySpendLimit: '1' })
  const { attributes } = await world.sns('GetSMSAttributes', { attributes: ['DefaultSMSType', 'None'] })
  expect(attributes).toEqual({ DefaultSMSType: 'Transactional' })
})

test('they are those of an account in a region', async () => {
  const world = new TopicWorld()
  await world.sns('SetSMSAttributes', { attributes: ALL })
  const others = [
    { accountId: '111111111111', region: 'eu-west-1' },
    { accountId: '000000000000', region: 'us-east-1' },
  ]
  for (const each of others) {
    const caller = { ...each, userId: 'u', principalArn: 'p' }
    const answer = await world.sns('GetSMSAttributes', {}, { caller })
    expect(answer.attributes).toEqual({ MonthlySpendLimit: '1' })
  }
})

test.each([
  ['DefaultSendID', 'x', 'DefaultSendID is not a valid attribute'],
  ['constructor', 'x', 'constructor is not a valid attribute'],
  ['DefaultSMSType', 'Other', 'DefaultSMSType is invalid'],
  ['DefaultSenderID', '12345', 'DefaultSenderID is invalid'],
  ['DefaultSenderID', 'a'.repeat(12), 'DefaultSenderID is invalid'],
  ['DefaultSenderID', 'a b', 'DefaultSenderID is invalid'],
  ['DeliveryStatusIAMRole', 'role', 'DeliveryStatusIAMRole is invalid'],
  ['DeliveryStatusSuccessSamplingRate', '101', 'DeliveryStatusSuccessSamplingRate is invalid'],
  ['DeliveryStatusSuccessSamplingRate', '1.5', 'DeliveryStatusSuccessSamplingRate is invalid'],
  ['MonthlySpendLimit', '-1', 'MonthlySpendLimit is invalid'],
  ['UsageReportS3Bucket', 'No', 'UsageReportS3Bucket is invalid'],
])('SetSMSAttributes refuses %s=%s', async (name, value, text) => {
  const attributes = { DefaultSMSType: 'Promotional', [name]: value }
  expect(await new TopicWorld().refusal('SetSMSAttributes', { attributes })).toBe(`InvalidParameter: ${text}`)
})

test.each([false, true])('they outlive a restart (snapshot: %s)', async (snapshot) => {
  const world = new TopicWorld()
  await world.sns('SetSMSAttributes', { attributes: ALL })
  world.restart({ snapshot })
  expect((await world.sns('GetSMSAttributes')).attributes).toEqual(ALL)
})
