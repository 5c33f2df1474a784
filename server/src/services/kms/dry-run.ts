import type { Request } from '../../api/operation.ts'
import { dryRunSucceeded, violates } from './errors.ts'
import type { KmsFront } from './front.ts'
import { resolveReference } from './resolve-key.ts'
import { findUsable } from './use-key.ts'

/** Whether only the key is asked about, and no ciphertext is needed. */
export function ignoresCiphertext({
  DryRun,
  DryRunModifiers = [],
}: {
  readonly DryRun?: boolean | undefined
  readonly DryRunModifiers?: readonly string[] | undefined
}): boolean {
  return DryRun === true && DryRunModifiers.includes('IGNORE_CIPHERTEXT')
}

/** Tells whether a key could decrypt something, which without a ciphertext has to be named. */
export async function refuseDryRun(
  front: KmsFront,
  { keyId, action }: { readonly keyId: string | undefined; readonly action: string },
  request: Request,
): Promise<never> {
  if (keyId === undefined) throw violates('KeyId', { kind: 'missing' })
  const reference = resolveReference(keyId, action, request)
  await findUsable(front, reference, { action, usage: 'ENCRYPT_DECRYPT' }, request)
  throw dryRunSucceeded()
}
