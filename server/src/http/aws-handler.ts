import type { Caller } from '../api/operation.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../base/time.ts'
import type { Dispatcher, WireResponse } from '../protocol/wire.ts'
import type { HttpRequest, RequestHandler } from './request-handler.ts'

/** Answers AWS requests: finds out what is asked for, then who asks, then has it done. */
export class AwsHandler implements RequestHandler {
  readonly #dispatcher: Dispatcher
  readonly #authenticator: Authenticator
  readonly #clock: Clock

  constructor(dispatcher: Dispatcher, authenticator: Authenticator, clock: Clock) {
    this.#dispatcher = dispatcher
    this.#authenticator = authenticator
    this.#clock = clock
  }

  handle(request: HttpRequest): WireResponse | Promise<WireResponse> {
    const { requestId, subject } = request
    const call = this.#dispatcher.recognise(request)
    if (call.kind === 'unrecognised') return call.refuse(call.error, requestId)
    subject.operation = call.operation.name
    let caller: Caller
    try {
      caller = this.#authenticator.authenticate(request, call.service.name, this.#clock.now())
    } catch (error) {
      return call.refuse(error, requestId)
    }
    subject.accountId = caller.accountId
    return call.execute({
      requestId,
      caller,
      endpoint: request.endpoint,
      path: request.path,
      traceHeader: request.headers.get('x-amzn-trace-id'),
      connection: request.connection,
    })
  }

  refuse(request: HttpRequest, error: Error): WireResponse {
    return this.#dispatcher.recognise(request).refuse(error, request.requestId)
  }
}
