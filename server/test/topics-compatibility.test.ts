import { expect, test } from 'vitest'
import snsModel from '../../models/sns.json' with { type: 'json' }
import { type ErrorShape, ServiceError } from '../src/api/service-error.ts'
import { SeededRandom } from '../src/base/random.ts'
import {
  MANAGED_IDENTIFIERS,
  UNSERVED_IDENTIFIERS,
} from '../src/services/sns/data-protection/managed-identifiers.ts'
import { MessageProtection } from '../src/services/sns/data-protection/message-protection.ts'
import * as errors from '../src/services/sns/errors.ts'
import { sns } from '../src/services/sns/service.ts'
import {
  parseSubscriptionAttribute,
  renderSubscriptionAttributes,
} from '../src/services/sns/subscription-attributes.ts'
import { DEFAULT_SUBSCRIPTION_SETTINGS } from '../src/services/sns/subscription-settings.ts'
import { parseTopicAttribute, renderTopicAttributes } from '../src/services/sns/topic-attributes.ts'
import { DEFAULT_TOPIC_SETTINGS } from '../src/services/sns/topic-settings.ts'
import { TEST_QUEUE, TEST_TOKEN_KEY, TestCell } from '../src/services/sqs/test-cell.ts'
import { readDocument, rowsOf, section } from './document-tables.ts'
import { TestSigner } from './sns/topic-world.ts'

/** docs/compatibility.md says of everything that SNS has how it stands; here that is held against the code. */
const document = section(readDocument('docs/compatibility.md'), 'SNS')

function listOf(heading: string): readonly (readonly string[])[] {
  return rowsOf(section(document, heading, '###')).slice(2)
}

/** Whether the attribute is one that can't be set at all, whatever its value. */
function isUnknown(task: () => unknown): boolean {
  try {
    task()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    return error.message === 'Invalid parameter: AttributeName'
  }
  return false
}

const names = (rows: readonly (readonly string[])[]) => rows.map(([name]) => name!)
const sorted = (words: readonly string[]) =>
  [...words].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))

test('every operation of the model is in the list, and served if the list says so', () => {
  const rows = listOf('Topic operations')
  expect(names(rows)).toEqual(sorted(Object.keys(snsModel.operations)))
  const ports = { cell: new TestCell(), random: new SeededRandom(1), tokenKey: TEST_TOKEN_KEY }
  const protection = new MessageProtection({ ...ports, topicAt: () => undefined, audited: () => {} })
  const endpointProblem = () => undefined
  const { operations } = sns({ ...ports, signer: new TestSigner(), protection, endpointProblem })
  const served = rows.filter(([, state]) => state === 'served')
  expect(names(served)).toEqual(sorted([...operations.keys()]))
})

test('every attribute of a topic is in the list, shown if it has a default, and settable if it has values', () => {
  const rows = listOf('Topic attributes')
  const description = {
    settings: DEFAULT_TOPIC_SETTINGS,
    confirmed: 0,
    pending: 0,
    deleted: 0,
    archiveBeginsAt: null,
  }
  const fresh = renderTopicAttributes(TEST_QUEUE, description)
  const fifo = renderTopicAttributes({ ...TEST_QUEUE, name: 'topic.fifo' }, description)
  expect(names(rows)).toEqual(sorted(names(rows)))
  for (const shown of Object.keys(fifo)) expect(names(rows)).toContain(shown)
  for (const [name, state, initial, values] of rows) {
    const isShown = !initial!.startsWith('-')
    const ofFifo = initial!.endsWith(' on a FIFO topic')
    expect(fifo[name!] !== undefined, `a fresh FIFO topic has ${name}`).toBe(isShown)
    expect(fresh[name!] !== undefined, `a fresh topic has ${name}`).toBe(isShown && !ofFifo)
    if (ofFifo) expect(fifo[name!]).toBe(initial!.split(' ')[0])
    const isSettable = state !== 'never' && values !== '-' && !values!.includes('only at its creation')
    expect(!isUnknown(() => parseTopicAttribute(name!, '', true)), `${name} can be set`).toBe(isSettable)
  }
})

test('every attribute of a subscription is in the list, with its state', () => {
  const rows = listOf('Subscription attributes')
  const all = renderSubscriptionAttributes({
    ...{ topic: TEST_QUEUE, id: 'id', protocol: 'http', endpoint: 'e', owner: 'o', principal: 'p' },
    ...{ isPending: false, confirmedBySignature: true, topicDeliveryPolicy: '', failures: {} },
    replayStatus: 'Pending',
    settings: {
      ...DEFAULT_SUBSCRIPTION_SETTINGS,
      ...{ filterPolicy: '{}', redrivePolicy: '{}', deliveryPolicy: '{}', subscriptionRoleArn: 'r' },
      replayPolicy: '{}',
    },
  })
  const kept = rows.filter(([, state]) => state !== 'never')
  expect(names(kept)).toEqual(sorted(Object.keys(all)))
  for (const [name, state] of rows) {
    if (state === 'never') expect(isUnknown(() => parseSubscriptionAttribute(name!, ''))).toBe(true)
  }
})

test('every error of the model and of the service is in the list, with its status and its state', () => {
  const rows = listOf('Topic errors')
  const declared: ErrorShape[] = Object.values(errors).filter((each) => typeof each === 'object')
  const modelled = Object.values(snsModel.shapes).flatMap((shape) =>
    'exception' in shape && 'error' in shape ? [shape.error.code] : [],
  )
  expect(names(rows)).toEqual(sorted([...new Set([...modelled, ...declared.map(({ code }) => code)])]))
  for (const [code, status, state] of rows) {
    const error = declared.find((each) => each.code === code)
    expect([state, status], code).toEqual(
      error === undefined ? ['never', '-'] : ['served', String(error.status)],
    )
  }
})

test('every managed data identifier is in the list, and looked for if the list says so', () => {
  const rows = listOf('Data protection')
  /** `TaxId-DE, -ES` stands for both. */
  const all = (cell: string) => {
    const [first = '', ...more] = cell.split(', ')
    return [first, ...more.map((country) => first.replace(/-.*$/, '') + country)]
  }
  const named = (state: string) => rows.flatMap(([cell = '', each]) => (each === state ? all(cell) : []))
  expect(sorted(named('served'))).toEqual(sorted([...MANAGED_IDENTIFIERS.keys()]))
  expect(named('missing')).toEqual(UNSERVED_IDENTIFIERS)
})
