import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { ERROR_TEXT_CHARACTERS_MAX } from '../api/limits.ts'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { FORM_BYTES_MAX } from './limits.ts'
import { cborRequest, createHarness, fields, formRequest } from './test-services.ts'
import type { WireRequest } from './wire.ts'

const keysOfEveryObject = Reflect.ownKeys(Object.prototype)

/** Whatever a client sends is answered by an operation or refused as the client's fault; nothing is reported as ours. */

const targets = fc.oneof(
  fc.constantFrom('AmazonSQS.SendMessage', 'AmazonSQS.SendMessageBatch', 'Zoo_20240101.Echo', 'AmazonSQS.'),
  fc.string(),
)
const contentTypes = fc.oneof(
  fc.constantFrom(
    'application/x-amz-json-1.0',
    'application/x-amz-json-1.1',
    'application/json',
    'application/x-amz-cbor-1.1',
    'application/x-www-form-urlencoded',
  ),
  fc.string(),
)
const names = fc.oneof(
  fc.constantFrom(
    'QueueUrl',
    'Entries',
    'MessageBody',
    'MessageAttributes',
    'Young',
    'Keepers',
    'Labels',
    'Legs',
    'Picture',
    'BornAt',
    '__proto__',
    'constructor',
    'toString',
  ),
  fc.string(),
)
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, 1.5, -1, 2 ** 53, 'x', 'AAAA', 1e308),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 5 }),
  ),
})).value
const parts = fc.oneof(
  names,
  fc.constantFrom(
    '1',
    '2',
    '0',
    '01',
    '99999999999',
    'member',
    'entry',
    'key',
    'value',
    'Nickname',
    'Who',
    'Feeds',
    '',
  ),
)
const parameters = fc
  .tuple(
    fc.array(parts, { minLength: 1, maxLength: 6 }),
    fc.oneof(fc.constantFrom('1', 'true', 'x', ''), fc.string()),
  )
  .map(([path, value]) => `${path.map(escaped).join('.')}=${escaped(value)}`)
const forms = fc
  .tuple(
    fc.constantFrom('Echo', 'SendMessageBatch', 'CreateQueue', 'No'),
    fc.array(parameters, { maxLength: 12 }),
  )
  .map(([action, rest]) => [`Action=${action}`, ...rest].join('&'))

function escaped(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .oneof(
      fc.string(),
      forms,
      fc.string().map((text) => `Action=Echo&${text}`),
    )
    .map((text) => Buffer.from(text)),
  json.map((value) => Buffer.from(JSON.stringify(value))),
)

const requests: fc.Arbitrary<Partial<WireRequest>> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'),
  path: fc.oneof(fc.constant('/'), fc.webPath()),
  query: fc.oneof(fc.constant(''), forms, fc.string()),
  headers: fc
    .record({
      'content-type': contentTypes,
      'x-amz-target': fc.option(targets, { nil: undefined }),
      authorization: fc.option(fc.string(), { nil: undefined }),
    })
    .map(fields),
  body: bodies,
})

const harness = createHarness()

async function isAnsweredOrRefused(request: Partial<WireRequest>): Promise<void> {
  const response = await harness.send(request)
  expect(response.status).toBeLessThan(500)
  expect(harness.reported).toEqual([])
  if (response.headers['content-type'] === 'application/x-amz-cbor-1.1') {
    if (response.body instanceof Uint8Array) decodeCbor(response.body)
    return
  }
  const body = String(response.body)
  if (response.headers['content-type'] === 'text/xml') expect(XMLValidator.validate(body)).toBe(true)
  else if (body !== '') JSON.parse(body)
}

test('any request at all', async () => {
  await fc.assert(fc.asyncProperty(requests, isAnsweredOrRefused), { numRuns: 1000 })
})

test('any JSON for any operation', async () => {
  const headers = targets.map((target) =>
    fields({ 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target }),
  )
  const body = json.map((value) => Buffer.from(JSON.stringify(value)))
  await fc.assert(fc.asyncProperty(fc.record({ headers, body }), isAnsweredOrRefused), { numRuns: 1000 })
})

test('any CBOR for any operation', async () => {
  const values = fc.oneof(
    json,
    fc.dictionary(
      names,
      fc.oneof(json, fc.uint8Array(), fc.double(), fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n })),
    ),
  )
  const bytes = values.map((value) => encodeCbor(value))
  const cutAndChanged = fc
    .tuple(bytes, fc.nat(), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }))
    .map(([whole, cut, changes]) => {
      const changed = Uint8Array.from(whole)
      for (const [at, byte] of changes) changed[at % changed.length] = byte
      return changed.subarray(0, changed.length - (cut % 4))
    })
  const body = fc.oneof(bytes, cutAndChanged, fc.uint8Array({ maxLength: 60 }))
  const target = fc.constantFrom(
    'Zoo_20240101.Echo',
    'Kinesis_20131202.PutRecords',
    'Kinesis_20131202.GetShardIterator',
    'No.Such',
  )
  await fc.assert(
    fc.asyncProperty(target, body, (operation, input) => isAnsweredOrRefused(cborRequest(operation, input))),
    { numRuns: 3000 },
  )
})

test('any form for any action', async () => {
  const headers = fc.constant(fields({ 'content-type': 'application/x-www-form-urlencoded' }))
  const body = forms.map((form) => Buffer.from(form))
  await fc.assert(fc.asyncProperty(fc.record({ headers, body }), isAnsweredOrRefused), { numRuns: 1000 })
})

test('a form that is longer than any that is right is not read', async () => {
  const ofBytes = (bytes: number) => formRequest(`Action=Echo&Name=${'+'.repeat(bytes - 17)}`)
  expect((await harness.send(ofBytes(FORM_BYTES_MAX))).status).toBe(200)
  const refused = await harness.send(ofBytes(FORM_BYTES_MAX + 1))
  expect(refused.status).toBe(413)
  expect(refused.body).toContain('<Code>RequestEntityTooLarge</Code>')
})

test('what an error quotes of a request is told in part where it is long', async () => {
  const refused = await harness.send(formRequest(`Action=${'<'.repeat(1_000_000)}`))
  expect(refused.status).toBe(400)
  expect(String(refused.body).length).toBeLessThan(ERROR_TEXT_CHARACTERS_MAX * '&lt;'.length + 1_000)
})

test('no prototype is touched by any of it', () => {
  expect(Reflect.ownKeys(Object.prototype)).toEqual(keysOfEveryObject)
})
