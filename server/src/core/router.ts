import type { ServiceState } from './service-state.ts'

/** Finds the state that an ARN's resource belongs to, so that services meet without knowing each other. */
export class Router {
  readonly #byService = new Map<string, ServiceState>()

  constructor(states: readonly ServiceState[]) {
    for (const state of states) if (state.accept !== undefined) this.#byService.set(state.service, state)
  }

  /** Whether any state wants anything sealed. */
  get isSealing(): boolean {
    for (const state of this.#byService.values()) if (state.isSealing === true) return true
    return false
  }

  /** The state of the ARN's service, if it takes landings. Whether it has the resource, it says itself. */
  stateOf(arn: string): ServiceState | undefined {
    const start = arn.indexOf(':', arn.indexOf(':') + 1) + 1
    return this.#byService.get(arn.slice(start, arn.indexOf(':', start)))
  }
}
