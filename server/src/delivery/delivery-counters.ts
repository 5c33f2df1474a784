import type { PushEnding } from './pushes.ts'

/** How the attempts ended since the process started. Those that are to be retried were no deliveries yet. */
export type EndingCounts = { readonly [Ending in PushEnding]: number }

const NONE: EndingCounts = {
  delivered: 0,
  'to be retried': 0,
  redriven: 0,
  'not redriven': 0,
  discarded: 0,
}

export interface CountedEndings {
  readonly topicArn: string
  readonly protocol: string
  readonly counts: EndingCounts
}

/** Counts how attempts end, by topic and protocol. */
export class DeliveryCounters {
  readonly #byTopic = new Map<string, Map<string, EndingCounts>>()

  count(topicArn: string, protocol: string, ending: PushEnding): void {
    let byProtocol = this.#byTopic.get(topicArn)
    if (byProtocol === undefined) {
      byProtocol = new Map()
      this.#byTopic.set(topicArn, byProtocol)
    }
    const counts = byProtocol.get(protocol) ?? NONE
    byProtocol.set(protocol, { ...counts, [ending]: counts[ending] + 1 })
  }

  *[Symbol.iterator](): IterableIterator<CountedEndings> {
    for (const [topicArn, byProtocol] of this.#byTopic) {
      for (const [protocol, counts] of byProtocol) yield { topicArn, protocol, counts }
    }
  }
}
