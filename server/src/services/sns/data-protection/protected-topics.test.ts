import { expect, test } from 'vitest'
import { type Input, TopicWorld } from '../../../../test/sns/topic-world.ts'
import { isSealed } from '../../../core/sealed-body.ts'
import { TEST_REQUEST } from '../../sqs/test-cell.ts'
import { envelopeFor } from '../envelope.ts'
import { EnvelopedMessages } from '../enveloped-messages.ts'

const ARN = 'arn:aws:dataprotection::aws:data-identifier/'
const EXAMPLE = TEST_REQUEST.caller.principalArn
const CARD = '4539894458086459'
const PROHIBITED =
  "AuthorizationError: The topic's data protection policy prohibits this message from being published to arn:aws:sns:eu-west-1:000000000000:news"

const principal = (name: string) => `arn:aws:iam::000000000000:user/${name}`
const as = (principalArn: string) => ({ caller: { ...TEST_REQUEST.caller, principalArn } })

interface Rule {
  readonly direction?: 'Inbound' | 'Outbound'
  readonly who?: readonly string[]
  readonly what?: readonly string[]
  readonly operation: object
}

const DENY = { Deny: {} }
const MASK = { Deidentify: { MaskConfig: { MaskWithCharacter: '#' } } }
const REDACT = { Deidentify: { RedactConfig: {} } }
const audit = (SampleRate: number, changes: object = {}) => {
  const destination = { CloudWatchLogs: { LogGroup: '/aws/vendedlogs/sns' } }
  return { Audit: { SampleRate, FindingsDestination: destination, ...changes } }
}

const policyOf = (...rules: readonly Rule[]) =>
  JSON.stringify({
    ...{ Name: 'p', Version: '2021-06-01' },
    Configuration: { CustomDataIdentifier: [{ Name: 'MillId', Regex: 'MILL-\\d{4}' }] },
    Statement: rules.map(
      ({ direction = 'Inbound', who = ['*'], what = ['CreditCardNumber'], operation }) => ({
        ...{ DataDirection: direction, Principal: who, Operation: operation },
        DataIdentifier: what.map((name) => (name === 'MillId' ? name : `${ARN}${name}`)),
      }),
    ),
  })

async function protectedWorld(...rules: readonly Rule[]) {
  const world = new TopicWorld()
  const DataProtectionPolicy = policyOf(...rules)
  const { TopicArn } = await world.sns('CreateTopic', { Name: 'news', DataProtectionPolicy })
  const publish = (Message: string, input: Input = {}) =>
    world.sns('Publish', { TopicArn, Message, ...input })
  const subscriber = async (name: string, Attributes: Input = { RawMessageDelivery: 'true' }) => {
    const Endpoint = await world.queue(name)
    const input = { TopicArn, Protocol: 'sqs', Endpoint, Attributes }
    return (await world.sns('Subscribe', input, as(principal(name)))).SubscriptionArn as string
  }
  const bodies = async (queue: string) => (await world.received(queue)).map(({ Body }) => Body)
  return { world, topic: TopicArn as string, publish, subscriber, bodies }
}

test('what a publisher must not say is refused, and stored nowhere', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({ operation: DENY })
  await subscriber('q')
  expect(await world.refusal('Publish', { TopicArn: topic, Message: `card ${CARD}` })).toBe(PROHIBITED)
  expect(world.storedBodies).toBe(0)
  await publish('card 4539894458086458')
  expect(await bodies('q')).toEqual(['card 4539894458086458'])
})

test('of a batch those entries fail, and the others are published', async () => {
  const { world, topic, subscriber, bodies } = await protectedWorld({ operation: DENY })
  await subscriber('q')
  const PublishBatchRequestEntries = [
    { Id: 'a', Message: 'rye' },
    { Id: 'b', Message: `card ${CARD}` },
    { Id: 'c', Message: 'wheat' },
  ]
  const answer = await world.sns('PublishBatch', { TopicArn: topic, PublishBatchRequestEntries })
  expect(answer.Failed).toMatchObject([{ Id: 'b', Code: 'AuthorizationError', SenderFault: true }])
  expect(answer.Successful.map(({ Id }: { Id: string }) => Id)).toEqual(['a', 'c'])
  expect(await bodies('q')).toEqual(['rye', 'wheat'])
})

