import type { Clock } from '../base/time.ts'
import { TwoGenerationCache } from '../base/two-generation-cache.ts'

/** How long nothing more is said of the same, in milliseconds. */
const SAID_AGAIN_AFTER_MS = 5 * 60_000
const REMEMBERED_MAX = 2048

/** Says of things that happen again and again when they are to be told of: at once, and then every five minutes. */
export class Seldom {
  readonly #clock: Clock
  readonly #known = new TwoGenerationCache<{ readonly saidAt: number; unsaid: number }>(REMEMBERED_MAX)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How often it happened without being told of; null where it isn't to be told of now. */
  unsaid(what: string): number | null {
    const now = this.#clock.now()
    const known = this.#known.get(what)
    if (known !== undefined && now < known.saidAt + SAID_AGAIN_AFTER_MS) {
      known.unsaid++
      return null
    }
    this.#known.set(what, { saidAt: now, unsaid: 0 })
    return known?.unsaid ?? 0
  }
}
