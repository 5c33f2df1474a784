import type { Request } from '../../api/operation.ts'
import type { Asker, KeyAddress } from './commands.ts'
import { resolveKey } from './resolve-key.ts'

/** The key that is to be changed, and by whom: what AWS manages itself, nobody else may change. */
export function managing(
  keyId: string,
  action: string,
  request: Request,
): { readonly key: KeyAddress; readonly by: Asker } {
  const { principalArn } = request.caller
  return { key: resolveKey(keyId, action, request), by: { principalArn, action } }
}
