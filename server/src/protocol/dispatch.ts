import type { Authorizer } from '../api/authorizer.ts'
import type { Service } from '../api/operation.ts'
import { ServiceError } from '../api/service-error.ts'
import { awsCbor } from './aws-cbor.ts'
import { awsJson } from './aws-json.ts'
import { AwsQuery } from './aws-query.ts'
import { bindOperations } from './binding.ts'
import { clientError, UnknownRequest } from './errors.ts'
import { TargetProtocol } from './target-protocol.ts'
import type { Dispatcher, Protocol, Report, Unrecognised, WireRequest, WireResponse } from './wire.ts'

/**
 * Compiles the parsers and serialisers of all services, and finds the right one for each request. Without an authorizer every caller may do
 * everything within its account.
 */
export function createDispatcher(
  services: readonly Service[],
  report: Report,
  authorizer: Authorizer | null = null,
): Dispatcher {
  const bindings = services.flatMap((service) => bindOperations(service, authorizer))
  const protocols: readonly Protocol[] = [
    new TargetProtocol(awsJson, bindings, report),
    new TargetProtocol(awsCbor, bindings, report),
    new AwsQuery(bindings, report),
  ]
  return {
    asksPolicies: authorizer !== null,
    recognise(request: WireRequest) {
      for (const protocol of protocols) {
        const recognised = protocol.recognise(request)
        if (recognised !== undefined) return recognised
      }
      return new UnknownWireForm(report)
    },
  }
}

/** No protocol claims the request. AWS answers with one bare element. */
class UnknownWireForm implements Unrecognised {
  readonly kind = 'unrecognised'
  readonly error = new ServiceError(UnknownRequest, '')
  readonly #report: Report

  constructor(report: Report) {
    this.#report = report
  }

  refuse(error: unknown, requestId: string): WireResponse {
    const { status, code } = clientError(error, requestId, this.#report).shape
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': requestId },
      body: `<${code}/>\n`,
      errorCode: code,
    }
  }
}
