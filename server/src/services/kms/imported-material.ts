import type { Request } from '../../api/operation.ts'
import { wrongOrigin } from './errors.ts'
import type { KmsFront } from './front.ts'
import { resolveKey } from './resolve-key.ts'

/** No key is of a kind that takes material from outside: AWS's answer for those is the answer for all. */
export async function refuseImport(
  front: KmsFront,
  action: string,
  keyId: string,
  request: Request,
): Promise<never> {
  const key = resolveKey(keyId, action, request)
  await front.keyRing.find({ kind: 'key', key })
  throw wrongOrigin(key)
}
