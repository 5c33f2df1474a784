import { policySize } from '../../../policy/read-policy.ts'
import type { HeldPolicy, IamCommand } from '../commands.ts'
import { defaultVersionOf, type Holder, type PolicyText, type TaggedHolder } from '../entities.ts'
import { inlinePoliciesTooLarge, inlinePolicyNotFound, mustFirst, policyNotFound } from '../errors.ts'
import { ATTACHED_POLICIES_MAX, INLINE_CHARACTERS_MAX, TAGS_MAX } from '../limits.ts'
import { change, checkQuota } from './change.ts'
import type { Decisions } from './context.ts'
import type { Directory } from './directory.ts'
import type { EntityUnit } from './entity-unit.ts'
import { checkUsable, findHolder, findUsablePolicy, groupsOf } from './find.ts'

/** What users, groups and roles have in common: policies attached and inline, and tags. */
export const holderDecisions: Decisions<
  | 'getHolder'
  | 'gatherPolicies'
  | 'attachPolicy'
  | 'detachPolicy'
  | 'putInlinePolicy'
  | 'deleteInlinePolicy'
  | 'tag'
  | 'untag'
> = {
  getHolder({ directory }, command) {
    return findHolder(directory, command).entity
  },

  gatherPolicies({ directory }, command) {
    const { entity } = findHolder(directory, command)
    const groups = entity.type === 'user' ? groupsOf(directory, entity) : []
    const boundary = entity.type === 'group' ? null : entity.boundary
    return {
      policies: [entity, ...groups].flatMap((holder) => policiesOf(directory, holder)),
      boundary: boundary === null ? null : managedPolicy(directory, command.accountId, boundary),
    }
  },

  attachPolicy({ directory }, command, step) {
    const unit = findHolder(directory, command)
    const { attached } = unit.entity
    checkUsable(directory, command.accountId, command.arn)
    if (attached.includes(command.arn)) return null
    checkQuota(`PoliciesPer${WORDS[command.type]}`, attached.length, ATTACHED_POLICIES_MAX)
    change(step, unit, { attached: [...attached, command.arn] })
    return null
  },

  detachPolicy({ directory }, command, step) {
    const unit = findHolder(directory, command)
    const { attached } = unit.entity
    if (!attached.includes(command.arn)) throw policyNotFound(command.arn)
    change(step, unit, { attached: attached.filter((arn) => arn !== command.arn) })
    return null
  },

  putInlinePolicy({ directory }, command, step) {
    const unit = findHolder(directory, command)
    const { type, name } = unit.entity
    const inline = { ...unit.entity.inline, [command.policyName]: command.policy }
    const max = INLINE_CHARACTERS_MAX[type]
    if (sizeOf(inline, type) > max) throw inlinePoliciesTooLarge(type, name, max)
    change(step, unit, { inline })
    return null
  },

  deleteInlinePolicy({ directory }, command, step) {
    const unit = findHolder(directory, command)
    const { [command.policyName]: removed, ...inline } = unit.entity.inline
    if (removed === undefined) throw inlinePolicyNotFound(command.type, command.policyName)
    change(step, unit, { inline })
    return null
  },

  tag({ directory }, command, step) {
    const unit = findTagged(directory, command)
    const added = new Set(Object.keys(command.tags).map((key) => key.toLowerCase()))
    // Keys are the same whatever their case; the one given last is kept.
    const kept = Object.entries(unit.entity.tags).filter(([key]) => !added.has(key.toLowerCase()))
    const tags = Object.fromEntries([...kept, ...Object.entries(command.tags)])
    checkQuota(`TagsPer${WORDS[command.type]}`, Object.keys(tags).length - 1, TAGS_MAX)
    change(step, unit, { tags })
    return null
  },

  untag({ directory }, command, step) {
    const unit = findTagged(directory, command)
    const removed = new Set(command.keys.map((key) => key.toLowerCase()))
    const kept = Object.entries(unit.entity.tags).filter(([key]) => !removed.has(key.toLowerCase()))
    if (kept.length < Object.keys(unit.entity.tags).length)
      change(step, unit, { tags: Object.fromEntries(kept) })
    return null
  },
}

function policiesOf(
  directory: Directory,
  { type, name, accountId, inline, attached }: Holder,
): readonly HeldPolicy[] {
  return [
    ...Object.entries(inline).map(
      ([policyName, { text }]) => ({ id: `${type}_${name}_${policyName}`, type, text, kind: type }) as const,
    ),
    ...attached.map((arn) => managedPolicy(directory, accountId, arn)),
  ]
}

function managedPolicy(directory: Directory, accountId: string, arn: string): HeldPolicy {
  const policy = findUsablePolicy(directory, { accountId, arn })
  const type = policy.accountId === accountId ? 'user-managed' : 'aws-managed'
  return { id: policy.name, type, text: defaultVersionOf(policy).policy.text, kind: 'managed' }
}

const WORDS = { user: 'User', group: 'Group', role: 'Role' } as const

/** Refuses to let one go that has policies. */
export function checkDeletable({ attached, inline }: Holder): void {
  if (attached.length > 0) throw mustFirst('detach all policies')
  if (Object.keys(inline).length > 0) throw mustFirst('delete policies')
}

/** No command is for tags of a group. */
function findTagged(directory: Directory, command: IamCommand<'tag' | 'untag'>): EntityUnit<TaggedHolder> {
  const unit = findHolder(directory, command)
  if (unit.entity.type === 'group') throw new Error('groups have no tags')
  return unit as EntityUnit<TaggedHolder>
}

function sizeOf(inline: Readonly<Record<string, PolicyText>>, type: Holder['type']): number {
  return Object.values(inline).reduce((sum, { text }) => sum + policySize(text, type), 0)
}
