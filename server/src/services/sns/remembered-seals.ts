import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { TopicAddress, WantedSeals } from './commands.ts'
import { REMEMBERED_SEALS_USES_MAX, SEALED_TOPICS_MAX } from './limits.ts'
import { topicArn } from './topic-arn.ts'

/**
 * Under which keys the messages of topics were to be sealed lately, so that the cell needn't be asked first. What isn't wanted any more
 * nobody tells, so each is forgotten after some uses.
 */
export class RememberedSeals {
  readonly #topics = new TwoGenerationCache<{ readonly wanted: WantedSeals; usesLeft: number }>(
    SEALED_TOPICS_MAX,
  )

  get(topic: TopicAddress): WantedSeals | undefined {
    if (this.#topics.size === 0) return undefined
    const arn = topicArn(topic)
    const known = this.#topics.get(arn)
    if (known === undefined) return undefined
    known.usesLeft--
    if (known.usesLeft === 0) this.#topics.delete(arn)
    return known.wanted
  }

  set(topic: TopicAddress, wanted: WantedSeals): void {
    this.#topics.set(topicArn(topic), { wanted, usesLeft: REMEMBERED_SEALS_USES_MAX })
  }
}
