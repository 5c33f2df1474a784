import type { Access } from '../api/access.ts'
import type { Authorizer } from '../api/authorizer.ts'
import { compileFindViolations, type FindViolations } from '../api/find-violations.ts'
import type { OperationModel } from '../api/model.ts'
import type { AccessOf, Operation, Request, Service } from '../api/operation.ts'

/** An operation that a service offers, with its model: what each protocol adds its parser and serialiser to. */
export class Binding {
  readonly service: Service
  readonly operation: Operation
  readonly model: OperationModel
  readonly #findViolations: FindViolations
  readonly #accessOf: AccessOf
  readonly #authorizer: Authorizer | null

  /** Throws where the service doesn't say what the operation needs leave for. Without an authorizer none is needed. */
  constructor(service: Service, operation: Operation, model: OperationModel, authorizer: Authorizer | null) {
    this.service = service
    this.operation = operation
    this.model = model
    this.#findViolations = compileFindViolations(model.input, service.model.checksConstraints)
    const accessOf = service.access[operation.name]
    if (accessOf === undefined) {
      throw new Error(`${service.name} does not say what ${operation.name} needs leave for`)
    }
    this.#accessOf = accessOf
    this.#authorizer = authorizer
  }

  /** Checks a parsed input against the model's constraints, and whether the caller may do it, and runs the operation with it. */
  run(input: object, request: Request): Promise<object> {
    this.check(input)
    return this.runChecked(input, request)
  }

  /** Throws what the service says of an input that breaks the model's constraints. */
  check(input: object): void {
    const violations = this.#findViolations(input)
    const first = violations[0]
    if (first !== undefined) throw this.service.refuseInput(first, violations)
  }

  /** As `run`, with an input that `check` has found right; where the operation read a list by itself, it was with the stand-in. */
  runChecked(input: object, request: Request): Promise<object> {
    // The parser and the check above have made it what the operation's type, generated from the same model, says.
    const checked = input as never
    const authorizer = this.#authorizer
    if (authorizer === null) return this.operation.run(checked, request)
    this.#authorize(authorizer, checked, request)
    if (this.operation.waits !== true) return this.operation.run(checked, request)
    const recheck = () => {
      request.recheck()
      this.#authorize(authorizer, checked, request)
    }
    return this.operation.run(checked, withRecheck(request, recheck))
  }

  #authorize(authorizer: Authorizer, input: never, request: Request): void {
    // Whoever follows a link has shown by it what it may do: that is for the operation to check.
    if (request.caller.isAnonymous === true) return
    const access = this.#accessOf(input, request)
    if (!Array.isArray(access)) {
      authorizer.authorize(access as Access, request, this.service)
      return
    }
    for (const each of access) authorizer.authorize(each, request, this.service)
  }
}

/** Member by member: spreading one object into another is slow. */
function withRecheck(request: Request, recheck: () => void): Request {
  return {
    requestId: request.requestId,
    caller: request.caller,
    endpoint: request.endpoint,
    path: request.path,
    traceHeader: request.traceHeader,
    connection: request.connection,
    origin: request.origin,
    isPermitted: request.isPermitted,
    recheck,
  }
}

/** The bindings of every operation that is both modelled and offered. Throws where a service offers one unmodelled. */
export function bindOperations(service: Service, authorizer: Authorizer | null): Binding[] {
  return [...service.operations].map(([name, operation]) => {
    const model = service.model.operations.get(name)
    if (model === undefined) throw new Error(`${service.name} has no model of ${name}`)
    return new Binding(service, operation, model, authorizer)
  })
}
