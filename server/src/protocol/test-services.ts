import { compileModel } from '../api/compile-model.ts'
import { kinesisModel } from '../api/generated/kinesis-model.ts'
import { sqsModel } from '../api/generated/sqs-model.ts'
import type { ServiceModel } from '../api/model.ts'
import type { ModelFile } from '../api/model-file.ts'
import { type BulkList, type Operation, operation, type Request, type Service } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import { createDispatcher } from './dispatch.ts'
import { keptResponse } from './kept-response.ts'
import type { Dispatcher, WireHeaders, WireRequest, WireResponse } from './wire.ts'

/** Services for the protocols' tests: what they are asked is kept, what they answer is given. */

/** A service with every kind of shape, recursion, and both ways of writing lists and maps. */
const zooModel: ModelFile = {
  metadata: {
    apiVersion: '2024-01-01',
    jsonVersion: '1.1',
    protocols: ['json', 'aws-cbor', 'query'],
    serviceId: 'Zoo',
    targetPrefix: 'Zoo_20240101',
    xmlNamespace: 'http://zoo.example/doc/2024-01-01/',
  },
  operations: {
    Echo: {
      http: { method: 'POST', requestUri: '/' },
      input: 'Animal',
      output: 'Animal',
      errors: ['Escaped'],
    },
    Feed: { http: { method: 'POST', requestUri: '/' }, input: 'Animal', errors: [] },
  },
  shapes: {
    Animal: {
      type: 'structure',
      members: {
        Name: { shape: 'Name' },
        Legs: { shape: 'Integer' },
        Atoms: { shape: 'Long' },
        Weight: { shape: 'Double' },
        Tame: { shape: 'Boolean' },
        Picture: { shape: 'Blob' },
        BornAt: { shape: 'Timestamp' },
        Young: { shape: 'Animals' },
        Nicknames: { shape: 'Names' },
        Labels: { shape: 'Labels' },
        Keepers: { shape: 'Keepers' },
      },
    },
    Animals: { type: 'list', member: { shape: 'Animal' } },
    Names: { type: 'list', flattened: true, member: { shape: 'Name', locationName: 'Nickname' } },
    Labels: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Name' } },
    Keepers: {
      type: 'map',
      flattened: true,
      key: { shape: 'Name', locationName: 'Who' },
      value: { shape: 'Animal', locationName: 'Feeds' },
    },
    Name: { type: 'string' },
    Integer: { type: 'integer' },
    Long: { type: 'long' },
    Double: { type: 'double' },
    Boolean: { type: 'boolean' },
    Blob: { type: 'blob' },
    Timestamp: { type: 'timestamp' },
    Escaped: { type: 'structure', exception: true, members: { Message: { shape: 'Name' } } },
  },
}

export const Escaped = { code: 'Escaped', queryCode: 'Zoo.Escaped', status: 404, fault: 'client' } as const

export const QueueDoesNotExist = {
  code: 'QueueDoesNotExist',
  queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
  status: 400,
  fault: 'client',
} as const

type Answer = (input: object, operationName: string) => object | Promise<object>

export const models: readonly ServiceModel[] = [
  compileModel('sqs', sqsModel),
  compileModel('zoo', zooModel),
  // Its inputs are made up here, from its shapes and not from its constraints.
  compileModel('kinesis', {
    ...kinesisModel,
    metadata: { ...kinesisModel.metadata, checksConstraints: false },
  }),
]

export function targetOf(model: ServiceModel, operationName: string): string {
  return `${model.targetPrefix}.${operationName}`
}

/** What `Feed` reads by itself: a list of animals with legs and nothing else, each as `{"Legs":4}`. */
export class CountedYoung {
  readonly legs: readonly number[]

  constructor(legs: readonly number[]) {
    this.legs = legs
  }
}