test.each([
  [principal('thief'), true],
  ['arn:aws:sts::000000000000:assumed-role/teller/night', true],
  ['arn:aws:iam::111111111111:user/any', true],
  [principal('miller'), false],
  ['arn:aws:sts::000000000000:assumed-role/baker/night', false],
  ['arn:aws:sts::222222222222:assumed-role/teller/night', false],
])('a statement holds for the principals that it names: %s', async (caller, isDenied) => {
  const who = [
    principal('thief'),
    'arn:aws:iam::000000000000:role/shop/teller',
    'arn:aws:iam::111111111111:root',
  ]
  const { world, topic } = await protectedWorld({ who, operation: DENY })
  const input = { TopicArn: topic, Message: `card ${CARD}` }
  const published = world.sns('Publish', input, { ...as(caller), isPermitted: true })
  if (isDenied) await expect(published).rejects.toThrow('prohibits')
  else await expect(published).resolves.toHaveProperty('MessageId')
})

test('what is masked is masked before it is stored, filtered or signed', async () => {
  const { world, publish, subscriber, bodies } = await protectedWorld({
    ...{ what: ['CreditCardNumber', 'MillId'], operation: MASK },
  })
  const filter = (card: string) => ({
    FilterPolicy: JSON.stringify({ card: [card] }),
    FilterPolicyScope: 'MessageBody',
  })
  await subscriber('raw')
  await subscriber('masked', filter('#'.repeat(16)))
  await subscriber('unmasked', filter(CARD))
  await publish(JSON.stringify({ card: CARD, mill: 'MILL-1234.' }))
  const expected = JSON.stringify({ card: '#'.repeat(16), mill: '#########.' })
  expect(await bodies('raw')).toEqual([expected])
  expect(await bodies('unmasked')).toEqual([])
  const [envelope] = await bodies('masked')
  expect(JSON.parse(envelope).Message).toBe(expected)
  expect(world.signer.signed.join()).not.toContain(CARD)
  expect(Buffer.concat(world.stored).toString('latin1')).not.toContain(CARD)
  expect(Buffer.concat(world.stored).toString('latin1')).toContain('####')
})

test('what is redacted is gone, and who says nothing else is refused', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({
    ...{ what: ['EmailAddress'], operation: REDACT },
  })
  await subscriber('q')
  await publish('to ann@mill.example, bob@mill.example!')
  expect(await bodies('q')).toEqual(['to , !'])
  expect(await world.refusal('Publish', { TopicArn: topic, Message: 'ann@mill.example' })).toBe(PROHIBITED)
})

test('each text of a message for several protocols is looked at', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({ operation: MASK })
  await subscriber('q')
  const input = { TopicArn: topic, Protocol: 'http', Endpoint: 'http://mill.example/' }
  const { SubscriptionArn } = await world.sns('Subscribe', { ...input, ReturnSubscriptionArn: true })
  await world.confirm(SubscriptionArn)
  const texts = { default: `a card ${CARD}`, sqs: `b card ${CARD}`, sms: 'c' }
  await publish(JSON.stringify(texts), { MessageStructure: 'json' })
  expect(await bodies('q')).toEqual([`b card ${'#'.repeat(16)}`])
  expect(await world.waiting(SubscriptionArn)).toEqual([`a card ${'#'.repeat(16)}`])
})

test('attributes and subjects are not looked at', async () => {
  const { publish, subscriber, bodies } = await protectedWorld({ operation: DENY })
  await subscriber('q')
  const MessageAttributes = { card: { DataType: 'String', StringValue: `card ${CARD}` } }
  await publish('rye', { Subject: `card ${CARD}`, MessageAttributes })
  expect(await bodies('q')).toEqual(['rye'])
})

test('an audit tells how much was found of what, and never what', async () => {
  const { world, topic, publish } = await protectedWorld({
    ...{ what: ['CreditCardNumber', 'EmailAddress', 'MillId'], operation: audit(99) },
  })
  world.audited.length = 0
  const sent = new Set<string>()
  for (let i = 0; i < 200; i++) sent.add((await publish(`card ${CARD}, MILL-1111 MILL-2222`)).MessageId)
  expect(world.audited.length).toBeGreaterThan(180)
  for (const line of world.audited) expect(sent).toContain(line.messageId)
  expect(world.audited[0]).toMatchObject({
    ...{ topicArn: topic, callerPrincipal: EXAMPLE },
    dataIdentifiers: [
      { name: 'CreditCardNumber', count: 1 },
      { name: 'MillId', count: 2 },
    ],
  })
  expect(JSON.stringify(world.audited)).not.toMatch(/\d{16}|1111|2222/)
  await publish('rye')
  expect(world.audited.at(-1)!.dataIdentifiers).not.toEqual([])
})

test.each([
  [0, 0, 0],
  [50, 60, 140],
])('of a hundred messages an audit looks at %i', async (rate, least, most) => {
  const { world, publish } = await protectedWorld({ operation: audit(rate) })
  for (let i = 0; i < 200; i++) await publish(`card ${CARD}`)
  expect(world.audited.length).toBeGreaterThanOrEqual(least)
  expect(world.audited.length).toBeLessThanOrEqual(most)
})

test('an audit tells of nothing found where it is to, and sees what is then masked or refused', async () => {
  const destination = { S3: { Bucket: 'mill-logs' } }
  const nothing = audit(99, { FindingsDestination: undefined, NoFindingsDestination: destination })
  const quiet = await protectedWorld({ operation: nothing })
  for (let i = 0; i < 20; i++) await quiet.publish(i % 2 === 0 ? 'rye' : `card ${CARD}`)
  expect(quiet.world.audited.length).toBeGreaterThan(5)
  for (const { dataIdentifiers } of quiet.world.audited) expect(dataIdentifiers).toEqual([])
  for (const operation of [MASK, DENY]) {
    const { world, publish } = await protectedWorld({ operation }, { operation: audit(99) })
    for (let i = 0; i < 5; i++) await publish(`card ${CARD}`).catch(() => {})
    expect(world.audited.at(0)?.dataIdentifiers).toEqual([{ name: 'CreditCardNumber', count: 1 }])
  }
})

test('what a subscriber must not get is not delivered, is counted, and is no dead letter', async () => {
  const { world, publish, subscriber, bodies } = await protectedWorld({
    ...{ direction: 'Outbound', who: [principal('thief')], operation: DENY },
  })
  const dead = await world.queue('dead')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead })
  const thief = await subscriber('thief', { RawMessageDelivery: 'true', RedrivePolicy })
  const miller = await subscriber('miller')
  await publish(`card ${CARD}`)
  await publish('rye')
  expect(await bodies('thief')).toEqual(['rye'])
  expect(await bodies('miller')).toEqual([`card ${CARD}`, 'rye'])
  expect(await bodies('dead')).toEqual([])
  expect((await world.description(thief)).failures).toEqual({ 'data protection': 1 })
  expect((await world.description(miller)).failures).toEqual({})
})

test('a subscriber gets a masked copy, of which there is one for all that get the same', async () => {
  const { world, publish, subscriber, bodies } = await protectedWorld(
    { direction: 'Outbound', who: ['a', 'b', 'f'].map(principal), operation: MASK },
    { direction: 'Outbound', who: [principal('b')], what: ['EmailAddress'], operation: REDACT },
    { direction: 'Outbound', who: [principal('c')], what: ['MillId'], operation: DENY },
  )
  for (const name of ['a', 'b', 'c', 'd', 'f']) await subscriber(name)
  await subscriber('e', {})
  const { MessageId } = await publish(`card ${CARD} of ann@mill.example`)
  const masked = `card ${'#'.repeat(16)} of `
  const expected = {
    a: `${masked}ann@mill.example`,
    b: masked,
    c: `card ${CARD} of ann@mill.example`,
    d: `card ${CARD} of ann@mill.example`,
    f: `${masked}ann@mill.example`,
  }
  const look = async () => {
    for (const [queue, body] of Object.entries(expected)) expect(await bodies(queue)).toEqual([body])
    expect(JSON.parse((await bodies('e'))[0])).toMatchObject({ MessageId, Message: expected.d })
  }
  await look()
  expect(world.storedBodies).toBe(3)
  for (const snapshot of [false, true]) {
    world.restart({ snapshot })
    await look()
  }
  const ids = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (queue) => (await world.received(queue))[0]!.MessageId),
  )
  expect(new Set(ids).size).toBe(4)
})

test('masked copies are told apart from the message by whoever keeps envelopes', async () => {
  const { world, publish, subscriber, bodies } = await protectedWorld(
    { direction: 'Outbound', who: [principal('a')], operation: MASK },
    { direction: 'Outbound', who: [principal('b')], operation: REDACT },
  )
  for (const name of ['a', 'b', 'c']) await subscriber(name, {})
  await publish(`card ${CARD}`)
  const expected = [`card ${CARD}`, `card ${'#'.repeat(16)}`, 'card ']
  const received = await Promise.all(['c', 'a', 'b'].map(bodies))
  expect(received.map(([body]) => JSON.parse(body).Message)).toEqual(expected)
  const kept = new EnvelopedMessages(world.signer)
  const form = { protocol: 'sqs', signatureVersion: '1', isReplayed: false } as const
  for (let i = 0; i < 3; i++) {
    const envelopes = await Promise.all(world.stored.map((stored) => kept.read(stored, form)))
    const told = envelopes.map(({ envelope }) => JSON.parse(envelopeFor(envelope, 'arn')).Message)
    expect(told.sort()).toEqual([...expected].sort())
  }
})

