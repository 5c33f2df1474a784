import type { CallerName } from '../callers.ts'

/**
 * `Principal` or `NotPrincipal` of one statement, and how it names each caller with an `Allow`: in the order of `NAMED`. `d` directly, `e` by the role or user
 * behind the session, `a` by the account, `-` not at all.
 */
export interface PrincipalRow {
  readonly name: string
  readonly element: { readonly Principal: unknown } | { readonly NotPrincipal: unknown }
  readonly effect: 'Allow' | 'Deny'
  readonly naming: string
}

/** root ada bob worker guest rootGuest | otherRoot eve otherWorker | sns google anonymous */
export const NAMED: readonly CallerName[] = [
  ...(['root', 'ada', 'bob', 'worker', 'guest', 'rootGuest'] as const),
  ...(['otherRoot', 'eve', 'otherWorker'] as const),
  ...(['sns', 'google', 'anonymous'] as const),
]

const allow = (name: string, Principal: unknown, naming: string): PrincipalRow => ({
  name,
  element: { Principal },
  effect: 'Allow',
  naming,
})
const allowNot = (name: string, NotPrincipal: unknown, naming: string): PrincipalRow => ({
  name,
  element: { NotPrincipal },
  effect: 'Allow',
  naming,
})
/** A `Deny` denies whoever it names, in whichever way: `d` for all of them. */
const denyNot = (name: string, NotPrincipal: unknown, naming: string): PrincipalRow => ({
  name,
  element: { NotPrincipal },
  effect: 'Deny',
  naming,
})

const ROOT = 'arn:aws:iam::111122223333:root'
const ADA = 'arn:aws:iam::111122223333:user/ada'
const WORKER = 'arn:aws:iam::111122223333:role/jobs/worker'
const SHIFT = 'arn:aws:sts::111122223333:assumed-role/worker/shift-1'
const GUEST = 'arn:aws:sts::111122223333:federated-user/guest'

export const PRINCIPAL_ROWS: readonly PrincipalRow[] = [
  allow('everyone', '*', 'dddddd ddd ddd'),
  allow('everyone, as AWS', { AWS: '*' }, 'dddddd ddd ddd'),
  allow('everyone, in a list', { AWS: ['444455556666', '*'] }, 'dddddd ddd ddd'),
  allow('an account by its number', { AWS: '111122223333' }, 'daaaae --- ---'),
  allow('an account by its root', { AWS: ROOT }, 'daaaae --- ---'),
  allow('another account', { AWS: '444455556666' }, '------ daa ---'),
  allow('two accounts', { AWS: ['111122223333', '444455556666'] }, 'daaaae daa ---'),
  allow('a user', { AWS: ADA }, '-d--e- --- ---'),
  allow('a user by the unique id', { AWS: 'AIDAADA0000000000001' }, '-d--e- --- ---'),
  allow('a user with a path', { AWS: 'arn:aws:iam::111122223333:user/sales/bob' }, '--d--- --- ---'),
  allow('a user whose path was left out', { AWS: 'arn:aws:iam::111122223333:user/bob' }, '------ --- ---'),
  allow('users tell case apart', { AWS: 'arn:aws:iam::111122223333:user/Ada' }, '------ --- ---'),
  allow('a user of the same name elsewhere', { AWS: 'arn:aws:iam::444455556666:user/ada' }, '------ --- ---'),
  allow('a user and the account', { AWS: [ADA, ROOT] }, 'ddaaee --- ---'),
  allow('a role', { AWS: WORKER }, '---e-- --- ---'),
  allow('a role by the unique id', { AWS: 'AROAWORKER0000000001' }, '---e-- --- ---'),
  allow('a session of a role', { AWS: SHIFT }, '---d-- --- ---'),
  allow('another session of the role', { AWS: SHIFT.replace('-1', '-2') }, '------ --- ---'),
  allow('a role and its session', { AWS: [WORKER, SHIFT] }, '---d-- --- ---'),
  allow('a federated user', { AWS: GUEST }, '----d- --- ---'),
  allow('a service', { Service: 'sns.amazonaws.com' }, '------ --- d--'),
  allow('another service', { Service: 's3.amazonaws.com' }, '------ --- ---'),
  allow('several services', { Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] }, '------ --- d--'),
  allow('an identity provider', { Federated: 'accounts.google.com' }, '------ --- -d-'),
  allow('another identity provider', { Federated: 'www.amazon.com' }, '------ --- ---'),
  allow('a user and a service', { AWS: ADA, Service: 'sns.amazonaws.com' }, '-d--e- --- d--'),
  allow('a canonical user', { CanonicalUser: 'a'.repeat(64) }, '------ --- ---'),
  allowNot('all but an account', { AWS: ROOT }, '------ ddd ddd'),
  allowNot('all but a user', { AWS: ADA }, 'd-dd-d ddd ddd'),
  allowNot('all but a role', { AWS: WORKER }, 'ddd-dd ddd ddd'),
  allowNot('all but a service', { Service: 'sns.amazonaws.com' }, 'dddddd ddd -dd'),
  allowNot('all but everyone', '*', '------ --- ---'),
  denyNot('all but a user, without the account', { AWS: ADA }, 'dddddd ddd ddd'),
  denyNot('all but a user, with the account', { AWS: [ADA, ROOT] }, '--dddd ddd ddd'),
  denyNot('all but an account alone', { AWS: ROOT }, '-ddddd ddd ddd'),
  denyNot('all but a session, with role and account', { AWS: [SHIFT, WORKER, ROOT] }, '-dd-dd ddd ddd'),
  denyNot('all but a session, without the role', { AWS: [SHIFT, ROOT] }, '-ddddd ddd ddd'),
  denyNot('all but a role, without the session', { AWS: [WORKER, ROOT] }, '-ddddd ddd ddd'),
  denyNot('all but a federated user, with user and account', { AWS: [GUEST, ADA, ROOT] }, '--dd-d ddd ddd'),
  denyNot('all but a federated user, without the account', { AWS: [GUEST, ADA] }, 'dddddd ddd ddd'),
  denyNot('all but a service', { Service: 'sns.amazonaws.com' }, 'dddddd ddd -dd'),
  denyNot('all but an identity provider', { Federated: 'accounts.google.com' }, 'dddddd ddd d-d'),
  denyNot('all but everyone', { AWS: '*' }, '------ --- ---'),
]