const countedYoung: BulkList = {
  member: 'Young',
  standIn: '[{}]',
  read(body, at) {
    const text = Buffer.from(body.subarray(at)).toString('latin1')
    const [found, list] = /^((?:{"Legs":\d},?)+(?<!,))]/.exec(text) ?? []
    if (found === undefined || list === undefined) return null
    return { list: new CountedYoung(list.match(/\d/g)!.map(Number)), end: at + found.length }
  },
}

function serviceOf(model: ServiceModel, answer: Answer): Service {
  const operations = [...model.operations.keys()].map((operationName): [string, Operation] => [
    operationName,
    {
      ...operation(operationName, async (input: object) => await answer(input, operationName)),
      repeats: operationName === 'ReceiveMessage',
      ...(operationName === 'Feed' && { bulk: countedYoung }),
    },
  ])
  return {
    name: model.name,
    model,
    operations: new Map(operations),
    access: Object.fromEntries(operations.map(([operationName]) => [operationName, () => []])),
    refuseAccess: () => new Error('never'),
    refuseInput: (first) =>
      new ServiceError(
        {
          code: 'MissingRequiredParameterException',
          queryCode: 'MissingParameter',
          status: 400,
          fault: 'client',
        },
        `The request must contain the parameter ${first.queryPath}.`,
      ),
  }
}

export const REQUEST_ID = 'b1946ac9-2492-4d1c-9d4b-3a8c2b1e0f00'

export interface Harness {
  readonly dispatcher: Dispatcher
  /** What the operations were called with, newest last. */
  readonly inputs: object[]
  /** What was reported as not meant for clients. */
  readonly reported: unknown[]
  /** Sends a request through recognition and execution. */
  send(request: Partial<WireRequest>): Promise<WireResponse>
}

/** A dispatcher over SQS's model, the zoo's and Kinesis's, whose operations all answer with `answer`. */
export function createHarness(answer: Answer = () => ({})): Harness {
  const inputs: object[] = []
  const reported: unknown[] = []
  const record: Answer = (input, name) => {
    inputs.push(input)
    return answer(input, name)
  }
  const services = models.map((model) => serviceOf(model, record))
  const dispatcher = createDispatcher(services, (error) => reported.push(error))
  return {
    dispatcher,
    inputs,
    reported,
    send(partial) {
      const request = { ...EMPTY_REQUEST, ...partial }
      const recognised = dispatcher.recognise(request)
      return recognised.kind === 'call'
        ? keptResponse((sink) => recognised.execute(operationRequest(request.path), sink))
        : Promise.resolve(recognised.refuse(recognised.error, REQUEST_ID))
    },
  }
}

const EMPTY_REQUEST: WireRequest = {
  method: 'POST',
  path: '/',
  query: '',
  headers: new Map(),
  body: new Uint8Array(),
}

function operationRequest(path: string): Request {
  return {
    requestId: REQUEST_ID,
    caller: { accountId: '000000000000', region: 'us-east-1', userId: 'AIDA', principalArn: 'arn' },
    endpoint: 'http://localhost:4566',
    path,
    traceHeader: undefined,
    connection: { closed: false, onClose: () => () => {} },
    origin: { isSecure: false, address: '127.0.0.1', headers: new Map() },
    isPermitted: false,
    recheck: () => {},
  }
}

/** Header fields by their names in lower case. */
export function fields(values: Readonly<Record<string, string | undefined>>): WireHeaders {
  return { get: (name) => values[name] }
}

export function jsonRequest(
  target: string,
  body: string | Uint8Array,
  contentType = 'application/x-amz-json-1.0',
): Partial<WireRequest> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  return { headers: fields({ 'x-amz-target': target, 'content-type': contentType }), body: bytes }
}

export function cborRequest(target: string, body: Uint8Array): Partial<WireRequest> {
  const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-cbor-1.1' }
  return { headers: fields(headers), body }
}

export function formRequest(form: string, path = '/'): Partial<WireRequest> {
  return {
    path,
    headers: fields({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
    body: new TextEncoder().encode(form),
  }
}
