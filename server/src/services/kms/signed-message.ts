import { checkAlgorithm } from './encryption.ts'
import { incompatibleAlgorithm, invalid } from './errors.ts'
import { digestBitsOf } from './key-specs.ts'
import type { UsableKey } from './use-key.ts'

/** Whether a message to be signed or verified is its digest already. Refused where the algorithm isn't the key's, or the digest's. */
export function checkMessage(
  key: UsableKey,
  {
    SigningAlgorithm: algorithm,
    MessageType: type = 'RAW',
    Message: message,
  }: {
    readonly SigningAlgorithm: string
    readonly MessageType?: string | undefined
    readonly Message: Uint8Array
  },
): boolean {
  checkAlgorithm(key, algorithm)
  if (type === 'EXTERNAL_MU') throw incompatibleAlgorithm(algorithm, key.view.spec)
  const isDigest = type === 'DIGEST'
  if (algorithm.startsWith('ED25519') && isDigest !== (algorithm === 'ED25519_PH_SHA_512')) {
    throw invalid(`MessageType ${type} is not valid for algorithm ${algorithm}.`)
  }
  if (isDigest && message.length !== digestBitsOf(algorithm) / 8) {
    throw invalid(`Digest is invalid length for algorithm ${algorithm}.`)
  }
  return isDigest
}
