import { haveSameContent } from '../../../base/same-content.ts'
import type { NewGrant } from '../commands.ts'
import { grantNotFound, tooManyGrants } from '../errors.ts'
import { GRANTS_MAX } from '../limits.ts'
import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'
import { existingKey, refuseUnlessEnabled } from './find-key.ts'
import type { GrantRecord } from './grant.ts'

/** What keys' owners let others do with them. */
export const grantDecisions: Decisions<
  'createGrant' | 'listGrants' | 'listRetirableGrants' | 'deleteGrant' | 'hasGrant'
> = {
  createGrant(context, { key: address, grant, isDryRun }, step) {
    const key = existingKey(context, address)
    refuseUnlessEnabled(key)
    // A grant with a name may be asked for again; one without is another each time.
    const same = key.grantsNamed(grant.name).find(({ record }) => saysTheSame(record, grant))
    if (grant.name !== '' && same !== undefined) return { id: same.record.id }
    if (key.grantCount >= GRANTS_MAX) throw tooManyGrants(address, GRANTS_MAX)
    if (!isDryRun) step.emit({ kind: EVENT.grantCreated, key: key.number, grant })
    return { id: grant.id }
  },

  listGrants(context, { key: address, after, limit, id, grantee }) {
    const key = existingKey(context, address)
    return key.grantPage(
      after,
      limit,
      (grant) => (id === null || grant.id === id) && (grantee === null || grant.grantee === grantee),
    )
  },

  listRetirableGrants({ keys, retirable }, command) {
    // The grants of a key that is gone stay for a while, until they are let go of.
    return retirable.page(command, command.principal, command, (key) => keys.numbered(key.number) === key)
  },

  deleteGrant(context, { key: address, id, isDryRun }, step) {
    const key = existingKey(context, address)
    if (key.grant(id) === undefined) throw grantNotFound(id)
    if (!isDryRun) step.emit({ kind: EVENT.grantDeleted, key: key.number, id })
    return null
  },

  hasGrant({ keys }, { key, id }) {
    return keys.at(key)?.grant(id) !== undefined
  },
}

function saysTheSame({ createdAt: _createdAt, id: _id, ...there }: GrantRecord, grant: NewGrant): boolean {
  const { id: _newId, ...asked } = grant
  return haveSameContent(there, asked)
}
