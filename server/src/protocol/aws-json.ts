import { Buffer, isUtf8 } from 'node:buffer'
import type { Operation, Request, Service } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import type { Binding } from './binding.ts'
import { clientError, Serialization, serializationError, UnknownOperation } from './errors.ts'
import { type JsonReader, JsonReaders } from './json-input.ts'
import { type JsonWriter, JsonWriters } from './json-output.ts'
import type { Call, Report, Unrecognised, WireRequest, WireResponse } from './wire.ts'

/**
 * AWS JSON 1.0 and 1.1: a POST with the operation in `X-Amz-Target` and a JSON object as body. The versions differ in
 * their content type and in whether an error's `__type` has a namespace.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export class AwsJson {
  readonly #operations = new Map<string, JsonOperation>()
  readonly #report: Report

  constructor(bindings: readonly Binding[], report: Report) {
    this.#report = report
    const readers = new JsonReaders()
    const writers = new JsonWriters()
    for (const binding of bindings) {
      const { protocols, targetPrefix } = binding.service.model
      if (!protocols.includes('json')) continue
      this.#operations.set(`${targetPrefix}.${binding.model.name}`, {
        binding,
        read: readers.reader(binding.model.input),
        hasOutput: binding.model.output !== undefined,
        write: binding.model.output && writers.writer(binding.model.output),
      })
    }
  }

  /** Undefined where the request is in another protocol. */
  recognise(request: WireRequest): Call | Unrecognised | undefined {
    const target = request.headers.get('x-amz-target')
    if (target === undefined || request.method !== 'POST') return undefined
    const operation = this.#operations.get(target)
    const contentType = jsonContentType(request.headers.get('content-type'), operation)
    if (contentType === undefined) return undefined
    if (operation === undefined) return new UnknownJsonCall(contentType, this.#report)
    return new JsonCall(operation, request.body, contentType, this.#report)
  }
}

interface JsonOperation {
  readonly binding: Binding
  readonly read: JsonReader
  readonly hasOutput: boolean
  readonly write: JsonWriter | undefined
}

const JSON_1_0 = 'application/x-amz-json-1.0'
const JSON_1_1 = 'application/x-amz-json-1.1'

/** The content type to answer with, which is the request's; undefined where it isn't JSON. */
function jsonContentType(
  header: string | undefined,
  operation: JsonOperation | undefined,
): string | undefined {
  if (header === undefined) return undefined
  if (header === JSON_1_0 || header === JSON_1_1) return header
  const type = header.split(';', 1)[0]?.trim().toLowerCase()
  if (type === JSON_1_0 || type === JSON_1_1) return type
  if (type !== 'application/json') return undefined
  return operation?.binding.service.model.jsonVersion === '1.0' ? JSON_1_0 : JSON_1_1
}

class JsonCall implements Call {
  readonly kind = 'call'
  readonly #operation: JsonOperation
  readonly #body: Uint8Array
  readonly #contentType: string
  readonly #report: Report

  constructor(operation: JsonOperation, body: Uint8Array, contentType: string, report: Report) {
    this.#operation = operation
    this.#body = body
    this.#contentType = contentType
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
      const input = read(parseObject(this.#body), 0)
      const output = await binding.run(Object(input), request)
      const body = hasOutput ? JSON.stringify(write === undefined ? output : write(output)) : ''
      return jsonResponse(200, this.#contentType, request.requestId, body)
    } catch (error) {
      return this.refuse(error, request.requestId)
    }
  }

  refuse(error: unknown, requestId: string): WireResponse {
    const told = clientError(error, requestId, this.#report)
    return errorResponse(told, this.service, this.#contentType, requestId)
  }
}

class UnknownJsonCall implements Unrecognised {
  readonly kind = 'unrecognised'
  readonly error = new ServiceError(UnknownOperation, '')
  readonly #contentType: string
  readonly #report: Report

  constructor(contentType: string, report: Report) {
    this.#contentType = contentType
    this.#report = report
  }

  refuse(error: unknown, requestId: string): WireResponse {
    return errorResponse(clientError(error, requestId, this.#report), undefined, this.#contentType, requestId)
  }
}

/** The body's JSON object. A body that isn't JSON at all is refused without a text, as AWS does. */
function parseObject(body: Uint8Array): unknown {
  if (!isUtf8(body)) throw serializationError('')
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw serializationError('')
  }
  if (typeof value !== 'object' || value === null) throw serializationError('')
  return value
}

function errorResponse(
  error: ServiceError,
  service: Service | undefined,
  contentType: string,
  requestId: string,
): WireResponse {
  const { code, queryCode, status, fault } = error.shape
  const modelled = service?.model.errors.get(code)
  const namespace = modelled === undefined ? 'com.amazon.coral.service' : `com.amazonaws.${service?.name}`
  const type = contentType === JSON_1_0 ? `${namespace}#${code}` : code
  const messageMember = modelled?.messageMember ?? (isCapitalised(error, contentType) ? 'Message' : 'message')
  const body = error.message === '' ? { __type: type } : { __type: type, [messageMember]: error.message }
  const response = { ...jsonResponse(status, contentType, requestId, JSON.stringify(body)), errorCode: code }
  if (service?.model.queryCompatible !== true || queryCode === undefined) return response
  const sender = fault === 'client' ? 'Sender' : 'Receiver'
  return { ...response, headers: { ...response.headers, 'x-amzn-query-error': `${queryCode};${sender}` } }
}

/** JSON 1.1 services write the text of a SerializationException with a capital. */
function isCapitalised(error: ServiceError, contentType: string): boolean {
  return error.shape === Serialization && contentType === JSON_1_1
}

function jsonResponse(status: number, contentType: string, requestId: string, body: string): WireResponse {
  return { status, headers: { 'content-type': contentType, 'x-amzn-RequestId': requestId }, body }
}
