import type { Units } from '../../../core/units.ts'
import type { Protocol } from '../subscription-settings.ts'
import type { Cleanup } from './cleanup.ts'
import type { PlatformApplications } from './platform-application.ts'
import type { Root } from './root.ts'
import type { Topics } from './topics.ts'

/** What decisions and events work on. */
export interface SnsContext {
  readonly units: Units
  readonly topics: Topics
  readonly applications: PlatformApplications
  readonly root: Root
  readonly cleanup: Cleanup
  /** The protocols whose messages somebody pushes out: they wait in queues of their own. */
  readonly pushed: ReadonlySet<Protocol>
}
