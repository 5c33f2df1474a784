import { Buffer } from 'node:buffer'
import type {
  CreateAccessKeyRequest,
  CreateAccessKeyResponse,
  DeleteAccessKeyRequest,
  GetAccessKeyLastUsedRequest,
  GetAccessKeyLastUsedResponse,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  UpdateAccessKeyRequest,
} from '../../../api/generated/iam.ts'
import { type Caller, operation } from '../../../api/operation.ts'
import { callingUser } from '../calling-user.ts'
import type { KeyOwner } from '../commands.ts'
import { invalidInput, keyNotFound, validationError } from '../errors.ts'
import { newAccessKeyId, newSecretKey } from '../new-ids.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { secretContext } from '../secret-context.ts'

export const createAccessKey = (ports: IamPorts) =>
  operation<CreateAccessKeyRequest, CreateAccessKeyResponse>('CreateAccessKey', async (input, { caller }) => {
    const owner = ownerOf(input.UserName, caller)
    const { id, secret, sealedSecret } = makeKey(ports, owner.accountId)
    const keysElsewhere = hasRootKey(ports, owner) ? 1 : 0
    const key = await ask(ports, {
      service: 'iam',
      kind: 'createKey',
      ...owner,
      id,
      sealedSecret,
      keysElsewhere,
    })
    return {
      AccessKey: {
        ...{ ...nameOf(owner), AccessKeyId: id, Status: 'Active', SecretAccessKey: secret },
        CreateDate: key.createdAt,
      },
    }
  })

export const listAccessKeys = (ports: IamPorts) =>
  operation<ListAccessKeysRequest, ListAccessKeysResponse>('ListAccessKeys', async (input, { caller }) => {
    const owner = ownerOf(input.UserName, caller)
    const pages = pagesOf(ports, ['ListAccessKeys', owner.accountId, owner.user ?? ''], input)
    const kept = await ask(ports, { service: 'iam', kind: 'listKeys', ...owner })
    const keys = kept.map(({ id, isActive, createdAt }) => ({
      ...{ ...nameOf(owner), AccessKeyId: id, Status: isActive ? 'Active' : 'Inactive' },
      CreateDate: createdAt,
    }))
    const root = { AccessKeyId: ports.rootKey.accessKeyId, Status: 'Active' }
    const { page, end } = pageOfAll(hasRootKey(ports, owner) ? [root, ...keys] : keys, pages)
    return { AccessKeyMetadata: page, ...end }
  })

export const updateAccessKey = (ports: IamPorts) =>
  operation<UpdateAccessKeyRequest, object>('UpdateAccessKey', async (input, { caller }) => {
    const owner = ownerOf(input.UserName, caller)
    if (input.Status === 'Expired') {
      throw validationError('Access keys can be set to Active or Inactive, and become Expired by themselves.')
    }
    const id = input.AccessKeyId
    refuseRootKey(ports, owner, id)
    await ask(ports, {
      service: 'iam',
      kind: 'setKeyActive',
      ...owner,
      id,
      isActive: input.Status === 'Active',
    })
    return {}
  })

export const deleteAccessKey = (ports: IamPorts) =>
  operation<DeleteAccessKeyRequest, object>('DeleteAccessKey', async (input, { caller }) => {
    const owner = ownerOf(input.UserName, caller)
    const id = input.AccessKeyId
    refuseRootKey(ports, owner, id)
    await ask(ports, { service: 'iam', kind: 'deleteKey', ...owner, id })
    return {}
  })

export const getAccessKeyLastUsed = (ports: IamPorts) =>
  operation<GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse>(
    'GetAccessKeyLastUsed',
    async (input, { caller }) => {
      const id = input.AccessKeyId
      const { rootKey } = ports
      const found =
        id === rootKey.accessKeyId
          ? { accountId: rootKey.accountId, userName: null, lastUse: null }
          : await ask(ports, { service: 'iam', kind: 'findKey', id })
      if (found === null || found.accountId !== caller.accountId) throw keyNotFound(id)
      const lastUse = ports.lastUses.latest(id, found.lastUse)
      return {
        ...(found.userName !== null && { UserName: found.userName }),
        AccessKeyLastUsed:
          lastUse === null
            ? { ServiceName: 'N/A', Region: 'N/A' }
            : { LastUsedDate: lastUse.at, ServiceName: lastUse.service, Region: lastUse.region },
      }
    },
  )

/** A key that nobody has yet. */
export function makeKey(
  { random, sealer }: Pick<IamPorts, 'random' | 'sealer'>,
  accountId: string,
): { readonly id: string; readonly secret: string; readonly sealedSecret: Uint8Array } {
  const id = newAccessKeyId(random, 'AKIA', accountId)
  const secret = newSecretKey(random)
  return { id, secret, sealedSecret: sealer.seal(Buffer.from(secret), secretContext(id)) }
}

function ownerOf(userName: string | undefined, caller: Caller): KeyOwner {
  return { accountId: caller.accountId, user: userName ?? callingUser(caller) }
}

/** The root user has no name. */
function nameOf({ user }: KeyOwner): { readonly UserName: string } {
  return (user === null ? {} : { UserName: user }) as { readonly UserName: string }
}

/** Whether the owner has the key that the server was started with. */
function hasRootKey({ rootKey }: IamPorts, { accountId, user }: KeyOwner): boolean {
  return user === null && accountId === rootKey.accountId
}

function refuseRootKey(ports: IamPorts, owner: KeyOwner, id: string): void {
  if (hasRootKey(ports, owner) && id === ports.rootKey.accessKeyId) {
    throw invalidInput("The root key that the server was started with is changed in the server's settings.")
  }
}
