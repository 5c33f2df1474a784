import { arnOf } from '../arn.ts'
import { awsManagedPolicies } from '../aws-managed-policies.ts'
import type { CountedPolicy, EntityPage, IamCommand, IamReplies, PolicyUsage } from '../commands.ts'
import type { Holder, ManagedPolicy } from '../entities.ts'
import {
  isDefaultVersion,
  policyHasVersions,
  policyInUse,
  policyNameTaken,
  tooManyVersions,
  versionNotFound,
} from '../errors.ts'
import { POLICIES_MAX, VERSIONS_PER_POLICY_MAX } from '../limits.ts'
import { change, checkQuota, create, remove } from './change.ts'
import type { Decisions } from './context.ts'
import type { Directory } from './directory.ts'
import { findOwnPolicy, findUsablePolicy } from './find.ts'

export const policyDecisions: Decisions<
  | 'createPolicy'
  | 'getPolicy'
  | 'listPolicies'
  | 'deletePolicy'
  | 'createPolicyVersion'
  | 'deletePolicyVersion'
  | 'setDefaultVersion'
  | 'listUsesOfPolicy'
> = {
  createPolicy(context, { accountId, id, name, path, description, tags, policy }, step) {
    const { directory } = context
    if (directory.named('policy', accountId, name) !== undefined) throw policyNameTaken(name)
    checkQuota('PoliciesPerAccount', directory.count('policy', accountId), POLICIES_MAX)
    const createdAt = step.now
    return create(context, step, {
      ...{ type: 'policy', accountId, id, name, path, createdAt, updatedAt: createdAt, description, tags },
      ...{ versions: [{ number: 1, policy, createdAt }], defaultVersion: 1, nextVersion: 2 },
    })
  },

  getPolicy({ directory }, command) {
    return counted(directory, command.accountId, findUsablePolicy(directory, command))
  },

  listPolicies({ directory }, command) {
    return listPolicies(directory, command)
  },

  deletePolicy({ directory }, command, step) {
    const unit = findOwnPolicy(directory, command)
    for (const _holder of directory.holdersOf(command.arn, command.accountId)) throw policyInUse()
    if (unit.entity.versions.length > 1) throw policyHasVersions()
    return remove(step, unit)
  },

  createPolicyVersion({ directory }, command, step) {
    const unit = findOwnPolicy(directory, command)
    const { versions, nextVersion: number, defaultVersion } = unit.entity
    if (versions.length >= VERSIONS_PER_POLICY_MAX) throw tooManyVersions(VERSIONS_PER_POLICY_MAX)
    return change(step, unit, {
      versions: [...versions, { number, policy: command.policy, createdAt: step.now }],
      defaultVersion: command.isDefault ? number : defaultVersion,
      nextVersion: number + 1,
      updatedAt: step.now,
    })
  },

  deletePolicyVersion({ directory }, command, step) {
    const unit = findOwnPolicy(directory, command)
    const { versions, defaultVersion } = unit.entity
    checkVersion(unit.entity, command)
    if (command.version === defaultVersion) throw isDefaultVersion()
    change(step, unit, { versions: versions.filter(({ number }) => number !== command.version) })
    return null
  },

  setDefaultVersion({ directory }, command, step) {
    const unit = findOwnPolicy(directory, command)
    checkVersion(unit.entity, command)
    if (command.version === unit.entity.defaultVersion) return null
    change(step, unit, { defaultVersion: command.version, updatedAt: step.now })
    return null
  },

  listUsesOfPolicy({ directory }, command) {
    findUsablePolicy(directory, command)
    const uses: { readonly holder: Holder; readonly usage: PolicyUsage }[] = []
    for (const { entity } of directory.holdersOf(command.arn, command.accountId)) {
      if (isAttached(entity, command.arn)) uses.push({ holder: entity, usage: 'PermissionsPolicy' })
      if (isBoundary(entity, command.arn)) uses.push({ holder: entity, usage: 'PermissionsBoundary' })
    }
    const placeOf = ({ type, name }: Holder) => `${type}/${name.toLowerCase()}`
    return uses.sort((a, b) => (placeOf(a.holder) < placeOf(b.holder) ? -1 : 1))
  },
}

function checkVersion(
  { versions }: ManagedPolicy,
  command: IamCommand<'setDefaultVersion' | 'deletePolicyVersion'>,
) {
  if (versions.some(({ number }) => number === command.version)) return
  throw versionNotFound(command.arn, command.version)
}

/** The account's own come first, and then AWS's. */
function listPolicies(directory: Directory, command: IamCommand<'listPolicies'>): IamReplies['listPolicies'] {
  const { accountId, scope, limit, pathPrefix, onlyAttached, usage } = command
  const isFit = (policy: ManagedPolicy) => {
    if (!onlyAttached && usage === null) return true
    const { attachments, boundaries } = counted(directory, accountId, policy)
    const isUsed = usage === 'PermissionsBoundary' ? boundaries > 0 : attachments > 0
    return (!onlyAttached || attachments > 0) && (usage === null || isUsed)
  }
  const own: EntityPage<ManagedPolicy> =
    scope === 'AWS' || command.after.startsWith(AFTER_OWN)
      ? { entities: [], next: null }
      : directory.page('policy', command, isFit)
  const entities = [...own.entities]
  let { next } = own
  if (next === null && scope !== 'Local') {
    const after = command.after.startsWith(AFTER_OWN) ? command.after.slice(AFTER_OWN.length) : ''
    for (const policy of awsManagedPolicies().values()) {
      if (policy.name <= after || !policy.path.startsWith(pathPrefix) || !isFit(policy)) continue
      if (entities.length === limit) {
        // The page may have ended with the account's own.
        const last = entities.at(-1)!
        next = AFTER_OWN + (last.accountId === accountId ? '' : last.name)
        break
      }
      entities.push(policy)
    }
  }
  return { entities: entities.map((policy) => counted(directory, accountId, policy)), next }
}

/** No name begins with it. */
const AFTER_OWN = '/'

function counted(directory: Directory, accountId: string, policy: ManagedPolicy): CountedPolicy {
  const arn = arnOf('policy', policy)
  let [attachments, boundaries] = [0, 0]
  for (const { entity } of directory.holdersOf(arn, accountId)) {
    if (isAttached(entity, arn)) attachments++
    if (isBoundary(entity, arn)) boundaries++
  }
  return { policy, attachments, boundaries }
}

function isAttached({ attached }: Holder, arn: string): boolean {
  return attached.includes(arn)
}

function isBoundary(holder: Holder, arn: string): boolean {
  return holder.type !== 'group' && holder.boundary === arn
}
