import type { ProtocolName, ServiceModel } from '../api/model.ts'
import { interned } from '../base/interned.ts'
import type { Binding } from './binding.ts'
import { compileRpcOperation, RpcCall, type RpcOperation, UnknownRpcCall } from './rpc-call.ts'
import type { RpcDialect, RpcForm } from './rpc-form.ts'
import { ValueReaders } from './value-input.ts'
import { ValueWriters } from './value-output.ts'
import type { Call, Protocol, Report, Unrecognised, WireRequest } from './wire.ts'

/** A form of requests that name their operation in `X-Amz-Target`. */
export interface TargetForm {
  /** Of the services that speak it. */
  readonly protocol: ProtocolName
  readonly form: RpcForm
  /** What a content type means; undefined where it's another form's. The model is that of the request's service, if known. */
  dialectOf(contentType: string, model: ServiceModel | undefined): RpcDialect | undefined
}

/** AWS's protocols whose every request is a POST with the operation in `X-Amz-Target`: `AmazonSQS.SendMessage`. */
export class TargetProtocol implements Protocol {
  readonly #dialectOf: TargetForm['dialectOf']
  readonly #operations = new Map<string, RpcOperation>()
  readonly #report: Report

  constructor({ protocol, form, dialectOf }: TargetForm, bindings: readonly Binding[], report: Report) {
    this.#dialectOf = dialectOf
    this.#report = report
    const readers = new ValueReaders(form.leafReaders)
    const writers = new ValueWriters(form.leafWriters)
    for (const binding of bindings) {
      const { protocols, targetPrefix } = binding.service.model
      if (!protocols.includes(protocol)) continue
      const target = interned(`${targetPrefix}.${binding.model.name}`)
      this.#operations.set(target, compileRpcOperation(binding, readers, writers))
    }
  }

  recognise(request: WireRequest): Call | Unrecognised | undefined {
    const target = request.headers.get('x-amz-target')
    const contentType = request.headers.get('content-type')
    if (target === undefined || contentType === undefined || request.method !== 'POST') return undefined
    const operation = this.#operations.get(target)
    const dialect = this.#dialectOf(contentType, operation?.binding.service.model)
    if (dialect === undefined) return undefined
    if (operation === undefined) return new UnknownRpcCall(dialect, this.#report)
    return new RpcCall(operation, request.body, dialect, this.#report)
  }
}

/** A content type without its parameters. */
export function mediaType(contentType: string): string | undefined {
  return contentType.split(';', 1)[0]?.trim().toLowerCase()
}
