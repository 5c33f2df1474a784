import { compileFindViolations, type FindViolations } from '../api/find-violations.ts'
import type { OperationModel } from '../api/model.ts'
import type { Operation, Request, Service } from '../api/operation.ts'

/** An operation that a service offers, with its model: what each protocol adds its parser and serialiser to. */
export class Binding {
  readonly service: Service
  readonly operation: Operation
  readonly model: OperationModel
  readonly #findViolations: FindViolations

  constructor(service: Service, operation: Operation, model: OperationModel) {
    this.service = service
    this.operation = operation
    this.model = model
    this.#findViolations = compileFindViolations(model.input, service.model.checksConstraints)
  }

  /** Checks a parsed input against the model's constraints and runs the operation with it. */
  run(input: object, request: Request): Promise<object> {
    const violations = this.#findViolations(input)
    const first = violations[0]
    if (first !== undefined) throw this.service.refuseInput(first, violations)
    // The parser and the check above have made it what the operation's type, generated from the same model, says.
    return this.operation.run(input as never, request)
  }
}

/** The bindings of every operation that is both modelled and offered. Throws where a service offers one unmodelled. */
export function bindOperations(service: Service): Binding[] {
  return [...service.operations].map(([name, operation]) => {
    const model = service.model.operations.get(name)
    if (model === undefined) throw new Error(`${service.name} has no model of ${name}`)
    return new Binding(service, operation, model)
  })
}
