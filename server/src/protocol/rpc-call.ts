import type { BulkList, Operation, Request, Service } from '../api/operation.ts'
import { membersOf, SelfWritten } from '../api/self-written.ts'
import { ServiceError } from '../api/service-error.ts'
import type { Binding } from './binding.ts'
import { clientError, Serialization, UnknownOperation } from './errors.ts'
import { EVENT_STREAM_TYPE, EventStreamBody, EventWriters } from './event-stream.ts'
import { KnownInputs } from './known-inputs.ts'
import type { RpcDialect } from './rpc-form.ts'
import type { ValueReader, ValueReaders } from './value-input.ts'
import type { ValueWriter, ValueWriters } from './value-output.ts'
import type { Call, Report, ResponseSink, Unrecognised, WireResponse } from './wire.ts'

/** An operation with its parser and serialiser of one form. */
export interface RpcOperation {
  readonly binding: Binding
  readonly read: ValueReader
  readonly hasOutput: boolean
  readonly write: ValueWriter | undefined
  readonly stream: OutputStream | undefined
  /** What came before, as far as clients say the same again: whole inputs, or what stands around their lists. Null where they seldom do. */
  readonly known: KnownInputs | null
}

/** The member of the output that is streamed, and what its events are written with. */
interface OutputStream {
  readonly member: string
  readonly writers: EventWriters
}

export function compileRpcOperation(
  binding: Binding,
  readers: ValueReaders,
  writers: ValueWriters,
): RpcOperation {
  const { input, output, eventStream } = binding.model
  const { repeats, bulk } = binding.operation
  return {
    binding,
    read: readers.reader(input),
    hasOutput: output !== undefined,
    known: repeats === true || bulk !== undefined ? new KnownInputs() : null,
    write: output && writers.writer(output),
    stream: eventStream && {
      member: eventStream.name,
      writers: new EventWriters(eventStream.shape, binding.service.model, writers),
    },
  }
}

/** A request whose body is the operation's input, and whose answer's body is its output, or an error with its `__type`. */
export class RpcCall implements Call {
  readonly kind = 'call'
  readonly #operation: RpcOperation
  readonly #body: Uint8Array
  readonly #dialect: RpcDialect
  readonly #report: Report

  constructor(operation: RpcOperation, body: Uint8Array, dialect: RpcDialect, report: Report) {
    this.#operation = operation
    this.#body = body
    this.#dialect = dialect
    this.#report = report
  }

  get service(): Service {
    return this.#operation.binding.service
  }

  get operation(): Operation {
    return this.#operation.binding.operation
  }

  /** Without `async`: to begin and resume a function of that kind takes longer than the two calls here. */
  execute(request: Request, sink: ResponseSink): void {
    let running: Promise<object>
    try {
      running = this.#run(request)
    } catch (error) {
      sink.take(this.refuse(error, request.requestId))
      return
    }
    running.then(
      (output) => sink.take(this.#answer(output, request)),
      (error: unknown) => sink.take(this.refuse(error, request.requestId)),
    )
  }

  #run(request: Request): Promise<object> {
    const { binding, known } = this.#operation
    const { bulk } = binding.operation
    if (known === null) return binding.runChecked(this.#read(), request)
    const input =
      bulk === undefined ? this.#repeatedInput(known) : (this.#bulkInput(known, bulk) ?? this.#read())
    return binding.runChecked(input, request)
  }

  /** The whole input, checked. */
  #read(): object {
    return this.#checked(this.#dialect.form.parse(this.#body))
  }

