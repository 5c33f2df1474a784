import { compileModel } from '../../src/api/compile-model.ts'
import { iamModel } from '../../src/api/generated/iam-model.ts'
import { kinesisModel } from '../../src/api/generated/kinesis-model.ts'
import { kmsModel } from '../../src/api/generated/kms-model.ts'
import { snsModel } from '../../src/api/generated/sns-model.ts'
import { sqsModel } from '../../src/api/generated/sqs-model.ts'
import { stsModel } from '../../src/api/generated/sts-model.ts'
import type { OperationModel, ProtocolName, ServiceModel } from '../../src/api/model.ts'
import { type Millrace, startMillrace } from '../../src/library/start-millrace.ts'
import { decodeCbor, encodeCbor } from '../../src/protocol/cbor.ts'
import { cborWriters } from '../../src/protocol/cbor-leaves.ts'
import { jsonWriters } from '../../src/protocol/json-leaves.ts'
import { toForm } from '../../src/protocol/test-form.ts'
import { ValueWriters } from '../../src/protocol/value-output.ts'
import { ALL_DOCUMENTS, FILTER_POLICIES, POLICIES } from './documents.ts'
import type { KnownTexts } from './sample-inputs.ts'
import { parseXml, type XmlElement } from './strict-xml.ts'

export const MODELS: readonly ServiceModel[] = [
  compileModel('sqs', sqsModel),
  compileModel('sns', snsModel),
  compileModel('kinesis', kinesisModel),
  compileModel('iam', iamModel),
  compileModel('sts', stsModel),
  compileModel('kms', kmsModel),
]

export interface FuzzedRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export interface FuzzedAnswer {
  readonly status: number
  readonly type: string
  readonly body: Buffer
}

/** Longer than any request takes that is not made to wait. */
const ANSWERED_WITHIN_MS = 5_000
const toJson = new ValueWriters(jsonWriters)
const toCbor = new ValueWriters(cborWriters)

/** What an SDK would send. */
export function requestOf(
  model: ServiceModel,
  { name, input }: OperationModel,
  protocol: ProtocolName,
  value: object,
): FuzzedRequest {
  const target = `${model.targetPrefix}.${name}`
  switch (protocol) {
    case 'json':
      return {
        headers: { 'x-amz-target': target, 'content-type': `application/x-amz-json-${model.jsonVersion}` },
        body: JSON.stringify(toJson.writer(input)?.(value) ?? value),
      }
    case 'aws-cbor':
      return {
        headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-cbor-1.1' },
        body: encodeCbor(toCbor.writer(input)?.(value) ?? value),
      }
    case 'query':
      return {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: [`Action=${name}`, `Version=${model.apiVersion}`, ...toForm(input, value, '')].join('&'),
      }
    default:
      throw new Error(`no requests in ${protocol}`)
  }
}

/** A whole server in memory, that asks nobody who they are, with one of everything in it. */
export class FuzzedServer {
  readonly #server: Millrace
  #known: KnownTexts = {}

  private constructor(server: Millrace) {
    this.#server = server
  }

  static async start(): Promise<FuzzedServer> {
    const server = new FuzzedServer(await startMillrace({ auth: false }))
    await server.furnish()
    return server
  }

  get url(): string {
    return this.#server.endpoint
  }

  get known(): KnownTexts {
    return this.#known
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }

  /** The answer, or null where the server made the client wait, which only some operations may. */
  async send({ headers, body }: FuzzedRequest, path = '/'): Promise<FuzzedAnswer | null> {
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS)
    try {
      const answer = await fetch(this.url + path, { method: 'POST', headers, body, signal })
      return {
        status: answer.status,
        type: answer.headers.get('content-type') ?? '',
        body: Buffer.from(await answer.arrayBuffer()),
      }
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
  }

