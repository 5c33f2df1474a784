import { afterEach, expect, test } from 'vitest'
import { AwsCaller, type AwsEndpoint } from '../../src/delivery/aws-caller.ts'
import { LambdaApiInvoker } from '../../src/delivery/lambda-api-invoker.ts'
import { authorizationOf, heard } from './aws-peer.ts'
import { HeldTimers } from './held-timers.ts'
import { answer, type Behaviour, close, endless, HttpPeer, hang, reset, say } from './http-peer.ts'

const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:grind'
const NEVER = new AbortController().signal
const CREDENTIALS = { accessKeyId: 'AKIAMILL', secretAccessKey: 'se/cret+', sessionToken: 'a/token==' }
const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function invokerAt(url: string, credentials?: AwsEndpoint['credentials']) {
  const timers = new HeldTimers()
  const invoker = new LambdaApiInvoker(new AwsCaller({ url, service: 'lambda', credentials }, timers, 60_000))
  cleanups.push(() => invoker.close())
  return { timers, invoke: invoker.invoke.bind(invoker) }
}

async function runner(script: Behaviour[], credentials?: AwsEndpoint['credentials']) {
  const peer = await HttpPeer.start(...script)
  cleanups.push(() => peer.stop())
  return { peer, ...invokerAt(`http://127.0.0.1:${peer.port}`, credentials) }
}

const error = (status: number, type: string) =>
  answer(status, '{"message":"as the test wants it"}', `x-amzn-errortype: ${type}\r\n`)

test('a function is called by its name, asynchronously, with the event as it is', async () => {
  const { peer, invoke } = await runner([answer(202)])
  expect(await invoke(FUNCTION, '{"Records":["Mühle"]}', NEVER)).toEqual({ kind: 'accepted' })
  const { line, headers, body } = heard(peer.requests[0])
  expect(line).toBe('POST /2015-03-31/functions/grind/invocations HTTP/1.1')
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' })
  expect(headers).not.toHaveProperty('authorization')
  expect(body).toBe('{"Records":["Mühle"]}')
})

test('a version or an alias is asked for', async () => {
  const { peer, invoke } = await runner([answer(202)])
  await invoke(`${FUNCTION}:$LATEST`, '{}', NEVER)
  await invoke(`${FUNCTION}:stable`, '{}', NEVER)
  const lines = peer.requests.map((request) => heard(request).line.split(' ')[1])
  expect(lines).toEqual([
    '/2015-03-31/functions/grind/invocations?Qualifier=%24LATEST',
    '/2015-03-31/functions/grind/invocations?Qualifier=stable',
  ])
})

