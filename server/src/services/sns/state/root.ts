import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { OptedOutNumber, PhoneNumbers, SandboxEntry } from './phone-numbers.ts'
import type { PlatformApplications } from './platform-application.ts'
import type { SmsAccounts } from './sms-account.ts'
import type { Topics } from './topics.ts'

const ROOT_VERSION = 2

export interface RootRecord {
  readonly version: number
  readonly nextTopic: number
  readonly nextSubscription: number
  /** Unit ids, as little-endian 32-bit words. */
  readonly topics: Uint8Array
  /** Since version 2. */
  readonly nextApplication?: number
  readonly nextPlatformEndpoint?: number
  /** As `topics`. */
  readonly applications?: Uint8Array
  readonly nextPhoneNumber?: number
  readonly smsAccounts?: Uint8Array
  readonly optedOut?: Uint8Array
  readonly sandbox?: Uint8Array
}

interface RootResources {
  readonly topics: Topics
  readonly applications: PlatformApplications
  readonly smsAccounts: SmsAccounts
  readonly optedOut: PhoneNumbers<OptedOutNumber>
  readonly sandbox: PhoneNumbers<SandboxEntry>
}

/** The unit a snapshot of the SNS state begins with: it names the topics and so on, and these what they hold. */
export class Root extends Unit {
  /** The numbers that the next ones get; 0 is never one. */
  nextTopic = 1
  nextSubscription = 1
  nextApplication = 1
  nextPlatformEndpoint = 1
  nextPhoneNumber = 1
  readonly #units: Units
  readonly #holds: RootResources

  constructor(units: Units, holds: RootResources) {
    super()
    this.#units = units
    this.#holds = holds
  }

  /** To be called before what it names comes or goes, and before a number is given. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  encode(): Uint8Array {
    const record: RootRecord = {
      version: ROOT_VERSION,
      nextTopic: this.nextTopic,
      nextSubscription: this.nextSubscription,
      topics: idsOf(this.#holds.topics),
      nextApplication: this.nextApplication,
      nextPlatformEndpoint: this.nextPlatformEndpoint,
      applications: idsOf(this.#holds.applications),
      nextPhoneNumber: this.nextPhoneNumber,
      smsAccounts: idsOf(this.#holds.smsAccounts),
      optedOut: idsOf(this.#holds.optedOut),
      sandbox: idsOf(this.#holds.sandbox),
    }
    return encodeCbor(record)
  }
}

export function decodeRoot(bytes: Uint8Array): RootRecord {
  const record = decodeCbor(bytes) as RootRecord
  if (record.version < 1 || record.version > ROOT_VERSION) {
    throw new Error(
      `the snapshot's SNS state has version ${record.version}; this build reads up to ${ROOT_VERSION}`,
    )
  }
  return record
}

function idsOf(units: Iterable<Unit>): Uint8Array {
  return packIds([...units].map(({ id }) => id))
}
