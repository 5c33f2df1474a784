import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { GIVEN_UP, type Outcome } from './transport.ts'

export interface SlotLimits {
  readonly perEndpointMax: number
  readonly totalMax: number
  readonly rememberedMax: number
}

/** To be called once, with whether the endpoint answered. */
export type ReleaseSlot = (answered: boolean) => void

interface Endpoint {
  underWay: number
  /** In the order they came. */
  readonly waiting: Set<() => void>
  isReady: boolean
}

/**
 * Shares out the attempts that may be under way at once. An endpoint that failed to answer gets one at a time until it answers
 * again, so that dead ones hold few of the places of all, and whoever waits for a place takes turns with the others, endpoint by
 * endpoint.
 */
export class EndpointSlots {
  readonly #limits: SlotLimits
  readonly #endpoints = new Map<string, Endpoint>()
  /** How many attempts at once an endpoint may have, where that isn't the greatest number. */
  readonly #allowed: TwoGenerationCache<number>
  /** Endpoints with somebody waiting and a place of their own; each once. */
  readonly #ready: string[] = []
  #underWay = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
    this.#allowed = new TwoGenerationCache(limits.rememberedMax)
  }

  get underWay(): number {
    return this.#underWay
  }

  /** Makes an attempt when the endpoint's turn has come; it is given up if `signal` is aborted before. */
  async attempt(name: string, signal: AbortSignal, make: () => Promise<Outcome>): Promise<Outcome> {
    const release = await this.acquire(name, signal)
    if (release === undefined) return GIVEN_UP
    let outcome = GIVEN_UP
    try {
      outcome = await make()
      return outcome
    } finally {
      release(hasAnswered(outcome))
    }
  }

  /** Resolves when the endpoint's turn has come, or with undefined when `signal` was aborted before. */
  acquire(name: string, signal: AbortSignal): Promise<ReleaseSlot | undefined> {
    if (signal.aborted) return Promise.resolve(undefined)
    const endpoint = this.#endpoints.get(name) ?? { underWay: 0, waiting: new Set(), isReady: false }
    this.#endpoints.set(name, endpoint)
    return new Promise((resolve) => {
      const giveUp = () => {
        endpoint.waiting.delete(start)
        this.#forget(name, endpoint)
        resolve(undefined)
      }
      const start = () => {
        signal.removeEventListener('abort', giveUp)
        resolve((answered) => this.#release(name, endpoint, answered))
      }
      signal.addEventListener('abort', giveUp, { once: true })
      endpoint.waiting.add(start)
      this.#queue(name, endpoint)
      this.#startReady()
    })
  }

  #release(name: string, endpoint: Endpoint, answered: boolean): void {
    endpoint.underWay--
    this.#underWay--
    const { perEndpointMax } = this.#limits
    const allowed = this.#allowedFor(name)
    if (!answered) this.#allowed.set(name, 1)
    else if (allowed < perEndpointMax) this.#allowed.set(name, Math.min(allowed * 2, perEndpointMax))
    this.#queue(name, endpoint)
    this.#startReady()
    this.#forget(name, endpoint)
  }

  #allowedFor(name: string): number {
    return this.#allowed.get(name) ?? this.#limits.perEndpointMax
  }

  #queue(name: string, endpoint: Endpoint): void {
    if (endpoint.isReady || endpoint.waiting.size === 0 || endpoint.underWay >= this.#allowedFor(name)) return
    endpoint.isReady = true
    this.#ready.push(name)
  }

  #startReady(): void {
    while (this.#underWay < this.#limits.totalMax) {
      const name = this.#ready.shift()
      const endpoint = name === undefined ? undefined : this.#endpoints.get(name)
      if (name === undefined) return
      if (endpoint === undefined) continue
      endpoint.isReady = false
      const [start] = endpoint.waiting
      if (start === undefined || endpoint.underWay >= this.#allowedFor(name)) continue
      endpoint.waiting.delete(start)
      endpoint.underWay++
      this.#underWay++
      start()
      this.#queue(name, endpoint)
    }
  }

  #forget(name: string, endpoint: Endpoint): void {
    const isIdle = endpoint.underWay === 0 && endpoint.waiting.size === 0 && !endpoint.isReady
    if (isIdle && this.#endpoints.get(name) === endpoint) this.#endpoints.delete(name)
  }
}

/** Whether the other side said something; who is given up may have been about to. */
function hasAnswered(outcome: Outcome): boolean {
  return outcome.ok || outcome.status !== undefined || outcome === GIVEN_UP
}
