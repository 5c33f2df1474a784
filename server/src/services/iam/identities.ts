import { Buffer } from 'node:buffer'
import type { AccessKey, KeyUse } from '../../api/access-key.ts'
import { type Identity, rootIdentity } from '../../api/identity.ts'
import { recovering } from '../../api/service-unavailable.ts'
import type { Sealer } from '../../base/sealer.ts'
import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { CompiledPolicy } from '../../policy/compile-policy.ts'
import type { Caller as PolicyCaller } from '../../policy/evaluate.ts'
import type { Principal, User as UserPrincipal } from '../../policy/principal.ts'
import { arnOf } from './arn.ts'
import { compiledPolicy } from './compiled-policies.ts'
import {
  defaultVersionOf,
  type PolicyText,
  type Role,
  type StoredKey,
  type Tags,
  type User,
} from './entities.ts'
import type { LastUses } from './last-uses.ts'
import { OPEN_SESSIONS_MAX } from './limits.ts'
import { secretContext } from './secret-context.ts'
import { decodeSession, type Session } from './session.ts'
import type { SessionTokens } from './session-tokens.ts'
import type { Directory } from './state/directory.ts'
import { groupsOf, usablePolicy } from './state/find.ts'

export interface IdentitiesOptions {
  /** What there is now; null while it's being recovered. */
  readonly directory: () => Directory | null
  readonly sealer: Sealer
  readonly tokens: SessionTokens
  readonly lastUses: LastUses
  readonly rootKey: RootKeyName
  /** Told of a key whose secret can't be opened. */
  readonly report: (error: Error) => void
}

/** The access key that the server was started with, which IAM doesn't keep. */
export interface RootKeyName {
  readonly accountId: string
  readonly accessKeyId: string
}

/** A key that was looked up, and what of the directory that was by. */
interface KnownKey {
  /** Null where there is nobody any more whom it speaks for. */
  readonly accessKey: AccessKey | null
  readonly version: number
  readonly stored: StoredKey | null
  readonly session: Session | null
}

/**
 * Who is who, as it is now: a view of the state that's read without waiting. A key, user or role that is gone, or a key that was made inactive,
 * is so for the next request.
 */
export class Identities {
  readonly #options: IdentitiesOptions
  /** Keys of users and of root users, by their ids. */
  readonly #keys = new Map<string, KnownKey>()
  /** By their tokens. */
  readonly #sessions = new TwoGenerationCache<KnownKey>(OPEN_SESSIONS_MAX)

  constructor(options: IdentitiesOptions) {
    this.#options = options
  }

  get directory(): Directory {
    const directory = this.#options.directory()
    if (directory === null) throw recovering()
    return directory
  }

  /** Undefined for a key that there is not, or that is inactive, or whose owner is gone. Whether a session has expired isn't looked at. */
  find(accessKeyId: string, sessionToken: string | undefined): AccessKey | undefined {
    const longTerm = this.#findKey(accessKeyId)
    if (longTerm !== undefined || sessionToken === undefined) return longTerm
    return this.#findSession(accessKeyId, sessionToken)
  }

  noteUse({ accessKeyId, identity }: AccessKey, use: KeyUse): void {
    const { principal } = identity
    this.#options.lastUses.note(principal.kind === 'role session' ? principal.roleId : accessKeyId, use)
  }

  /** The account of a long-term key that is kept here, active or not. */
  accountOfKey(accessKeyId: string): string | undefined {
    const { rootKey } = this.#options
    if (accessKeyId === rootKey.accessKeyId) return rootKey.accountId
    return this.directory.key(accessKeyId)?.unit.entity.accountId
  }

