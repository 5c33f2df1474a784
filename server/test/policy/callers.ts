import type { Principal, User } from '../../src/policy/principal.ts'

export const HOME = '111122223333'
export const OTHER = '444455556666'

const ada: User = {
  kind: 'user',
  accountId: HOME,
  arn: `arn:aws:iam::${HOME}:user/ada`,
  id: 'AIDAADA0000000000001',
}

/** Those who ask in the tables of this folder. Queues and keys belong to HOME. */
export const CALLERS = {
  root: { kind: 'root', accountId: HOME, arn: `arn:aws:iam::${HOME}:root` },
  ada,
  /** A user with a path. */
  bob: {
    kind: 'user',
    accountId: HOME,
    arn: `arn:aws:iam::${HOME}:user/sales/bob`,
    id: 'AIDABOB0000000000001',
  },
  /** A session of the role `worker`. */
  worker: {
    kind: 'role session',
    accountId: HOME,
    arn: `arn:aws:sts::${HOME}:assumed-role/worker/shift-1`,
    roleArn: `arn:aws:iam::${HOME}:role/jobs/worker`,
    roleId: 'AROAWORKER0000000001',
  },
  /** A session that ada federated. */
  guest: {
    kind: 'federated user',
    accountId: HOME,
    arn: `arn:aws:sts::${HOME}:federated-user/guest`,
    user: ada,
  },
  /** A session that the account itself federated. */
  rootGuest: {
    kind: 'federated user',
    accountId: HOME,
    arn: `arn:aws:sts::${HOME}:federated-user/root-guest`,
    user: null,
  },
  otherRoot: { kind: 'root', accountId: OTHER, arn: `arn:aws:iam::${OTHER}:root` },
  eve: { kind: 'user', accountId: OTHER, arn: `arn:aws:iam::${OTHER}:user/eve`, id: 'AIDAEVE0000000000001' },
  otherWorker: {
    kind: 'role session',
    accountId: OTHER,
    arn: `arn:aws:sts::${OTHER}:assumed-role/worker/shift-1`,
    roleArn: `arn:aws:iam::${OTHER}:role/worker`,
    roleId: 'AROAOTHER00000000001',
  },
  sns: { kind: 'service', name: 'sns.amazonaws.com' },
  google: { kind: 'federated identity', provider: 'accounts.google.com' },
  anonymous: { kind: 'anonymous' },
} as const satisfies Readonly<Record<string, Principal>>

export type CallerName = keyof typeof CALLERS
