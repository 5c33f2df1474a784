import fc from 'fast-check'
import { afterAll, beforeAll, expect } from 'vitest'
import type { OperationModel, ProtocolName, ServiceModel, Shape } from '../../src/api/model.ts'
import { fuzz } from './fuzz.ts'
import { type FuzzedRequest, FuzzedServer, MODELS, readAnswer, requestOf } from './fuzzed-server.ts'
import { MEANINGFUL, mutated, mutatedBytes } from './mutated-text.ts'
import { inputsOf } from './sample-inputs.ts'

/**
 * Requests to every operation in every wire form, right ones and such that were changed, to a whole server. None may be answered as a failure
 * of ours, or in what isn't well-formed, or take long.
 */

let server: FuzzedServer
beforeAll(async () => {
  server = await FuzzedServer.start()
})
afterAll(() => server.stop())

/** A request to one operation. */
interface Sent extends FuzzedRequest {
  readonly operation: string
}

interface Called {
  readonly model: ServiceModel
  readonly operation: OperationModel
  readonly protocol: ProtocolName
}

/** It streams its answer, for minutes. */
const STREAMED = 'SubscribeToShard'
const CALLS: readonly Called[] = MODELS.flatMap((model) =>
  [...model.operations.values()]
    .filter(({ name }) => name !== STREAMED)
    .flatMap((operation) => model.protocols.map((protocol) => ({ model, operation, protocol }))),
)

/** What was there may have been deleted by then. */
const FURNISHED_EVERY = 150
let sent = 0

async function isAnswered({ operation, ...request }: Sent): Promise<void> {
  if (sent++ % FURNISHED_EVERY === 0) await server.furnish()
  const answer = await server.send(request)
  if (answer === null) {
    // A changed byte may have made it wait for messages.
    expect(operation, 'was not answered in time').toBe('ReceiveMessage')
    return
  }
  expect(answer.status, answer.body.toString().slice(0, 300)).toBeLessThan(500)
  readAnswer(answer)
}

const requests = (): fc.Arbitrary<Sent> =>
  fc.constantFrom(...CALLS).chain(({ model, operation, protocol }) =>
    inputsOf(operation.input, server.known).map((input) => ({
      operation: operation.name,
      ...requestOf(model, operation, protocol, input),
    })),
  )

fuzz('inputs as their models have them, about what there is', 800, requests, isAnswered)

fuzz(
  'such inputs, with bytes of them changed',
  800,
  () =>
    requests().chain(({ operation, headers, body }) =>
      mutatedBytes([Buffer.from(body)]).map((changed) => ({ operation, headers, body: changed })),
    ),
  isAnswered,
)

fuzz(
  'such inputs, with what means something put in and taken out',
  800,
  () =>
    requests()
      .filter(({ body }) => typeof body === 'string')
      .chain(({ operation, headers, body }) =>
        mutated([String(body)]).map((text) => ({ operation, headers, body: Buffer.from(text) })),
      ),
  isAnswered,
)

/** The members of an input that are texts, with the ways to them through structures. */
function textsIn(shape: Shape, depth = 0): ((text: string) => unknown)[] {
  if (depth > 3) return []
  switch (shape.kind) {
    case 'string':
      return [(text) => text]
    case 'structure':
      return shape.members.flatMap(({ name, shape: member }) =>
        textsIn(member, depth + 1).map((put) => (text: string) => ({ [name]: put(text) })),
      )
    case 'list':
      return textsIn(shape.element, depth + 1).map((put) => (text) => [put(text)])
    case 'map':
      return [
        (text) => ({ [text]: 'x' }),
        ...textsIn(shape.value, depth + 1).map((put) => (text: string) => ({ a: put(text) })),
      ]
    default:
      return []
  }
}

const LONG_TEXTS = CALLS.filter(({ protocol, model }) => protocol === model.protocols[0]).flatMap((called) =>
  textsIn(called.operation.input).map((put) => ({ ...called, put })),
)
/** For each such text a parser that goes back over what it has seen would take minutes with it. */
const LONG_CHARACTERS = 30_000
const LONG_WITHIN_MS = 1_500

fuzz(
  'long texts of few characters in any member are gone through once',
  800,
  () =>
    fc
      .tuple(
        fc.constantFrom(...LONG_TEXTS),
        fc.constantFrom(
          '',
          '"',
          '${',
          '{',
          '["',
          'a',
          '1',
          'arn:aws',
          'arn:aws:sqs:',
          'http://',
          '+',
          ...beginningsOfKnown(),
        ),
        fc.constantFrom(
          ...MEANINGFUL.filter((piece) => piece !== ''),
          'a',
          '1',
          ' a',
          ':a',
          '/a',
          '0',
          'a@',
          '1.',
          '"a":',
        ),
        fc.constantFrom('', '\n', '!', '"', '}', ' '),
      )
      .chain(([{ model, operation, protocol, put }, start, piece, end]) => {
        const text = start + piece.repeat(Math.ceil(LONG_CHARACTERS / piece.length)) + end
        // The rest as it should be, so that the text gets to whoever reads it.
        return inputsOf(operation.input, server.known).map((input) => ({
          operation: operation.name,
          ...requestOf(model, operation, protocol, { ...input, ...Object(put(text)) }),
        }))
      }),
  async (request) => {
    const time = async () => {
      const began = performance.now()
      await isAnswered(request)
      return performance.now() - began
    }
    // A busy machine may take long once.
    if ((await time()) >= LONG_WITHIN_MS) expect(await time()).toBeLessThan(LONG_WITHIN_MS)
  },
)

/** The beginnings of what the server gave and knows. */
function beginningsOfKnown(): readonly string[] {
  return Object.values(server.known).flatMap((texts) => texts.slice(0, 1).map((text) => text.slice(0, 60)))
}
