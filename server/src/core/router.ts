import type { ServiceState } from './service-state.ts'

/** Finds the state that an ARN's resource belongs to, so that services meet without knowing each other. */
export class Router {
  readonly #accepting: readonly ServiceState[]
  readonly #byService: ReadonlyMap<string, ServiceState>

  constructor(states: readonly ServiceState[]) {
    this.#accepting = states.filter(({ accept }) => accept !== undefined)
    this.#byService = new Map(this.#accepting.map((state) => [state.service, state]))
  }

  /** Whether any state wants anything sealed. Asked for each subscription that a message is published to. */
  get isSealing(): boolean {
    return this.#accepting.some(isSealing)
  }

  /** The state of the ARN's service, if it takes landings. Whether it has the resource, it says itself. */
  stateOf(arn: string): ServiceState | undefined {
    const start = arn.indexOf(':', arn.indexOf(':') + 1) + 1
    return this.#byService.get(arn.slice(start, arn.indexOf(':', start)))
  }
}

const isSealing = (state: ServiceState): boolean => state.isSealing === true
