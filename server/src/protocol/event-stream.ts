import { Buffer } from 'node:buffer'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import type { EventStreamShape, ServiceModel } from '../api/model.ts'
import { ServiceError } from '../api/service-error.ts'
import { clientError, InternalFailure } from './errors.ts'
import type { RpcDialect } from './rpc-form.ts'
import type { ValueWriter, ValueWriters } from './value-output.ts'
import type { Report } from './wire.ts'

/**
 * Answers that are streamed, as `application/vnd.amazon.eventstream`: messages with headers, a payload and checksums.
 *
 * ```
 *   initial-response ─▶ event ─▶ event ─▶ … ─┬─ end
 *   the output's other members               └─ exception ─▶ end
 * ```
 *
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream'

/** What a service's events are written with in one form. */
export class EventWriters {
  readonly #events: readonly { readonly name: string; readonly write: ValueWriter | undefined }[]
  readonly #shape: EventStreamShape
  readonly #model: ServiceModel

  constructor(shape: EventStreamShape, model: ServiceModel, writers: ValueWriters) {
    this.#events = shape.events.map(({ name, shape: event }) => ({ name, write: writers.writer(event) }))
    this.#shape = shape
    this.#model = model
  }

  initialResponse(others: unknown, dialect: RpcDialect): Uint8Array {
    const { form, contentType } = dialect
    return message({ ':event-type': 'initial-response' }, 'event', contentType, form.spell(others))
  }

  /** `value` has one member, the event. Throws where it isn't one of the stream's. */
  event(value: unknown, dialect: RpcDialect): Uint8Array {
    const event = Object(value)
    for (const { name, write } of this.#events) {
      const member: unknown = Reflect.get(event, name)
      if (member === undefined) continue
      const payload = dialect.form.spell(write === undefined ? member : write(member))
      return message({ ':event-type': name }, 'event', dialect.eventContentType, payload)
    }
    throw new Error(`${this.#shape.name} has no such event: ${Object.keys(event)}`)
  }

  /** The last message of a stream that fails. What the model doesn't let it fail with is a failure of ours. */
  failure(error: unknown, dialect: RpcDialect, requestId: string, report: Report): Uint8Array {
    const { errors } = this.#shape
    if (error instanceof ServiceError && errors.includes(error.shape.code)) {
      return this.#exception(error.shape.code, error.message, dialect)
    }
    const isForOthers = error instanceof ServiceError
    const unexpected = isForOthers
      ? new Error(`a stream ended with ${error.shape.code}`, { cause: error })
      : error
    const told = clientError(unexpected, requestId, report)
    if (errors.includes(INTERNAL_FAILURE)) return this.#exception(INTERNAL_FAILURE, told.message, dialect)
    const headers = { ':error-code': InternalFailure.code, ':error-message': told.message }
    return message(headers, 'error', undefined, '')
  }

  #exception(name: string, text: string, dialect: RpcDialect): Uint8Array {
    const member = this.#model.errors.get(name)?.messageMember ?? 'message'
    const payload = dialect.form.spell(text === '' ? {} : { [member]: text })
    return message({ ':exception-type': name }, 'exception', dialect.eventContentType, payload)
  }
}

const INTERNAL_FAILURE = 'InternalFailureException'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

/** Headers in AWS's order. */
function message(
  particulars: Readonly<Record<string, string>>,
  messageType: string,
  contentType: string | undefined,
  payload: string | Uint8Array,
): Uint8Array {
  const values = {
    ...particulars,
    ...(contentType !== undefined && { ':content-type': contentType }),
    ':message-type': messageType,
  }
  const headers = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { type: 'string' as const, value }]),
  )
  return codec.encode({ headers, body: typeof payload === 'string' ? Buffer.from(payload) : payload })
}

/**
 * The body of a streamed answer. It is written by hand because a generator that waits for its next value can't be told to
 * return: here `return` reaches the events at once, also while `next` waits, and also where nothing was asked for yet.
 * What the events fail with becomes the last message.
 */
export class EventStreamBody implements AsyncIterableIterator<Uint8Array> {
  readonly #events: AsyncIterator<unknown>
  readonly #encode: (event: unknown) => Uint8Array
  readonly #encodeFailure: (error: unknown) => Uint8Array
  #initial: Uint8Array | undefined
  #isOver = false

  constructor(options: {
    readonly events: AsyncIterable<unknown>
    readonly initial: Uint8Array
    readonly encode: (event: unknown) => Uint8Array
    readonly encodeFailure: (error: unknown) => Uint8Array
  }) {
    this.#events = options.events[Symbol.asyncIterator]()
    this.#initial = options.initial
    this.#encode = options.encode
    this.#encodeFailure = options.encodeFailure
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#isOver) return OVER
    const initial = this.#initial
    if (initial !== undefined) {
      this.#initial = undefined
      return { done: false, value: initial }
    }
    try {
      const { done, value } = await this.#events.next()
      // It may have been given up meanwhile.
      if (this.#isOver) return OVER
      if (done === true) {
        this.#isOver = true
        return OVER
      }
      return { done: false, value: this.#encode(value) }
    } catch (error) {
      if (this.#isOver) return OVER
      const last = this.#encodeFailure(error)
      await this.return()
      return { done: false, value: last }
    }
  }

  /** Resolves when the events have let go of what they hold. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    if (!this.#isOver) {
      this.#isOver = true
      await this.#events.return?.()
    }
    return OVER
  }
}

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined }
