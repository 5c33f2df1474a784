import { checkAlgorithm } from './encryption.ts'
import { wrongSpec } from './errors.ts'
import type { KmsFront } from './front.ts'
import { isMacSpec } from './key-specs.ts'
import type { UsableKey } from './use-key.ts'

/** Refused where the algorithm isn't the key's. */
export function macOf(
  { cryptography }: Pick<KmsFront, 'cryptography'>,
  key: UsableKey,
  algorithm: string,
  message: Uint8Array,
): Uint8Array {
  checkAlgorithm(key, algorithm)
  const { spec, key: address } = key.view
  if (!isMacSpec(spec)) throw wrongSpec(address, spec, 'GenerateMac')
  return cryptography.mac(key.loaded, spec, message)
}