  #findKey(id: string): AccessKey | undefined {
    const { directory } = this
    const known = this.#keys.get(id)
    if (known?.version === directory.version) return known.accessKey ?? undefined
    const found = directory.key(id)
    if (found === undefined || !found.key.isActive) {
      this.#keys.delete(id)
      return undefined
    }
    const { entity } = found.unit
    const accountId = entity.accountId
    const names = entity.type === 'user' ? namesOfUser(entity) : namesOfRoot(accountId)
    let accessKey = known?.stored === found.key ? known.accessKey : null
    if (accessKey?.principalArn !== names.principalArn) {
      const secretKey = this.#openSecret(found.key)
      if (secretKey === null) return undefined
      const identity =
        entity.type === 'user'
          ? new HolderIdentity(() => this.directory, entity.id, userPrincipal(entity), null)
          : rootIdentity(accountId)
      accessKey = { accessKeyId: id, secretKey, accountId, ...names, identity }
    }
    this.#keys.set(id, { accessKey, version: directory.version, stored: found.key, session: null })
    return accessKey
  }

  #openSecret(key: StoredKey): string | null {
    const secret = this.#options.sealer.open(key.sealedSecret, secretContext(key.id))
    if (secret !== null) return Buffer.from(secret).toString()
    this.#options.report(
      new Error(`the secret of access key ${key.id} can't be opened: it was sealed under another key`),
    )
    return null
  }

  #findSession(accessKeyId: string, token: string): AccessKey | undefined {
    const { directory } = this
    const known = this.#sessions.get(token)
    const session = known?.session ?? this.#openSession(token)
    if (session === undefined || session.accessKeyId !== accessKeyId) return undefined
    if (known?.version === directory.version) return known.accessKey ?? undefined
    const accessKey = this.#keyOf(session, token, known?.accessKey ?? null)
    this.#sessions.set(token, { accessKey, version: directory.version, stored: null, session })
    return accessKey ?? undefined
  }

  #openSession(token: string): Session | undefined {
    const content = this.#options.tokens.decode(token)
    return content === null ? undefined : decodeSession(content)
  }

  /** `known` is the one before, which is still good if nobody's name has changed. Null if whom the session is of is gone. */
  #keyOf(session: Session, token: string, known: AccessKey | null): AccessKey | null {
    const names = this.#namesOf(session)
    if (names === null) return null
    if (known?.principalArn === names.principalArn) return known
    const { accessKeyId, secretKey, accountId, expiresAt } = session
    const identity = this.#identityOf(session, names.principalArn)
    return { accessKeyId, secretKey, accountId, ...names, identity, session: { token, expiresAt } }
  }

  #namesOf({ kind, accountId, ownerId, name }: Session): KeyNames | null {
    const owner = this.directory.withId(ownerId)?.entity
    const isOfRoot = ownerId === accountId
    switch (kind) {
      case 'role':
        if (owner?.type !== 'role') return null
        return {
          userId: `${ownerId}:${name}`,
          principalArn: `arn:aws:sts::${accountId}:assumed-role/${owner.name}/${name}`,
        }
      case 'user':
        if (owner?.type === 'user') return namesOfUser(owner)
        return isOfRoot ? namesOfRoot(accountId) : null
      case 'federated user':
        if (owner?.type !== 'user' && !isOfRoot) return null
        return {
          userId: `${accountId}:${name}`,
          principalArn: `arn:aws:sts::${accountId}:federated-user/${name}`,
        }
      default:
        return kind satisfies never
    }
  }

  #identityOf(session: Session, arn: string): Identity {
    const { kind, accountId, ownerId } = session
    const owner = this.directory.withId(ownerId)?.entity
    const principal = ((): Principal => {
      if (kind === 'federated user') {
        return { kind, accountId, arn, user: owner?.type === 'user' ? userPrincipal(owner) : null }
      }
      if (owner?.type === 'user') return userPrincipal(owner)
      if (owner?.type !== 'role') return { kind: 'root', accountId, arn }
      return { kind: 'role session', accountId, arn, roleArn: arnOf('role', owner), roleId: ownerId }
    })()
    return new HolderIdentity(() => this.directory, ownerId, principal, session)
  }
}

type KeyNames = Pick<AccessKey, 'userId' | 'principalArn'>

function namesOfUser(user: User): KeyNames {
  return { userId: user.id, principalArn: arnOf('user', user) }
}

function namesOfRoot(accountId: string): KeyNames {
  return { userId: accountId, principalArn: `arn:aws:iam::${accountId}:root` }
}