  async ask(service: string, operation: string, input: object): Promise<Record<string, unknown>> {
    const model = MODELS.find(({ name }) => name === service)!
    const protocol = model.protocols.includes('json') ? 'json' : 'query'
    const answer = await this.send(requestOf(model, model.operations.get(operation)!, protocol, input))
    if (answer === null || answer.status !== 200) throw new Error(`${operation}: ${answer?.body}`)
    if (protocol === 'json') return answer.body.length === 0 ? {} : JSON.parse(answer.body.toString())
    return membersOf(parseXml(answer.body.toString()))
  }

  /** Makes what is missing anew, and remembers what the server calls it. */
  async furnish(): Promise<void> {
    const ask = (service: string, operation: string, input: object) => this.ask(service, operation, input)
    const tried = (service: string, operation: string, input: object) =>
      ask(service, operation, input).catch((): Record<string, unknown> => ({}))
    const text = (value: unknown) => (typeof value === 'string' ? value : 'none')
    await tried('sqs', 'DeleteQueue', { QueueUrl: 'orders' })
    const queue = text((await ask('sqs', 'CreateQueue', { QueueName: 'orders' })).QueueUrl)
    const FifoQueue = { FifoQueue: 'true' }
    const fifo = text(
      (await tried('sqs', 'CreateQueue', { QueueName: 'o.fifo', Attributes: FifoQueue })).QueueUrl,
    )
    await ask('sqs', 'SendMessage', { QueueUrl: queue, MessageBody: 'rye' })
    const received = JSON.stringify(await ask('sqs', 'ReceiveMessage', { QueueUrl: queue }))
    const receipt = /"ReceiptHandle":"([^"]*)"/.exec(received)?.[1]
    const topic = text((await ask('sns', 'CreateTopic', { Name: 'news' })).TopicArn)
    const subscription = text(
      (
        await ask('sns', 'Subscribe', {
          ...{ TopicArn: topic, Protocol: 'sqs', ReturnSubscriptionArn: true },
          Endpoint: 'arn:aws:sqs:us-east-1:000000000000:orders',
        })
      ).SubscriptionArn,
    )
    await tried('kinesis', 'CreateStream', { StreamName: 'grain', ShardCount: 1 })
    const record = { StreamName: 'grain', PartitionKey: 'rye', Data: Buffer.from('rye') }
    const { SequenceNumber, ShardId } = await tried('kinesis', 'PutRecord', record)
    const shard = { StreamName: 'grain', ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    const { ShardIterator } = await tried('kinesis', 'GetShardIterator', shard)
    const arn = 'arn:aws:kinesis:us-east-1:000000000000:stream/grain'
    await tried('kinesis', 'RegisterStreamConsumer', { StreamARN: arn, ConsumerName: 'baker' })
    const key = text(Object(Object(await ask('kms', 'CreateKey', {})).KeyMetadata).KeyId)
    const { CiphertextBlob } = await ask('kms', 'Encrypt', { KeyId: key, Plaintext: Buffer.from('rye') })
    await tried('iam', 'CreateUser', { UserName: 'carter' })
    await tried('iam', 'CreateGroup', { GroupName: 'carters' })
    const trust = POLICIES[3]
    await tried('iam', 'CreateRole', { RoleName: 'miller', AssumeRolePolicyDocument: trust })
    await tried('iam', 'CreatePolicy', { PolicyName: 'carts', PolicyDocument: POLICIES[2] })
    const iam = (path: string) => `arn:aws:iam::000000000000:${path}`
    const documents = {
      ...{ Policy: POLICIES, PolicyDocument: POLICIES, AssumeRolePolicyDocument: POLICIES },
      ...{ PolicyInputList: POLICIES, FilterPolicy: FILTER_POLICIES, AttributeValue: ALL_DOCUMENTS },
      'Attributes value': [...ALL_DOCUMENTS, '30', 'true', 'false', '0', 'perQueue'],
    }
    this.#known = {
      ...documents,
      QueueUrl: [queue, fifo, 'orders', '/000000000000/orders'],
      QueueName: ['orders', 'o.fifo'],
      ReceiptHandle: [receipt ?? 'none'],
      SourceArn: ['arn:aws:sqs:us-east-1:000000000000:orders'],
      ...{
        TopicArn: [topic],
        TargetArn: [topic],
        ResourceArn: [topic, arn],
        SubscriptionArn: [subscription],
      },
      Endpoint: [
        'arn:aws:sqs:us-east-1:000000000000:orders',
        'http://192.0.2.1/',
        'a@example.org',
        '+12025550123',
      ],
      Protocol: ['sqs', 'http', 'https', 'email', 'sms', 'lambda', 'application', 'firehose'],
      AttributeName: [
        'FilterPolicy',
        'RedrivePolicy',
        'DeliveryPolicy',
        'ReplayPolicy',
        'Policy',
        'ArchivePolicy',
      ],
      'Attributes key': [
        ...[
          'FilterPolicy',
          'FilterPolicyScope',
          'RedrivePolicy',
          'RedriveAllowPolicy',
          'DeliveryPolicy',
          'Policy',
        ],
        ...[
          'VisibilityTimeout',
          'DelaySeconds',
          'MaximumMessageSize',
          'FifoQueue',
          'DeduplicationScope',
          'KmsMasterKeyId',
        ],
        ...['ReplayPolicy', 'ArchivePolicy', 'RawMessageDelivery', 'DisplayName', 'SignatureVersion'],
      ],
      DataType: ['String', 'Number', 'Binary', 'String.Array', 'Number.int'],
      StringValue: ['1', '-1.5e10', '["a",1,null]', 'x'],
      Message: ['rye', '{"default":"rye","sqs":"x"}', '{"a":{"b":[1,"x"]}}'],
      ...{
        StreamName: ['grain'],
        StreamARN: [arn],
        ConsumerName: ['baker'],
        ConsumerARN: [`${arn}/consumer/baker:1`],
      },
      ShardId: [text(ShardId), 'shardId-000000000000', '0'],
      ...{
        ShardToSplit: [text(ShardId)],
        ShardToMerge: [text(ShardId)],
        AdjacentShardToMerge: [text(ShardId)],
      },
      ShardIterator: [text(ShardIterator)],
      ...{ StartingSequenceNumber: [text(SequenceNumber)], SequenceNumber: [text(SequenceNumber)] },
      ...{ ExplicitHashKey: ['0', '340282366920938463463374607431768211455'], NewStartingHashKey: ['7'] },
      KeyId: [key, 'alias/a', `arn:aws:kms:us-east-1:000000000000:key/${key}`],
      CiphertextBlob: [text(CiphertextBlob)],
      AliasName: ['alias/a'],
      ...{ UserName: ['carter'], GroupName: ['carters'], RoleName: ['miller'], PolicyName: ['inline'] },
      ...{
        RoleArn: [iam('role/miller')],
        PolicyArn: [iam('policy/carts')],
        PolicySourceArn: [iam('user/carter')],
      },
      ...{
        ActionNames: ['sqs:SendMessage'],
        ResourceArns: [topic, '*'],
        Path: ['/', '/a/'],
        PathPrefix: ['/'],
      },
      ...{ RoleSessionName: ['day'], Name: ['news', 'n.fifo'], GranteePrincipal: [iam('user/carter')] },
      ...{ Marker: ['AAAA'], NextToken: ['AAAA'], Token: ['a'.repeat(64)], PhoneNumber: ['+12025550123'] },
    }
  }
}

/** What stands in an answer, by name, however deep. */
function membersOf({ name, children, text }: XmlElement): Record<string, unknown> {
  return Object.assign({}, ...children.map(membersOf), children.length === 0 ? { [name]: text } : {})
}

/** Throws where an answer isn't well-formed in the form that it says it has. */
export function readAnswer({ type, body }: FuzzedAnswer): void {
  if (body.length === 0) return
  if (type === 'application/x-amz-cbor-1.1') decodeCbor(body)
  else if (type.startsWith('text/xml')) parseXml(body.toString())
  else if (type.includes('json')) JSON.parse(body.toString())
}
