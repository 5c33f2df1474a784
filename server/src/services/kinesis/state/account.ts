import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Scope } from '../../../core/scope.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { AccountState } from '../commands.ts'
import { COMMITMENT_MS } from '../limits.ts'

/** An account's commitment to pay for a minimum of throughput in a region. Times are milliseconds since the epoch. */
export interface Commitment {
  readonly since: number
  /** When it ended, or will; null where nobody asked for its end. */
  readonly endsAt: number | null
}

interface AccountRecord extends Scope {
  readonly commitment: Commitment
}

/** What an account has set for itself in a region; there is none for one that never did. */
export class Account extends Unit {
  readonly scope: Scope
  #commitment: Commitment

  constructor(scope: Scope, commitment: Commitment) {
    super()
    this.scope = scope
    this.#commitment = commitment
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Account {
    const { accountId, region, commitment } = decodeCbor(contentOf(unit)) as AccountRecord
    const account = new Account({ accountId, region }, commitment)
    units.addAs(unit, account)
    return account
  }

  encode(): Uint8Array {
    const record: AccountRecord = { ...this.scope, commitment: this.#commitment }
    return encodeCbor(record)
  }

  get commitment(): Commitment {
    return this.#commitment
  }

  /** To be called after its unit was touched. */
  set commitment(commitment: Commitment) {
    this.#commitment = commitment
  }
}

/** All accounts that have set something. */
export class Accounts {
  readonly #byScope = new Map<string, Account>()

  get size(): number {
    return this.#byScope.size
  }

  [Symbol.iterator](): IterableIterator<Account> {
    return this.#byScope.values()
  }

  at(scope: Scope): Account | undefined {
    return this.#byScope.get(keyOf(scope))
  }

  add(account: Account): void {
    this.#byScope.set(keyOf(account.scope), account)
  }

  /** Forgets all accounts and returns them. */
  takeAll(): readonly Account[] {
    const accounts = [...this.#byScope.values()]
    this.#byScope.clear()
    return accounts
  }

  /** What the account has at the time. */
  stateOf(scope: Scope, now: number): AccountState {
    const commitment = this.at(scope)?.commitment
    if (commitment === undefined) return { commitment: false, since: null, until: null, endsAt: null }
    const { since, endsAt } = commitment
    return { commitment: endsAt === null || now < endsAt, since, until: since + COMMITMENT_MS, endsAt }
  }
}

function keyOf({ accountId, region }: Scope): string {
  return `${accountId}/${region}`
}