function userPrincipal(user: User): UserPrincipal {
  return { kind: 'user', accountId: user.accountId, arn: arnOf('user', user), id: user.id }
}

/** A user or role, or a session of one, or of a root user. Policies and tags are read from the state each time that it has changed. */
class HolderIdentity implements Identity {
  readonly principal: Principal
  readonly session: Identity['session']
  readonly #directory: () => Directory
  readonly #ownerId: string
  readonly #passed: Session['passed'] | null
  readonly #passedPolicy: PolicyText | null
  #permissions: PolicyCaller | null = null
  #version = -1

  constructor(directory: () => Directory, ownerId: string, principal: Principal, session: Session | null) {
    this.principal = principal
    this.#directory = directory
    this.#ownerId = ownerId
    this.#passed = session?.passed ?? null
    const policy = session?.passed.policy ?? null
    this.#passedPolicy = policy === null ? null : { text: policy }
    this.session = session && factsOf(session)
  }

  tags(): Tags {
    const owner = this.#owner
    const passed = this.#passed?.tags ?? {}
    const replaced = new Set(Object.keys(passed).map((key) => key.toLowerCase()))
    const own = Object.entries(owner?.tags ?? {}).filter(([key]) => !replaced.has(key.toLowerCase()))
    return { ...Object.fromEntries(own), ...passed }
  }

  permissions(): PolicyCaller {
    const directory = this.#directory()
    if (this.#permissions === null || this.#version !== directory.version) {
      this.#permissions = this.#gather(directory)
      this.#version = directory.version
    }
    return this.#permissions
  }

  get #owner(): User | Role | null {
    const owner = this.#directory().withId(this.#ownerId)?.entity
    return owner?.type === 'user' || owner?.type === 'role' ? owner : null
  }

  #gather(directory: Directory): PolicyCaller {
    const owner = this.#owner
    const { accountId } = this.principal as { readonly accountId: string }
    const boundary = owner?.boundary ?? null
    return {
      principal: this.principal,
      identityPolicies: owner === null ? [] : policiesOf(directory, owner),
      boundary: boundary === null ? null : managedPolicy(directory, accountId, boundary),
      sessionPolicies: this.#sessionPolicies(directory, accountId),
    }
  }

  /** Null where none were passed. */
  #sessionPolicies(directory: Directory, accountId: string): readonly CompiledPolicy[] | null {
    const arns = this.#passed?.policyArns ?? []
    if (this.#passedPolicy === null && arns.length === 0) return null
    const own = this.#passedPolicy === null ? [] : [compiledPolicy(this.#passedPolicy, 'session')]
    // A managed policy that is gone allows nothing any more.
    return [...own, ...arns.map((arn) => managedPolicy(directory, accountId, arn))]
  }
}

function factsOf({ kind, issuedAt, expiresAt, passed, sourceIdentity }: Session): Identity['session'] {
  const isTransitive = new Set(passed.transitiveTagKeys.map((key) => key.toLowerCase()))
  const transitive = Object.entries(passed.tags).filter(([key]) => isTransitive.has(key.toLowerCase()))
  return { kind, issuedAt, expiresAt, transitiveTags: Object.fromEntries(transitive), sourceIdentity }
}

/** Those of the user and its groups, or of the role. */
function policiesOf(directory: Directory, owner: User | Role): readonly CompiledPolicy[] {
  const groups = owner.type === 'role' ? [] : groupsOf(directory, owner)
  return [owner, ...groups].flatMap(({ type, accountId, inline, attached }) => [
    ...Object.values(inline).map((policy) => compiledPolicy(policy, type)),
    ...attached.map((arn) => managedPolicy(directory, accountId, arn)),
  ])
}

const ALLOWS_NOTHING: CompiledPolicy = { ask: () => null }

function managedPolicy(directory: Directory, accountId: string, arn: string): CompiledPolicy {
  const policy = usablePolicy(directory, { accountId, arn })
  return policy === undefined ? ALLOWS_NOTHING : compiledPolicy(defaultVersionOf(policy).policy, 'managed')
}