  #checked(value: unknown): object {
    const { binding, read } = this.#operation
    const input = Object(read(value, 0))
    binding.check(input)
    return input
  }

  #repeatedInput(known: KnownInputs): object {
    const before = known.of(this.#body)
    if (before !== undefined) return before
    const input = this.#read()
    known.keep(this.#body, input)
    return input
  }

  /** The input with its list as the operation reads it; null where it can't. */
  #bulkInput(known: KnownInputs, bulk: BulkList): object | null {
    const reading = this.#dialect.form.bulk
    if (reading === undefined) return null
    const found = reading.read(bulk, this.#body)
    if (found === null) return null
    let around = known.of(found.rest)
    if (around === undefined) {
      const value = reading.parseRest(bulk, found.rest)
      if (value === null) return null
      around = this.#checked(value)
      known.keep(found.rest, around)
    }
    return { ...around, [bulk.member]: found.list }
  }

  #answer(output: object, { requestId }: Request): WireResponse {
    try {
      const { hasOutput, stream } = this.#operation
      if (stream !== undefined) return this.#streamed(output, stream, requestId)
      const { contentType, form } = this.#dialect
      const own = output instanceof SelfWritten ? (form.spellItself?.(output) ?? null) : null
      if (own !== null) return rpcResponse(200, contentType, requestId, own, typeof own !== 'string')
      return rpcResponse(200, contentType, requestId, hasOutput ? this.#spell(output) : '')
    } catch (error) {
      return this.refuse(error, requestId)
    }
  }

  #spell(output: object): string | Uint8Array {
    const { form } = this.#dialect
    const { write } = this.#operation
    const members = membersOf(output)
    return form.spell(write === undefined ? members : write(members))
  }

  #streamed(output: object, { member, writers }: OutputStream, requestId: string): WireResponse {
    const { [member]: events, ...others } = Object(output)
    const { write } = this.#operation
    const body = new EventStreamBody({
      events,
      initial: writers.initialResponse(write === undefined ? others : write(others), this.#dialect),
      encode: (event) => writers.event(event, this.#dialect),
      encodeFailure: (error) => writers.failure(error, this.#dialect, requestId, this.#report),
    })
    return rpcResponse(200, EVENT_STREAM_TYPE, requestId, body)
  }

  refuse(error: unknown, requestId: string): WireResponse {
    return errorResponse(clientError(error, requestId, this.#report), this.service, this.#dialect, requestId)
  }
}

export class UnknownRpcCall implements Unrecognised {
  readonly kind = 'unrecognised'
  readonly error = new ServiceError(UnknownOperation, '')
  readonly #dialect: RpcDialect
  readonly #report: Report

  constructor(dialect: RpcDialect, report: Report) {
    this.#dialect = dialect
    this.#report = report
  }

  refuse(error: unknown, requestId: string): WireResponse {
    return errorResponse(clientError(error, requestId, this.#report), undefined, this.#dialect, requestId)
  }
}

function errorResponse(
  error: ServiceError,
  service: Service | undefined,
  dialect: RpcDialect,
  requestId: string,
): WireResponse {
  const { code, queryCode, status, fault } = error.shape
  const modelled = service?.model.errors.get(code)
  const namespace = modelled === undefined ? 'com.amazon.coral.service' : `com.amazonaws.${service?.name}`
  const type = dialect.hasNamespaces ? `${namespace}#${code}` : code
  const ownMember = error.shape === Serialization ? dialect.serializationTextMember : 'message'
  const told =
    error.message === ''
      ? { __type: type }
      : { __type: type, [modelled?.messageMember ?? ownMember]: error.message }
  const body = dialect.form.spell(told)
  const response = { ...rpcResponse(status, dialect.contentType, requestId, body), errorCode: code }
  if (service?.model.queryCompatible !== true || queryCode === undefined) return response
  const sender = fault === 'client' ? 'Sender' : 'Receiver'
  return { ...response, headers: { ...response.headers, 'x-amzn-query-error': `${queryCode};${sender}` } }
}

function rpcResponse(
  status: number,
  contentType: string,
  requestId: string,
  body: WireResponse['body'],
  isLent = false,
): WireResponse {
  const headers = { 'content-type': contentType, 'x-amzn-RequestId': requestId }
  return isLent ? { status, headers, body, isLent } : { status, headers, body }
}
