import { expect, test } from 'vitest'
import type { ServiceModel } from '../api/model.ts'
import { type Operation, operation, type Request } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import { missingAuthenticationToken } from '../auth/errors.ts'
import { keptResponse } from '../protocol/kept-response.ts'
import type { Call, Dispatcher, Unrecognised, WireResponse } from '../protocol/wire.ts'
import { AwsHandler } from './aws-handler.ts'
import { HeaderFields } from './header-fields.ts'
import type { HttpRequest } from './request-handler.ts'

const CALLER = { accountId: '123456789012', region: 'eu-west-1', userId: 'AIDA', principalArn: 'arn' }
const MODEL: ServiceModel = {
  name: 'sqs',
  apiVersion: '2012-11-05',
  protocols: [],
  targetPrefix: 'AmazonSQS',
  jsonVersion: '1.0',
  queryCompatible: true,
  xmlNamespace: '',
  urlMember: undefined,
  checksConstraints: false,
  operations: new Map(),
  errors: new Map(),
}
const listQueues: Operation = operation('ListQueues', async () => ({}))
const answer = (text: string): WireResponse => ({ status: 200, headers: {}, body: text })
const refuse = (error: unknown, requestId: string) =>
  answer(`${error instanceof ServiceError ? error.shape.code : 'InternalFailure'} in ${requestId}`)

function setUp({ isKnown = true, isSigned = true, isOpen = false } = {}) {
  const executed: Request[] = []
  const call: Call = {
    kind: 'call',
    service: {
      name: 'sqs',
      model: MODEL,
      operations: new Map([['ListQueues', listQueues]]),
      refuseInput: () => new Error('never'),
      access: {},
      refuseAccess: () => new Error('never'),
    },
    operation: { ...listQueues, isOpen },
    execute: (request, sink) => {
      executed.push(request)
      sink.take(answer('done'))
    },
    refuse,
  }
  const shape = { code: 'UnknownOperationException', status: 404, fault: 'client' } as const
  const unknown: Unrecognised = { kind: 'unrecognised', error: new ServiceError(shape, 'unknown'), refuse }
  const dispatcher: Dispatcher = { asksPolicies: false, recognise: () => (isKnown ? call : unknown) }
  const asked: string[] = []
  const authenticator = {
    authenticate: (_request: unknown, service: string, now: number) => {
      asked.push(`${service} at ${now}`)
      if (!isSigned) throw missingAuthenticationToken()
      return CALLER
    },
  }
  const handler = new AwsHandler(dispatcher, authenticator, { now: () => 1_000 })
  const request: HttpRequest = {
    method: 'POST',
    path: '/queue',
    query: '',
    headers: new HeaderFields(['x-amzn-trace-id'], ['Root=1']),
    body: new Uint8Array(0),
    requestId: 'request-1',
    endpoint: 'http://localhost:4566',
    isSecure: false,
    address: '127.0.0.1',
    connection: { closed: false, onClose: () => () => {} },
    subject: { operation: undefined, accountId: undefined },
  }
  return { handler, request, executed, asked }
}

test('a request is executed as its caller’s, with all that operations are told of it', async () => {
  const { handler, request, executed, asked } = setUp()
  expect(await keptResponse((sink) => handler.handle(request, sink))).toEqual(answer('done'))
  expect(asked).toEqual(['sqs at 1000'])
  expect(executed).toEqual([
    {
      requestId: 'request-1',
      caller: CALLER,
      endpoint: 'http://localhost:4566',
      path: '/queue',
      traceHeader: 'Root=1',
      connection: request.connection,
      origin: request,
      isPermitted: false,
      recheck: expect.any(Function),
    },
  ])
  expect(request.subject).toEqual({
    operation: 'ListQueues',
    accountId: '123456789012',
  })
})

test('a request that is not authenticated is refused and not executed', async () => {
  const { handler, request, executed } = setUp({ isSigned: false })
  expect(await keptResponse((sink) => handler.handle(request, sink))).toEqual(
    answer('MissingAuthenticationTokenException in request-1'),
  )
  expect(executed).toEqual([])
})

test('a request for nothing that is known is refused before anyone asks who sent it', async () => {
  const { handler, request, asked } = setUp({ isKnown: false })
  expect(await keptResponse((sink) => handler.handle(request, sink))).toEqual(
    answer('UnknownOperationException in request-1'),
  )
  expect(asked).toEqual([])
})

test('what the listener refuses is spelled in the request’s own protocol', () => {
  const { handler, request } = setUp()
  expect(handler.refuse(request, missingAuthenticationToken())).toEqual(
    answer('MissingAuthenticationTokenException in request-1'),
  )
})

test('an open operation may be asked for without a signature, by a GET that claims none', async () => {
  const anonymous = async (changes: Partial<HttpRequest>) => {
    const { handler, executed, request } = setUp({ isOpen: true, isSigned: false })
    await keptResponse((sink) => handler.handle({ ...request, ...changes }, sink))
    return executed[0]?.caller.isAnonymous === true
  }
  expect(await anonymous({ method: 'GET' })).toBe(true)
  expect(await anonymous({ method: 'POST' })).toBe(false)
  expect(await anonymous({ method: 'GET', query: 'Action=A&X-Amz-Signature=0' })).toBe(false)
  const headers = new HeaderFields(['authorization'], ['AWS4-HMAC-SHA256 forged'])
  expect(await anonymous({ method: 'GET', headers })).toBe(false)
  const { handler, executed, request } = setUp({ isSigned: false })
  await keptResponse((sink) => handler.handle({ ...request, method: 'GET' }, sink))
  expect(executed).toEqual([])
})
