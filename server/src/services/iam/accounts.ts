import { type ErrorShape, ServiceError } from '../../api/service-error.ts'
import { newAccountId } from './new-ids.ts'
import { makeKey } from './operations/access-keys.ts'
import { ask, type IamPorts } from './ports.ts'

/** Accounts beside the first, which AWS has no operation for outside of organizations: an operator makes them. */

const InvalidAccountName = {
  code: 'InvalidAccountName',
  status: 400,
  fault: 'client',
} as const satisfies ErrorShape

const NAME = /^[\w+=,.@ -]{1,64}$/

export interface MadeAccount {
  readonly name: string
  readonly accountId: string
  readonly rootKey: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** The secret of its root key is told this once. Throws a `ServiceError` for a name that can't be one, or that another has. */
export async function createAccount(
  ports: Pick<IamPorts, 'cell' | 'random' | 'sealer'>,
  name: string,
): Promise<MadeAccount> {
  if (!NAME.test(name)) {
    throw new ServiceError(
      InvalidAccountName,
      'The name of an account has 1 to 64 letters, digits, spaces, and characters of +=,.@_-',
    )
  }
  const accountId = newAccountId(ports.random)
  const { id, secret, sealedSecret } = makeKey(ports, accountId)
  await ask(ports, {
    ...{ service: 'iam', kind: 'createAccount', accountId, name, key: { id, sealedSecret } },
  } as const)
  return { name, accountId, rootKey: { accessKeyId: id, secretAccessKey: secret } }
}

export interface ListedAccount {
  readonly name: string
  readonly accountId: string
  readonly alias: string | null
  /** As ISO 8601 has it; null for the one that is there from the first start. */
  readonly createdAt: string | null
}

/** The one that the server was started with comes first. */
export async function listAccounts(
  ports: Pick<IamPorts, 'cell' | 'rootKey'>,
): Promise<readonly ListedAccount[]> {
  const { accountId } = ports.rootKey
  const made = await ask(ports, { service: 'iam', kind: 'listAccounts' })
  const first = await ask(ports, { service: 'iam', kind: 'getAccount', accountId })
  return [
    { name: 'root', accountId, alias: first?.alias ?? null, createdAt: null },
    ...made.map((account) => ({
      ...{ name: account.name ?? '', accountId: account.accountId, alias: account.alias },
      createdAt: new Date(account.createdAt).toISOString(),
    })),
  ]
}