test('a message that is kept from one protocol is the same for the others, and stored once', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({
    ...{ direction: 'Outbound', operation: DENY },
  })
  await subscriber('q')
  const input = { TopicArn: topic, Protocol: 'http', Endpoint: 'http://mill.example/' }
  const { SubscriptionArn } = await world.sns('Subscribe', { ...input, ReturnSubscriptionArn: true })
  await world.confirm(SubscriptionArn)
  expect(await world.waiting(SubscriptionArn)).toEqual([])
  const before = world.storedBodies
  await publish(JSON.stringify({ default: 'rye', http: `card ${CARD}` }), { MessageStructure: 'json' })
  expect(await bodies('q')).toEqual(['rye'])
  expect(await world.waiting(SubscriptionArn)).toEqual([])
  expect(world.storedBodies).toBe(before + 1)
})

test('pushed notifications are protected as those in queues are', async () => {
  const { world, topic, publish } = await protectedWorld(
    { direction: 'Outbound', who: [principal('a')], operation: MASK },
    { direction: 'Outbound', who: [principal('b')], operation: DENY },
  )
  const hook = async (name: string) => {
    const input = { TopicArn: topic, Protocol: 'http', Endpoint: `http://mill.example/${name}` }
    const { SubscriptionArn } = await world.sns(
      'Subscribe',
      { ...input, ReturnSubscriptionArn: true },
      as(principal(name)),
    )
    await world.confirm(SubscriptionArn)
    return SubscriptionArn as string
  }
  const [a, b, c] = [await hook('a'), await hook('b'), await hook('c')]
  await publish(`card ${CARD}`)
  expect(await world.waiting(a)).toEqual([`card ${'#'.repeat(16)}`])
  expect(await world.waiting(b)).toEqual([])
  expect(await world.waiting(c)).toEqual([`card ${CARD}`])
})

test('who subscribed is known after a restart, and forgotten with the last of its subscriptions', async () => {
  const { world, publish, subscriber, bodies } = await protectedWorld({
    ...{ direction: 'Outbound', who: ['*'], operation: DENY },
  })
  const first = await subscriber('a')
  world.restart({ snapshot: true })
  await publish(`card ${CARD}`)
  expect(await bodies('a')).toEqual([])
  expect((await world.description(first)).failures).toEqual({ 'data protection': 1 })
  const second = (await subscriber('b')) as string
  expect(world.subscribers()).toEqual([principal('a'), principal('b')])
  await world.sns('Unsubscribe', { SubscriptionArn: first })
  expect(world.subscribers()).toEqual([principal('b')])
  await world.sns('Unsubscribe', { SubscriptionArn: second })
  expect(world.subscribers()).toEqual([])
  await subscriber('b')
  world.restart({ snapshot: false })
  await publish(`card ${CARD}`)
  expect(await bodies('b')).toEqual([])
})

test('a policy holds from the next message on, until it is taken away', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({ operation: DENY })
  await subscriber('q')
  await world.sns('PutDataProtectionPolicy', {
    ResourceArn: topic,
    DataProtectionPolicy: policyOf({ operation: MASK }),
  })
  await publish(`card ${CARD}`)
  await world.sns('PutDataProtectionPolicy', { ResourceArn: topic, DataProtectionPolicy: '' })
  await publish(`card ${CARD}`)
  expect(await bodies('q')).toEqual([`card ${'#'.repeat(16)}`, `card ${CARD}`])
})

test('a policy that is put while a message is on its way holds for it', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({ operation: audit(99) })
  await subscriber('q')
  const put = (...rules: readonly Rule[]) =>
    world.sns('PutDataProtectionPolicy', { ResourceArn: topic, DataProtectionPolicy: policyOf(...rules) })
  world.meanwhile = () => put({ operation: MASK }, { operation: audit(99) })
  const { MessageId } = await publish(`card ${CARD}`)
  expect(await bodies('q')).toEqual([`card ${'#'.repeat(16)}`])
  for (const { messageId } of world.audited) expect(messageId).toBe(MessageId)
  expect(world.audited.length).toBeLessThanOrEqual(1)
  world.meanwhile = () => put({ operation: DENY })
  const PublishBatchRequestEntries = [
    { Id: 'a', Message: `card ${CARD}` },
    { Id: 'b', Message: 'rye' },
    { Id: 'c', Message: '' },
  ]
  const answer = await world.sns('PublishBatch', { TopicArn: topic, PublishBatchRequestEntries })
  expect(answer.Failed.map(({ Id }: { Id: string }) => Id)).toEqual(['a', 'c'])
  expect(answer.Successful).toMatchObject([{ Id: 'b' }])
  expect([...(await bodies('q'))].sort()).toEqual([`card ${'#'.repeat(16)}`, 'rye'])
})

