import { ATTEMPTS_PER_SOURCE_MAX, SPACING_ARREARS_MS_MAX } from './limits.ts'

/**
 * How much may be under way at once for one source. It begins with one attempt and doubles with each that the endpoint answers,
 * so that endpoints that do not answer hold one place each; with each that it does not, it begins again.
 */
export class Lane {
  readonly name: string
  underWay = 0
  /** A take is under way. */
  isTaking = false
  /** Something was said to be there since the last take began, or that found more. */
  mayHaveMore = false
  /** It stands in the line of those who wait for a place. */
  isQueued = false
  /** Set while it waits for its next attempt to be allowed. */
  cancelTimer: (() => void) | null = null
  #window = 1
  #answers = true
  #spacingMs = 0
  /** When the next attempt is allowed, in milliseconds since the epoch. */
  #nextAt = 0

  constructor(name: string) {
    this.name = name
  }

  /** Whether the last attempt was answered, if there was one. */
  get answers(): boolean {
    return this.#answers
  }

  get isIdle(): boolean {
    return this.underWay === 0 && !this.isTaking && !this.mayHaveMore
  }

  /** Whether something is to be remembered of it that a new lane would not know. */
  isWorthKeeping(now: number): boolean {
    return !this.#answers || this.#nextAt > now
  }

  /** How many attempts may begin now. */
  room(now: number): number {
    const room = this.#window - this.underWay
    if (this.#spacingMs === 0 || room <= 0) return Math.max(room, 0)
    const arrears = Math.min(now - this.#nextAt, SPACING_ARREARS_MS_MAX)
    return arrears < 0 ? 0 : Math.min(room, 1 + Math.floor(arrears / this.#spacingMs))
  }

  /** How long until another attempt is allowed by the spacing, in milliseconds. */
  delay(now: number): number {
    return this.#spacingMs === 0 ? 0 : Math.max(0, Math.ceil(this.#nextAt - now))
  }

  began(attempts: number, spacingMs: number, now: number): void {
    this.underWay += attempts
    this.#spacingMs = spacingMs
    this.#nextAt = Math.max(this.#nextAt, now - SPACING_ARREARS_MS_MAX) + attempts * spacingMs
  }

  ended(answered: boolean): void {
    this.underWay--
    this.#answers = answered
    this.#window = answered ? Math.min(this.#window * 2, ATTEMPTS_PER_SOURCE_MAX) : 1
  }
}
