import type { ResourceDirectory } from '../../../core/resource-directory.ts'
import type { Units } from '../../../core/units.ts'
import type { Alias } from './alias.ts'
import type { Cleanup } from './cleanup.ts'
import type { Deletions } from './deletions.ts'
import type { Keys } from './keys.ts'
import type { RetirableGrants } from './retirable-grants.ts'
import type { Root } from './root.ts'

/** What decisions and events work on. */
export interface KmsContext {
  readonly units: Units
  readonly keys: Keys
  readonly aliases: ResourceDirectory<Alias>
  readonly retirable: RetirableGrants
  readonly deletions: Deletions
  readonly root: Root
  readonly cleanup: Cleanup
}
