import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Scope } from '../../../core/scope.ts'
import { Unit, type Units } from '../../../core/units.ts'
import { type SmsDefaults, smsDefaultsOf } from '../sms-attributes.ts'
import type { SmsAttributes } from '../sms-commands.ts'

interface SmsAccountRecord {
  readonly scope: Scope
  readonly attributes: SmsAttributes
}

/** What an account says of its text messages in a region. */
export class SmsAccount extends Unit {
  readonly scope: Scope
  #attributes: SmsAttributes
  #defaults: SmsDefaults

  constructor({ scope, attributes }: SmsAccountRecord) {
    super()
    this.scope = scope
    this.#attributes = attributes
    this.#defaults = smsDefaultsOf(attributes)
  }

  get attributes(): SmsAttributes {
    return this.#attributes
  }

  /** The same object as long as nothing changes. */
  get defaults(): SmsDefaults {
    return this.#defaults
  }

  change(units: Units, attributes: SmsAttributes): void {
    units.touch(this)
    this.#attributes = attributes
    this.#defaults = smsDefaultsOf(attributes)
  }

  encode(): Uint8Array {
    const record: SmsAccountRecord = { scope: this.scope, attributes: this.#attributes }
    return encodeCbor(record)
  }

  static restore(bytes: Uint8Array): SmsAccount {
    return new SmsAccount(decodeCbor(bytes) as SmsAccountRecord)
  }
}

const NOTHING_SET = smsDefaultsOf({})

/** The accounts that have said anything. */
export class SmsAccounts {
  readonly #byScope = new Map<string, SmsAccount>()

  get size(): number {
    return this.#byScope.size
  }

  [Symbol.iterator](): IterableIterator<SmsAccount> {
    return this.#byScope.values()
  }

  at(scope: Scope): SmsAccount | undefined {
    return this.#byScope.get(keyOf(scope))
  }

  defaultsOf(scope: Scope): SmsDefaults {
    return this.at(scope)?.defaults ?? NOTHING_SET
  }

  add(account: SmsAccount): void {
    this.#byScope.set(keyOf(account.scope), account)
  }

  /** Forgets all at once and returns them. */
  takeAll(): readonly SmsAccount[] {
    const all = [...this.#byScope.values()]
    this.#byScope.clear()
    return all
  }
}

function keyOf({ accountId, region }: Scope): string {
  return `${accountId}/${region}`
}
