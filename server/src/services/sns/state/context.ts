import type { Units } from '../../../core/units.ts'
import type { Protocol } from '../subscription-settings.ts'
import type { ActiveReplays } from './active-replays.ts'
import type { Cleanup } from './cleanup.ts'
import type { OptedOutNumber, PhoneNumbers, SandboxEntry } from './phone-numbers.ts'
import type { PlatformApplications } from './platform-application.ts'
import type { Root } from './root.ts'
import type { SmsAccounts } from './sms-account.ts'
import type { Topics } from './topics.ts'

/** What decisions and events work on. */
export interface SnsContext {
  readonly units: Units
  readonly topics: Topics
  readonly applications: PlatformApplications
  readonly smsAccounts: SmsAccounts
  readonly optedOut: PhoneNumbers<OptedOutNumber>
  readonly sandbox: PhoneNumbers<SandboxEntry>
  readonly root: Root
  readonly cleanup: Cleanup
  readonly activeReplays: ActiveReplays
  /** The protocols whose messages somebody pushes out: they wait in queues of their own. */
  readonly pushed: ReadonlySet<Protocol>
}