test('a policy that is taken away while a message is on its way does not hold for it', async () => {
  const { world, topic, publish, subscriber, bodies } = await protectedWorld({ operation: DENY })
  await subscriber('q')
  world.meanwhile = () =>
    world.sns('PutDataProtectionPolicy', { ResourceArn: topic, DataProtectionPolicy: '' })
  await publish(`card ${CARD}`)
  expect(await bodies('q')).toEqual([`card ${CARD}`])
})

test('who subscribes while a message is on its way is not forgotten', async () => {
  const { world, publish, subscriber, bodies } = await protectedWorld({
    ...{ direction: 'Outbound', who: [principal('b')], operation: MASK },
  })
  await subscriber('a')
  world.meanwhile = () => subscriber('b')
  await publish(`card ${CARD}`)
  expect(await bodies('a')).toEqual([`card ${CARD}`])
  expect(await bodies('b')).toEqual([`card ${'#'.repeat(16)}`])
})

test('FIFO topics have no data protection', async () => {
  const world = new TopicWorld()
  const fifo = { Name: 'news.fifo', Attributes: { FifoTopic: 'true' } }
  const DataProtectionPolicy = policyOf({ operation: DENY })
  const reason = 'InvalidParameter: Invalid parameter: DataProtectionPolicy Reason: data protection policies'
  expect(await world.refusal('CreateTopic', { ...fifo, DataProtectionPolicy })).toContain(reason)
  const { TopicArn: ResourceArn } = await world.sns('CreateTopic', fifo)
  expect(await world.refusal('PutDataProtectionPolicy', { ResourceArn, DataProtectionPolicy })).toContain(
    reason,
  )
})

test('a kept policy that is none by the rules of today lets nothing through', async () => {
  const world = new TopicWorld()
  const TopicArn = await world.topic()
  const topic = { accountId: '000000000000', region: 'eu-west-1', name: 'news' }
  const settings = { dataProtectionPolicy: '{"Name":"old"}' }
  await world.execute({ service: 'sns', kind: 'setTopicSettings', ...{ topic, settings } })
  expect(await world.refusal('Publish', { TopicArn, Message: 'rye' })).toBe(PROHIBITED)
})

test('what subscribers get instead is sealed too, under the key of their queue', async () => {
  const { world, topic, publish, bodies } = await protectedWorld({
    ...{ direction: 'Outbound', operation: MASK },
    who: [principal('a')],
  })
  for (const [name, KmsMasterKeyId] of [
    ['a', 'k1'],
    ['b', 'k1'],
    ['c', 'k2'],
  ] as const) {
    const Endpoint = await world.queue(name, { KmsMasterKeyId })
    const input = { TopicArn: topic, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }
    await world.sns('Subscribe', input, as(principal(name)))
  }
  await publish(`card ${CARD}`)
  expect(world.bodies.every(isSealed)).toBe(true)
  expect(world.bodies).toHaveLength(3)
  expect(await Promise.all(['a', 'b', 'c'].map(bodies))).toEqual([
    [`card ${'#'.repeat(16)}`],
    [`card ${CARD}`],
    [`card ${CARD}`],
  ])
})

test.each<[string, (world: TopicWorld, topic: string) => Promise<unknown>]>([
  [
    'a policy that is put',
    (world, ResourceArn) => {
      const DataProtectionPolicy = policyOf({ operation: MASK })
      return world.sns('PutDataProtectionPolicy', { ResourceArn, DataProtectionPolicy })
    },
  ],
  [
    'a subscriber that is new',
    async (world, topic) => {
      const Endpoint = await world.queue('late')
      const input = { TopicArn: topic, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }
      await world.sns('Subscribe', input, as(principal('late')))
    },
  ],
])('%s while keys are waited for counts for the message that waits', async (what, change) => {
  const { world, topic, publish, bodies } = await protectedWorld({
    ...{ direction: 'Outbound', operation: MASK },
    who: [principal('late')],
  })
  const Endpoint = await world.queue('a', { KmsMasterKeyId: 'k1' })
  const input = { TopicArn: topic, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }
  await world.sns('Subscribe', input, as(principal('a')))
  const late = what.startsWith('a subscriber') ? 'late' : 'a'
  world.dataKeys.meanwhile = () => change(world, topic)
  await publish(`card ${CARD}`)
  expect(await bodies(late)).toEqual([`card ${'#'.repeat(16)}`])
})
