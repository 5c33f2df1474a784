import type { Request, Service } from './api/operation.ts'
import { ServiceError } from './api/service-error.ts'
import { rootPrincipal } from './auth/root-principal.ts'
import type { DeclaredQueue } from './config/config.ts'
import type { Command } from './core/command.ts'
import type { CellClient } from './core/ports.ts'
import type { SqsCommand } from './services/sqs/commands.ts'
import { queueArn } from './services/sqs/queue-arn.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from './services/sqs/queue-settings.ts'

/**
 * The queues that the config file declares, brought about by the operations that clients have, so that nothing is checked or
 * done here that SQS would do otherwise:
 *
 * ```
 *   compare ─▶ 1. create what is missing      ─▶ 2. change what differs ─▶ 3. redrive policies
 *              (without its redrive policy)                                 (their targets are there by now)
 * ```
 *
 * In that way the order of declaration doesn't matter. What isn't declared is left alone: queues, attributes and tags.
 */
export interface QueueDifference {
  readonly queue: DeclaredQueue
  readonly isMissing: boolean
  readonly attributes: readonly Changed[]
  readonly tags: readonly Changed[]
}

export interface Changed {
  readonly name: string
  /** Empty where there is none. */
  readonly from: string
  readonly to: string
}

/** SQS refuses what is declared. The message says where it stands in the config file. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError'
  /** False where the server can't do it now, and the file may be right. */
  readonly isMistake: boolean

  constructor(place: string, error: ServiceError) {
    super(`${place}: ${error.message}`, { cause: error })
    this.isMistake = error.shape.fault === 'client'
  }
}

/** Throws `DeclarationError` for what is wrong with a declaration whatever queues there are: names, values, tags. */
export async function checkDeclaredQueues(
  queues: readonly DeclaredQueue[],
  serviceOn: (cell: CellClient) => Service,
): Promise<void> {
  for (const queue of queues) await new Declared(queue, serviceOn).check()
}

/** What would have to change for all to be as declared; empty if nothing. */
export async function compareDeclaredQueues(
  queues: readonly DeclaredQueue[],
  serviceOn: (cell: CellClient) => Service,
  cell: CellClient,
): Promise<readonly QueueDifference[]> {
  const service = serviceOn(cell)
  const all = await everyOne(queues.map((queue) => new Declared(queue, serviceOn).compare(service)))
  return all.filter(
    ({ isMissing, attributes, tags }) => isMissing || attributes.length > 0 || tags.length > 0,
  )
}

/** Makes all as declared and resolves, when that is durable, with what was different. */
export async function declareQueues(
  queues: readonly DeclaredQueue[],
  serviceOn: (cell: CellClient) => Service,
  cell: CellClient,
): Promise<readonly QueueDifference[]> {
  const service = serviceOn(cell)
  const differences = await compareDeclaredQueues(queues, serviceOn, cell)
  for (const step of [create, change, redrive]) {
    await everyOne(differences.map((difference) => step(service, difference)))
  }
  return differences
}

const REDRIVE_POLICY = 'RedrivePolicy'

async function create(
  service: Service,
  { queue, isMissing, attributes, tags }: QueueDifference,
): Promise<void> {
  if (!isMissing) return
  const first = attributes.filter(({ name }) => name !== REDRIVE_POLICY)
  const input = { QueueName: queue.name, Attributes: wanted(first), tags: wanted(tags) }
  await run(service, queue, 'CreateQueue', input)
}

async function change(
  service: Service,
  { queue, isMissing, attributes, tags }: QueueDifference,
): Promise<void> {
  if (isMissing) return
  const first = attributes.filter(({ name }) => name !== REDRIVE_POLICY)
  if (first.length > 0) await setAttributes(service, queue, first)
  if (tags.length > 0) await run(service, queue, 'TagQueue', { QueueUrl: queue.name, Tags: wanted(tags) })
}

