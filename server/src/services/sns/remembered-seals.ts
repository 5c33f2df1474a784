import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { WantedSeals } from './commands.ts'
import { REMEMBERED_SEALS_USES_MAX, SEALED_TOPICS_MAX } from './limits.ts'

/**
 * Under which keys the messages of topics were to be sealed lately, so that the cell needn't be asked first. What isn't wanted any more
 * nobody tells, so each is forgotten after some uses.
 */
export class RememberedSeals {
  readonly #topics = new TwoGenerationCache<{ readonly wanted: WantedSeals; usesLeft: number }>(
    SEALED_TOPICS_MAX,
  )

  get(topicArn: string): WantedSeals | undefined {
    if (this.#topics.size === 0) return undefined
    const known = this.#topics.get(topicArn)
    if (known === undefined) return undefined
    known.usesLeft--
    if (known.usesLeft === 0) this.#topics.delete(topicArn)
    return known.wanted
  }

  set(topicArn: string, wanted: WantedSeals): void {
    this.#topics.set(topicArn, { wanted, usesLeft: REMEMBERED_SEALS_USES_MAX })
  }
}
