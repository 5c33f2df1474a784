import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { isSameSecret } from '../../../base/same-secret.ts'
import { ResourceDirectory } from '../../../core/resource-directory.ts'
import { Unit, type Units } from '../../../core/units.ts'
import { SANDBOX_CODE_LIFETIME_MS, SANDBOX_GUESSES_MAX } from '../limits.ts'
import type { PhoneNumberAddress } from '../sms-commands.ts'

/** Times are milliseconds since the epoch. */
interface OptedOutRecord {
  readonly number: number
  readonly address: PhoneNumberAddress
  readonly since: number
}

interface SandboxRecord {
  readonly number: number
  readonly address: PhoneNumberAddress
  readonly code: string
  readonly codeSince: number
  readonly failedGuesses: number
  /** 0 until it is. */
  readonly verifiedAt: number
}

/** A number whose owner wants no text messages of an account. */
export class OptedOutNumber extends Unit {
  readonly record: OptedOutRecord

  constructor(record: OptedOutRecord) {
    super()
    this.record = record
  }

  get number(): number {
    return this.record.number
  }

  get address(): PhoneNumberAddress {
    return this.record.address
  }

  encode(): Uint8Array {
    return encodeCbor(this.record)
  }

  static restore(bytes: Uint8Array): OptedOutNumber {
    return new OptedOutNumber(decodeCbor(bytes) as OptedOutRecord)
  }
}

/** A number that an account has shown to be its own, or is about to. */
export class SandboxEntry extends Unit {
  #record: SandboxRecord

  constructor(record: SandboxRecord) {
    super()
    this.#record = record
  }

  get number(): number {
    return this.#record.number
  }

  get address(): PhoneNumberAddress {
    return this.#record.address
  }

  get record(): SandboxRecord {
    return this.#record
  }

  get isVerified(): boolean {
    return this.#record.verifiedAt > 0
  }

  /** Whether this is the code, and it's neither too late nor guessed too often. */
  accepts(code: string, now: number): boolean {
    const { code: own, codeSince, failedGuesses } = this.#record
    return (
      isSameSecret(code, own) &&
      failedGuesses < SANDBOX_GUESSES_MAX &&
      now < codeSince + SANDBOX_CODE_LIFETIME_MS
    )
  }

  change(units: Units, changes: Partial<SandboxRecord>): void {
    units.touch(this)
    this.#record = { ...this.#record, ...changes }
  }

  encode(): Uint8Array {
    return encodeCbor(this.#record)
  }

  static restore(bytes: Uint8Array): SandboxEntry {
    return new SandboxEntry(decodeCbor(bytes) as SandboxRecord)
  }
}

/** Phone numbers of every account, each by itself and its account. */
export class PhoneNumbers<Entry extends OptedOutNumber | SandboxEntry> extends ResourceDirectory<Entry> {
  constructor() {
    super(({ accountId, region, name }) => `${accountId}/${region}/${name}`)
  }
}
