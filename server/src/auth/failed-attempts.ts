import { TwoGenerationCache } from '../base/two-generation-cache.ts'
import { tooManyFailures } from './errors.ts'
import { LeakyBuckets } from './leaky-buckets.ts'
import {
  FAILURE_WARNING_INTERVAL_MS,
  FAILURE_WARNINGS_KEPT_MAX,
  FAILURES_KEPT_MAX,
  FAILURES_OF_A_KEY_FACTOR,
  FAILURES_OF_A_SOURCE_FACTOR,
  PROVEN_FOR_MS,
  PROVEN_MAX,
} from './limits.ts'
import { sourceNetwork } from './source-network.ts'

/** Someone who claims to have a key, at one moment. */
export interface Attempt {
  readonly address: string
  readonly accessKeyId: string
  readonly now: number
  /** The address with the key: as one text, made once. */
  readonly pair: string
  /** When they last signed rightly together; undefined where that isn't known. */
  readonly proven: Proven | undefined
}

interface Proven {
  at: number
}

/** Told of a network, as `sourceNetwork` has it, that is held off; of a key as well where it is one that there is. */
export type ReportFailures = (source: string, accessKeyId: string | undefined) => void

/**
 * Holds off who fails to authenticate too often, before a signature is computed for them:
 *
 * ```
 *   who asks ─▶ has signed rightly from this address with this key, lately ─▶ verified
 *                 │ no
 *                 ├─ too many failures from its network, with whatever keys ───▶ refused
 *                 ├─ too many failures from this address with this key ────────▶ refused
 *                 ├─ too many with this key from anywhere, some from here ─────▶ refused
 *                 └─ verified ─▶ right: remembered · wrong: counted
 * ```
 *
 * A limit must not become a weapon. So whoever has signed rightly is not held off at that address, however many fail beside them, behind
 * one proxy or with the same key; and failures from elsewhere hold off no address that hasn't failed itself: nobody can lock a key out by
 * using it wrongly. Who has failed too often waits for one failure to run out, half a second with the default, and not for the end of a
 * punishment; so the right secret gets through soon where a wrong one was in use.
 *
 * All is in tables of fixed sizes. Into the one of those who signed rightly nobody gets without a secret, and so nobody pushes others out.
 */
export class FailedAttempts {
  readonly #report: ReportFailures
  readonly #bySource: LeakyBuckets
  readonly #byPair: LeakyBuckets
  readonly #byKey: LeakyBuckets
  /** When an address last signed rightly with a key, by both. */
  readonly #proven = new TwoGenerationCache<Proven>(PROVEN_MAX)
  /** The next one is often the same, whose text has been hashed already. */
  #lastPair = { address: '', accessKeyId: '', text: ' ' }
  /** When the operator was told of a source. */
  readonly #warned = new TwoGenerationCache<number>(FAILURE_WARNINGS_KEPT_MAX)

  /** `perMinute`: how many failures one address may have with one key at once, and how many of those run out in a minute. */
  constructor(perMinute: number, report: ReportFailures) {
    this.#report = report
    this.#byPair = new LeakyBuckets(perMinute, FAILURES_KEPT_MAX)
    this.#bySource = new LeakyBuckets(perMinute * FAILURES_OF_A_SOURCE_FACTOR, FAILURES_KEPT_MAX)
    this.#byKey = new LeakyBuckets(perMinute * FAILURES_OF_A_KEY_FACTOR, FAILURES_KEPT_MAX)
  }

  /** What becomes of it is to be told. Throws ThrottlingException for who is held off. */
  begin(address: string, accessKeyId: string, now: number): Attempt {
    const pair = this.#pairOf(address, accessKeyId)
    const proven = this.#proven.get(pair)
    const attempt = { address, accessKeyId, now, pair, proven }
    if (proven !== undefined && now - proven.at < PROVEN_FOR_MS) return attempt
    const source = sourceNetwork(address)
    if (this.#bySource.isFull(source, now)) this.#refuse(source, now)
    const isPairFull =
      this.#byPair.isFull(pair, now) ||
      (this.#byKey.isFull(accessKeyId, now) && !this.#byPair.isEmpty(pair, now))
    if (isPairFull) this.#refuse(source, now, accessKeyId)
    return attempt
  }

  succeeded({ pair, proven, now }: Attempt): void {
    if (proven === undefined) this.#proven.set(pair, { at: now })
    else proven.at = now
  }

  /** `isKnown`: there is such a key, so that what is wrong is its secret. */
  failed({ address, accessKeyId, now, pair }: Attempt, isKnown: boolean): void {
    this.#bySource.add(sourceNetwork(address), now)
    if (!isKnown) return
    this.#byPair.add(pair, now)
    this.#byKey.add(accessKeyId, now)
  }

  #pairOf(address: string, accessKeyId: string): string {
    const last = this.#lastPair
    if (last.address === address && last.accessKeyId === accessKeyId) return last.text
    const text = `${accessKeyId} ${address}`
    this.#lastPair = { address, accessKeyId, text }
    return text
  }

  #refuse(source: string, now: number, accessKeyId?: string): never {
    const warnedAt = this.#warned.get(source) ?? Number.NEGATIVE_INFINITY
    if (now - warnedAt >= FAILURE_WARNING_INTERVAL_MS) {
      this.#warned.set(source, now)
      this.#report(source, accessKeyId)
    }
    throw tooManyFailures()
  }
}
