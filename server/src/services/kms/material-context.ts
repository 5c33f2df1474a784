import type { KeyAddress } from './commands.ts'
import { keyArn } from './key-arn.ts'

/** What a key's material is sealed as, so that none can be passed off as another. */
export function materialContext(key: KeyAddress, materialId: string): string {
  return `material ${materialId} of ${keyArn(key)}`
}
