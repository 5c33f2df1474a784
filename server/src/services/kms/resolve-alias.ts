import type { Request } from '../../api/operation.ts'
import type { AliasAddress } from './commands.ts'
import { aliasNotAuthorized, invalid } from './errors.ts'
import { isReservedAlias } from './managed-key.ts'

const PREFIX = 'alias/'

/** The alias that a request is to make, move or delete, in the account and region of its caller. */
export function resolveAlias(name: string, { caller: { accountId, region } }: Request): AliasAddress {
  if (!name.startsWith(PREFIX) || name === PREFIX) {
    throw invalid(
      'Alias must start with the prefix "alias/". ' +
        'Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    )
  }
  // The model lets a colon through.
  if (name.includes(':')) throw invalid(`${name} contains invalid characters for an alias`)
  if (isReservedAlias(name)) throw aliasNotAuthorized()
  return { accountId, region, name }
}
