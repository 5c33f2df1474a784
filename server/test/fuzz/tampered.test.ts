import { Buffer } from 'node:buffer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FuzzedServer, MODELS, requestOf } from './fuzzed-server.ts'

/**
 * What the server gives clients to bring back: as it was it's taken, and with any of it changed, cut or added to it's refused, with the
 * service's own error. What is held against signatures, tokens of sessions and what lies on the disk has tests beside the code: the table in
 * docs/security.md names them.
 */

let server: FuzzedServer
beforeAll(async () => {
  server = await FuzzedServer.start()
})
afterAll(() => server.stop())

interface Given {
  readonly what: string
  readonly give: () => Promise<unknown>
  readonly service: string
  readonly operation: string
  readonly bring: (given: string | Uint8Array) => object
  /** Of the refusal; a changed receipt handle, say, may be none at all or one of nobody. */
  readonly codes: readonly string[]
}

const ask = (service: string, operation: string, input: object) => server.ask(service, operation, input)
const twoOf = async (service: string, operation: string, names: readonly object[]) => {
  for (const name of names) await ask(service, operation, name).catch(() => {})
}

const GIVEN: readonly Given[] = [
  {
    what: 'a receipt handle',
    give: async () => server.known.ReceiptHandle?.[0],
    ...{ service: 'sqs', operation: 'ChangeMessageVisibility' },
    bring: (ReceiptHandle) => ({ QueueUrl: 'orders', ReceiptHandle, VisibilityTimeout: 600 }),
    codes: ['ReceiptHandleIsInvalid'],
  },
  {
    what: 'a page of queues',
    give: async () => (await ask('sqs', 'ListQueues', { MaxResults: 1 })).NextToken,
    ...{ service: 'sqs', operation: 'ListQueues' },
    bring: (NextToken) => ({ NextToken, MaxResults: 1 }),
    codes: ['InvalidParameterValueException'],
  },
  {
    what: 'a page of streams',
    give: async () => {
      await twoOf('kinesis', 'CreateStream', [{ StreamName: 'other', ShardCount: 1 }])
      return (await ask('kinesis', 'ListStreams', { Limit: 1 })).NextToken
    },
    ...{ service: 'kinesis', operation: 'ListStreams' },
    bring: (NextToken) => ({ NextToken }),
    codes: ['InvalidArgumentException', 'ExpiredNextTokenException'],
  },
  {
    what: 'a shard iterator',
    give: async () => server.known.ShardIterator?.[0],
    ...{ service: 'kinesis', operation: 'GetRecords' },
    bring: (ShardIterator) => ({ ShardIterator }),
    codes: ['InvalidArgumentException'],
  },
  {
    what: 'a page of users',
    give: async () => {
      await twoOf('iam', 'CreateUser', [{ UserName: 'miller' }])
      return (await ask('iam', 'ListUsers', { MaxItems: 1 })).Marker
    },
    ...{ service: 'iam', operation: 'ListUsers' },
    bring: (Marker) => ({ Marker }),
    codes: ['ValidationError', 'InvalidInput'],
  },
  {
    what: 'a page of keys',
    give: async () => {
      await ask('kms', 'CreateKey', {})
      return (await ask('kms', 'ListKeys', { Limit: 1 })).NextMarker
    },
    ...{ service: 'kms', operation: 'ListKeys' },
    bring: (Marker) => ({ Marker }),
    codes: ['InvalidMarkerException'],
  },
  {
    what: 'a ciphertext',
    give: async () => Buffer.from(server.known.CiphertextBlob?.[0] ?? '', 'base64'),
    ...{ service: 'kms', operation: 'Decrypt' },
    bring: (CiphertextBlob) => ({ CiphertextBlob }),
    codes: ['InvalidCiphertextException'],
  },
  {
    what: 'a grant token',
    give: async () => {
      const grant = { GranteePrincipal: '000000000000', Operations: ['Encrypt'] }
      return (await ask('kms', 'CreateGrant', { KeyId: server.known.KeyId?.[0], ...grant })).GrantToken
    },
    ...{ service: 'kms', operation: 'Encrypt' },
    bring: (token) => ({ KeyId: server.known.KeyId?.[0], Plaintext: Buffer.from('x'), GrantTokens: [token] }),
    codes: ['InvalidGrantTokenException'],
  },
]

/** A text or bytes with one place changed, without its end, and with more behind it. */
function* tampered(given: string | Uint8Array): Generator<string | Uint8Array> {
  if (typeof given === 'string') {
    for (let at = 0; at < given.length; at++) {
      yield `${given.slice(0, at)}${given[at] === 'A' ? 'B' : 'A'}${given.slice(at + 1)}`
    }
    yield* [given.slice(0, -1), given.slice(1), `${given}A`, `A${given}`]
  } else {
    for (let at = 0; at < given.length; at++) {
      yield Uint8Array.from(given, (byte, i) => (i === at ? byte ^ 1 : byte))
    }
    yield* [given.subarray(0, -1), Buffer.concat([given, Buffer.alloc(1)])]
  }
}

test.each(GIVEN.map((given) => [given.what, given] as const))(
  '%s is taken as it was given, and not otherwise',
  async (_what, each) => {
    const { give, service, operation, bring, codes } = each
    const given = await give()
    if (typeof given !== 'string' && !(given instanceof Uint8Array)) throw new Error(`${given} was given`)
    const model = MODELS.find(({ name }) => name === service)!
    const send = async (brought: string | Uint8Array) => {
      const protocol = model.protocols.includes('json') ? 'json' : 'query'
      const answer = await server.send(
        requestOf(model, model.operations.get(operation)!, protocol, bring(brought)),
      )
      const code = /(?:"__type":"(?:[^"#]*#)?|<Code>)(\w+)/.exec(answer?.body.toString() ?? '')?.[1]
      return answer?.status === 200 ? 'taken' : code
    }
    expect(await send(given)).toBe('taken')
    const seen = new Set<string | undefined>()
    for (const brought of tampered(given)) seen.add(await send(brought))
    expect(codes).toEqual(expect.arrayContaining([...seen]))
    expect(await send(given)).toBe('taken')
  },
)
