import type { Operation, Request, Service } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import type { Binding } from './binding.ts'
import { clientError, Serialization, UnknownOperation } from './errors.ts'
import type { RpcDialect } from './rpc-form.ts'
import type { ValueReader, ValueReaders } from './value-input.ts'
import type { ValueWriter, ValueWriters } from './value-output.ts'
import type { Call, Report, Unrecognised, WireResponse } from './wire.ts'

/** An operation with its parser and serialiser of one form. */
export interface RpcOperation {
  readonly binding: Binding
  readonly read: ValueReader
  readonly hasOutput: boolean
  readonly write: ValueWriter | undefined
}

export function compileRpcOperation(
  binding: Binding,
  readers: ValueReaders,
  writers: ValueWriters,
): RpcOperation {
  const { input, output } = binding.model
  return {
    binding,
    read: readers.reader(input),
    hasOutput: output !== undefined,
    write: output && writers.writer(output),
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

  async execute(request: Request): Promise<WireResponse> {
    try {
      const { binding, read, hasOutput, write } = this.#operation
      const { form, contentType } = this.#dialect
      const input = read(form.parse(this.#body), 0)
      const output = await binding.run(Object(input), request)
      const body = hasOutput ? form.spell(write === undefined ? output : write(output)) : ''
      return rpcResponse(200, contentType, request.requestId, body)
    } catch (error) {
      return this.refuse(error, request.requestId)
    }
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
  body: string | Uint8Array,
): WireResponse {
  return { status, headers: { 'content-type': contentType, 'x-amzn-RequestId': requestId }, body }
}
