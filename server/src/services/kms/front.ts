import { KeyRing } from './key-ring.ts'
import { LastUses } from './last-uses.ts'
import type { KmsPorts } from './ports.ts'

/** What the operations share of one front. */
export interface KmsFront extends KmsPorts {
  readonly keyRing: KeyRing
  readonly lastUses: LastUses
}

export function frontOf(ports: KmsPorts): KmsFront {
  return { ...ports, keyRing: new KeyRing(ports), lastUses: new LastUses(ports) }
}
