import type { Caller, Operation } from '../api/operation.ts'
import { ANONYMOUS, isUnsigned } from '../auth/anonymous.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../base/time.ts'
import type { Dispatcher, ResponseSink, WireRequest, WireResponse } from '../protocol/wire.ts'
import type { HttpRequest, RequestHandler } from './request-handler.ts'

/** Answers AWS requests: finds out what is asked for, then who asks, then has it done. */
export class AwsHandler implements RequestHandler {
  readonly #dispatcher: Dispatcher
  readonly #authenticator: Authenticator
  readonly #clock: Clock
  readonly #read: (request: HttpRequest) => WireRequest

  /** `read` makes the AWS request of what came, where that's in another form; who asks is always found out from what came. */
  constructor(
    dispatcher: Dispatcher,
    authenticator: Authenticator,
    clock: Clock,
    read: (request: HttpRequest) => WireRequest = (request) => request,
  ) {
    this.#dispatcher = dispatcher
    this.#authenticator = authenticator
    this.#clock = clock
    this.#read = read
  }

  handle(request: HttpRequest, sink: ResponseSink): void {
    const { requestId, subject } = request
    const asked = this.#read(request)
    const call = this.#dispatcher.recognise(asked)
    if (call.kind === 'unrecognised') {
      sink.take(call.refuse(call.error, requestId))
      return
    }
    subject.operation = call.operation.name
    let caller: Caller
    try {
      caller =
        isOpenTo(call.operation, request) && isUnsigned(request)
          ? ANONYMOUS
          : this.#authenticator.authenticate(request, call.service.name, this.#clock.now())
    } catch (error) {
      sink.take(call.refuse(error, requestId))
      return
    }
    subject.accountId = caller.accountId
    const permitted = {
      requestId,
      caller,
      endpoint: request.endpoint,
      path: asked.path,
      traceHeader: request.headers.get('x-amzn-trace-id'),
      connection: request.connection,
      origin: request,
      isPermitted: this.#dispatcher.asksPolicies,
      recheck: () => caller.recheck?.(this.#clock.now()),
    }
    call.execute(permitted, sink)
  }

  refuse(request: HttpRequest, error: Error): WireResponse {
    return this.#dispatcher.recognise(this.#read(request)).refuse(error, request.requestId)
  }
}

function isOpenTo({ isOpen, isOpenToPosts }: Operation, { method }: HttpRequest): boolean {
  return isOpenToPosts === true || (isOpen === true && method === 'GET')
}
