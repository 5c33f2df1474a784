import type { Request } from '../../api/operation.ts'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { KeyUse, KeyView } from './commands.ts'
import { keyArn } from './key-arn.ts'
import { LAST_USES_MAX, USE_NOTED_EVERY_MS } from './limits.ts'
import { ask, type KmsPorts } from './ports.ts'

/**
 * When keys were used last. A front remembers it exactly; the journal hears of it once an hour for each key in use, so that it costs
 * nothing to speak of, and after a restart it is known to the hour.
 */
export class LastUses {
  readonly #ports: KmsPorts
  readonly #uses = new TwoGenerationCache<KeyUse>(LAST_USES_MAX)

  constructor(ports: KmsPorts) {
    this.#ports = ports
  }

  /** The operation has succeeded. */
  async note({ key, lastUse }: KeyView, operation: string, { requestId }: Request): Promise<void> {
    const use = { operation, at: this.#ports.now(), requestId }
    this.#uses.set(keyArn(key), use)
    if (lastUse !== null && use.at - lastUse.at < USE_NOTED_EVERY_MS) return
    await ask(this.#ports, { service: 'kms', kind: 'noteUse', key, use })
  }

  /** Null where the key wasn't used yet. */
  lastOf({ key, lastUse }: KeyView): KeyUse | null {
    const use = this.#uses.get(keyArn(key))
    if (use === undefined) return lastUse
    return lastUse !== null && lastUse.at > use.at ? lastUse : use
  }
}