async function redrive(service: Service, { queue, attributes }: QueueDifference): Promise<void> {
  const policy = attributes.filter(({ name }) => name === REDRIVE_POLICY)
  if (policy.length > 0) await setAttributes(service, queue, policy)
}

async function setAttributes(
  service: Service,
  queue: DeclaredQueue,
  changes: readonly Changed[],
): Promise<void> {
  const place = changes.length === 1 ? `.attributes.${changes[0]?.name}` : ''
  await run(
    service,
    queue,
    'SetQueueAttributes',
    { QueueUrl: queue.name, Attributes: wanted(changes) },
    place,
  )
}

function wanted(changes: readonly Changed[]): Readonly<Record<string, string>> {
  return Object.fromEntries(changes.map(({ name, to }) => [name, to]))
}

/** One declaration, and what SQS makes of it by itself. */
class Declared {
  readonly #queue: DeclaredQueue
  readonly #serviceOn: (cell: CellClient) => Service
  readonly #attributes: Readonly<Record<string, string>>

  constructor(queue: DeclaredQueue, serviceOn: (cell: CellClient) => Service) {
    this.#queue = queue
    this.#serviceOn = serviceOn
    this.#attributes = withArns(queue)
  }

  async check(): Promise<void> {
    const refusal = await this.#refusalOf(this.#attributes, this.#queue.tags)
    if (refusal === null) return
    throw new DeclarationError(this.#queue.place + (await this.#blame(refusal)), refusal)
  }

  async compare(service: Service): Promise<QueueDifference> {
    const queue = this.#queue
    const [attributes, tags] = await this.#existing(service)
    const canonical = await this.#canonical()
    return {
      queue,
      isMissing: attributes === null,
      attributes: changes(canonical, { ...unset(canonical), ...attributes }),
      tags: changes(queue.tags, tags),
    }
  }

  /** The attributes and tags that the queue has now; null where there is no queue. */
  async #existing(service: Service): Promise<readonly [Texts | null, Texts]> {
    const QueueUrl = this.#queue.name
    try {
      const asked = { QueueUrl, AttributeNames: ['All'] }
      const attributes = await call(service, this.#queue, 'GetQueueAttributes', asked)
      const tags = await call(service, this.#queue, 'ListQueueTags', { QueueUrl })
      return [textsIn(attributes, 'Attributes'), textsIn(tags, 'Tags')]
    } catch (error) {
      if (error instanceof ServiceError && error.shape.code === 'QueueDoesNotExist') return [null, {}]
      throw error
    }
  }

  /** The declared attributes as SQS would return them, so that what means the same is no difference. */
  async #canonical(): Promise<Texts> {
    const service = this.#serviceOn(new OneQueueCell())
    await this.#createIn(service, this.#attributes, {})
    const all = await call(service, this.#queue, 'GetQueueAttributes', {
      QueueUrl: this.#queue.name,
      AttributeNames: ['All'],
    })
    const returned = textsIn(all, 'Attributes')
    return Object.fromEntries(Object.keys(this.#attributes).map((name) => [name, returned[name] ?? '']))
  }

  /** The key that a refusal is about: one that is refused by itself in the same words, or without which nothing is. */
  async #blame(refusal: ServiceError): Promise<string> {
    if ((await this.#refusalOf({}, {}))?.message === refusal.message) return '.name'
    if ((await this.#refusalOf(this.#attributes, {})) === null) return '.tags'
    const entries = Object.entries(this.#attributes)
    for (const [name, value] of entries) {
      if ((await this.#refusalOf({ [name]: value }, {}))?.message === refusal.message)
        return `.attributes.${name}`
    }
    for (const [name] of entries) {
      const others = Object.fromEntries(entries.filter(([other]) => other !== name))
      if ((await this.#refusalOf(others, {})) === null) return `.attributes.${name}`
    }
    return ''
  }

  async #refusalOf(attributes: Texts, tags: Texts): Promise<ServiceError | null> {
    try {
      await this.#createIn(this.#serviceOn(new OneQueueCell()), attributes, tags)
      return null
    } catch (error) {
      if (error instanceof ServiceError) return error
      throw error
    }
  }

  #createIn(service: Service, Attributes: Texts, tags: Texts): Promise<object> {
    return call(service, this.#queue, 'CreateQueue', { QueueName: this.#queue.name, Attributes, tags })
  }
}

type Texts = Readonly<Record<string, string>>

/** A cell that takes any queue and has that one: what an operation refuses by itself shows, and how it reads what it took. */
class OneQueueCell implements CellClient {
  #settings: Partial<QueueSettings> = {}

  async execute(command: Command): Promise<unknown> {
    // Only SQS's own operations come here.
    const sqs = command as SqsCommand
    if (sqs.kind === 'createQueue') {
      this.#settings = sqs.settings
      return sqs.queue
    }
    return {
      settings: { ...DEFAULT_QUEUE_SETTINGS, ...this.#settings },
      tags: {},
      createdAt: 0,
      modifiedAt: 0,
      waitingMessages: 0,
      delayedMessages: 0,
      inFlightMessages: 0,
    }
  }
}

/** Runs an operation as the root user of the queue's account. */
function call(service: Service, queue: DeclaredQueue, name: string, input: object): Promise<object> {
  const operation = service.operations.get(name)
  if (operation === undefined) throw new Error(`${service.name} has no operation ${name}`)
  const request: Request = {
    requestId: 'declared',
    caller: { ...rootPrincipal(queue.accountId), region: queue.region },
    endpoint: 'http://localhost',
    path: '/',
    traceHeader: undefined,
    connection: { closed: false, onClose: () => () => {} },
    origin: { isSecure: true, address: undefined, headers: new Map() },
    isPermitted: false,
    recheck: () => {},
  }
  return operation.run(input as never, request)
}

/** The same, for what changes something: a refusal is the config file's. */
async function run(
  service: Service,
  queue: DeclaredQueue,
  name: string,
  input: object,
  place = '',
): Promise<void> {
  try {
    await call(service, queue, name, input)
  } catch (error) {
    if (error instanceof ServiceError) throw new DeclarationError(queue.place + place, error)
    throw error
  }
}

function textsIn(output: object, member: string): Texts {
  const texts: unknown = Reflect.get(output, member)
  return typeof texts === 'object' && texts !== null ? Object.fromEntries(Object.entries(texts)) : {}
}

function changes(declared: Texts, existing: Texts): Changed[] {
  const present = new Map(Object.entries(existing))
  return Object.entries(declared)
    .filter(([name, to]) => present.get(name) !== to)
    .map(([name, to]) => ({ name, from: present.get(name) ?? '', to }))
}

/** SQS returns no attribute that is empty. */
function unset(attributes: Texts): Texts {
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, '']))
}

/** The declared attributes, with ARNs where queues of the same account and region stand by their names. */
function withArns(queue: DeclaredQueue): Texts {
  const arnOf = (value: unknown) =>
    typeof value === 'string' && !value.startsWith('arn:')
      ? queueArn({ accountId: queue.accountId, region: queue.region, name: value })
      : value
  const resolve = (name: string, text: string): string => {
    const document = parseObject(text)
    if (document === null) return text
    const { deadLetterTargetArn, sourceQueueArns } = document
    if (name === REDRIVE_POLICY && deadLetterTargetArn !== undefined) {
      return JSON.stringify({ ...document, deadLetterTargetArn: arnOf(deadLetterTargetArn) })
    }
    if (name === 'RedriveAllowPolicy' && Array.isArray(sourceQueueArns)) {
      return JSON.stringify({ ...document, sourceQueueArns: sourceQueueArns.map(arnOf) })
    }
    return text
  }
  return Object.fromEntries(
    Object.entries(queue.attributes).map(([name, text]) => [name, resolve(name, text)]),
  )
}

function parseObject(json: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

/** All results; what fails is thrown once nothing is under way any more. */
async function everyOne<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return Promise.all(work)
}
