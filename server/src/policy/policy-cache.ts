import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { type CompiledPolicy, compilePolicy } from './compile-policy.ts'
import type { PolicyKind } from './policy-kinds.ts'
import { readPolicy } from './read-policy.ts'

/** Policies as somebody wrote them, compiled when they are first asked. Most resources of a kind have the same, and they seldom change. */
export class PolicyCache {
  readonly #sizeMax: number
  readonly #ofKinds = new Map<PolicyKind, TwoGenerationCache<{ readonly policy: CompiledPolicy | null }>>()

  /** `sizeMax`: how many of each kind are kept. */
  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax
  }

  /** Null for what no reader understands: it grants nothing. */
  of(text: string, kind: PolicyKind): CompiledPolicy | null {
    // By the text alone, which is the same object from request to request: one that was put together would be hashed each time.
    const ofKind = this.#ofKinds.get(kind) ?? new TwoGenerationCache(this.#sizeMax)
    this.#ofKinds.set(kind, ofKind)
    let known = ofKind.get(text)
    if (known === undefined) {
      const read = readPolicy(text, kind)
      known = { policy: 'document' in read ? compilePolicy(read.document) : null }
      ofKind.set(text, known)
    }
    return known.policy
  }
}
