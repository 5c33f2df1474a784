import type { Request } from '../../api/operation.ts'
import type { KeyAddress, KeyReference } from './commands.ts'
import { invalidArn, invalidKeyId, invalidRegion, otherAccount } from './errors.ts'
import { isKeyId, parseArn } from './key-arn.ts'

/** The key that a request names by its id or ARN, where aliases won't do. Whether it's there is for the cell to say. */
export function resolveKey(keyId: string, action: string, request: Request): KeyAddress {
  const reference = resolveReference(keyId, action, request)
  if (reference.kind === 'key') return reference.key
  throw invalidKeyId(keyId)
}

/** The key that a request names by its id or ARN, or by an alias or the ARN of one. */
export function resolveReference(
  keyId: string,
  action: string,
  request: Pick<Request, 'caller'> & Partial<Pick<Request, 'isPermitted'>>,
): KeyReference {
  const { accountId, region, principalArn } = request.caller
  if (!keyId.startsWith('arn:')) return referenceTo({ accountId, region, name: keyId })
  const address = parseArn(keyId)
  if (address === null) throw invalidArn(keyId)
  if (address.region !== region) throw invalidRegion(address.region)
  if (request.isPermitted !== true && address.accountId !== accountId)
    throw otherAccount({ principalArn, action }, keyId)
  return referenceTo(address)
}

function referenceTo(address: KeyAddress): KeyReference {
  const { name } = address
  if (name.startsWith('alias/')) return { kind: 'alias', alias: address }
  if (!isKeyId(name)) throw invalidKeyId(name)
  return { kind: 'key', key: address }
}