test('an endpoint may have a path, and a region that is filled in', async () => {
  const { peer } = await runner([answer(202)])
  const { invoke } = invokerAt(`http://127.0.0.1:${peer.port}/{region}/`)
  await invoke(FUNCTION, '{}', NEVER)
  expect(heard(peer.requests[0]).line).toMatch(/^POST \/eu-west-1\/2015-03-31\/functions\/grind\//)
})

test.each(['', ':$LATEST'])(
  'requests are signed as the SDK signs them, for the region of the function%s',
  async (q) => {
    const { peer, invoke } = await runner([answer(202)], CREDENTIALS)
    await invoke(`${FUNCTION}${q}`, '{"a":1}', NEVER)
    const request = heard(peer.requests[0])
    expect(request.headers['x-amz-security-token']).toBe(CREDENTIALS.sessionToken)
    expect(request.headers.authorization).toMatch(
      /Credential=AKIAMILL\/\d{8}\/eu-west-1\/lambda\/aws4_request/,
    )
    expect(request.headers.authorization).toBe(
      await authorizationOf(request, CREDENTIALS, 'lambda', 'eu-west-1'),
    )
  },
)

test('AWS is told the whole ARN, and it is signed as the SDK signs it', async () => {
  const peer = await HttpPeer.start(answer(202))
  cleanups.push(() => peer.stop())
  class Aws extends AwsCaller {
    override get isAws(): boolean {
      return true
    }
  }
  const endpoint = { url: `http://127.0.0.1:${peer.port}`, service: 'lambda', credentials: CREDENTIALS }
  const invoker = new LambdaApiInvoker(new Aws(endpoint, new HeldTimers(), 60_000))
  cleanups.push(() => invoker.close())
  await invoker.invoke(`${FUNCTION}:stable`, '{}', NEVER)
  const request = heard(peer.requests[0])
  const whole = FUNCTION.replaceAll(':', '%3A')
  expect(request.line).toBe(`POST /2015-03-31/functions/${whole}/invocations?Qualifier=stable HTTP/1.1`)
  expect(request.headers.authorization).toBe(
    await authorizationOf(request, CREDENTIALS, 'lambda', 'eu-west-1'),
  )
})

test('whether it is AWS that is called is told by its name', () => {
  const isAws = (url: string) =>
    new AwsCaller({ url, service: 'lambda', credentials: undefined }, new HeldTimers(), 1).isAws
  expect(isAws('https://lambda.{region}.amazonaws.com')).toBe(true)
  expect(isAws('https://lambda.eu-west-1.api.aws')).toBe(true)
  expect(isAws('http://127.0.0.1:9001')).toBe(false)
  expect(isAws('https://amazonaws.com.example.org')).toBe(false)
})

test.each([
  ['a result', answer(200, '"done"')],
  ['a failure of the function', answer(200, '{"errorType":"Error"}', 'x-amz-function-error: Unhandled\r\n')],
  ['nothing', answer(204)],
  ['an answer that breaks off after its status', say('HTTP/1.1 202 A\r\ncontent-length: 9\r\n\r\nx', reset)],
  ['an answer without end', endless('HTTP/1.1 200 OK\r\n\r\n')],
])('a runner that answers with %s has called the function', async (_what, behaviour) => {
  const { invoke } = await runner([behaviour])
  expect(await invoke(FUNCTION, '{}', NEVER)).toEqual({ kind: 'accepted' })
})

test('an answer without end is not read on', async () => {
  const { peer, invoke } = await runner([endless('HTTP/1.1 200 OK\r\n\r\n')])
  await invoke(FUNCTION, '{}', NEVER)
  while (peer.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
})

test.each([
  [404, 'ResourceNotFoundException'],
  [404, 'ResourceNotFound'],
  [403, 'AccessDeniedException'],
  [400, 'InvalidRequestContentException:http://internal.amazon.com/coral/'],
  [400, 'InvalidParameterValueException'],
  [413, 'RequestTooLargeException'],
])('%i %s is final', async (status, type) => {
  const { invoke } = await runner([error(status, type)])
  const code = type.split(':')[0]
  expect(await invoke(FUNCTION, '{}', NEVER)).toMatchObject({
    ...{ kind: 'refused', reason: `answered with status ${status} (${code})` },
  })
})

test.each([
  [429, 'TooManyRequestsException'],
  [409, 'ResourceConflictException'],
  [400, 'ThrottlingException'],
  [500, 'ServiceException'],
  [502, 'EC2ThrottledException'],
  [503, 'ServiceUnavailableException'],
  [403, 'UnrecognizedClientException'],
  [403, 'InvalidSignatureException'],
  [400, 'ExpiredTokenException'],
])('%i %s passes', async (status, type) => {
  const { invoke } = await runner([error(status, type)])
  expect(await invoke(FUNCTION, '{}', NEVER)).toMatchObject({ kind: 'busy' })
})

test.each([400, 401, 403, 404, 408, 301, 500])(
  'a status of %i that names no error of AWS is not taken for the last word',
  async (status) => {
    // The Runtime Interface Emulator says 400, and nothing else, while its function is busy.
    const { invoke } = await runner([answer(status, '<html>', 'location: http://127.0.0.1:1/\r\n')])
    expect(await invoke(FUNCTION, '{}', NEVER)).toMatchObject({
      ...{ kind: 'busy', reason: `answered with status ${status}` },
    })
  },
)

test.each<[string, Behaviour]>([
  ['resets', reset],
  ['closes', close],
  ['speaks no HTTP', say('SSH-2.0-mill\r\n', close)],
  ['breaks off in its head', say('HTTP/1.1 20', reset)],
])('a runner that %s is called again later', async (_what, behaviour) => {
  const { invoke } = await runner([behaviour])
  expect(await invoke(FUNCTION, '{}', NEVER)).toMatchObject({ kind: 'busy' })
})

test('a runner that is not there is called again later', async () => {
  expect(await invokerAt('http://127.0.0.1:1').invoke(FUNCTION, '{}', NEVER)).toMatchObject({
    ...{ kind: 'busy', reason: expect.stringContaining('ECONNREFUSED') },
  })
})

test('a runner that hangs is given up when its time is over, and its connection closed', async () => {
  const { peer, invoke, timers } = await runner([hang])
  const invocation = invoke(FUNCTION, '{}', NEVER)
  await peer.received(1)
  expect(timers.waiting).toEqual([60_000])
  timers.fire()
  expect(await invocation).toEqual({ kind: 'busy', reason: 'no answer in time' })
  while (peer.openSockets > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('a call that is given up ends at once', async () => {
  const { peer, invoke } = await runner([hang])
  const stop = new AbortController()
  const invocation = invoke(FUNCTION, '{}', stop.signal)
  await peer.received(1)
  stop.abort()
  expect(await invocation).toMatchObject({ kind: 'busy' })
})

test('an event that is larger than AWS takes is refused without a call', async () => {
  const { peer, invoke } = await runner([answer(202)])
  expect(await invoke(FUNCTION, 'x'.repeat(1_048_577), NEVER)).toMatchObject({ kind: 'refused' })
  expect(await invoke(FUNCTION, 'x'.repeat(1_048_576), NEVER)).toEqual({ kind: 'accepted' })
  expect(peer.requests).toHaveLength(1)
})
