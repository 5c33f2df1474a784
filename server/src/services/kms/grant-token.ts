import { decodePageToken, encodePageToken } from '../../api/page-token.ts'
import { isJsonObject, parseJsonObject } from '../../base/json-object.ts'
import type { KeyAddress } from './commands.ts'
import { invalidGrantToken } from './errors.ts'
import { ask, type KmsPorts } from './ports.ts'

const LIST = ['kms', 'grant token']

interface GrantReference {
  readonly key: KeyAddress
  readonly id: string
}

/** A grant's token, as clients carry it: it says which grant it is, and nobody else can make one. */
export function encodeGrantToken({ tokenKey }: Pick<KmsPorts, 'tokenKey'>, grant: GrantReference): string {
  return encodePageToken(tokenKey, LIST, JSON.stringify(grant))
}

/** The grant that a token stands for, be it still there or not. Refused for what is no token. */
export function decodeGrantToken({ tokenKey }: Pick<KmsPorts, 'tokenKey'>, token: string): GrantReference {
  const text = decodePageToken(tokenKey, LIST, token)
  const grant = text === null ? null : parseJsonObject(text)
  if (grant === null || !isJsonObject(grant.key)) throw invalidGrantToken()
  // Nobody else has the key, so it's what was encoded here.
  return grant as unknown as GrantReference
}

/** Refuses tokens that are none, or whose grants are gone. */
export async function checkGrantTokens(
  ports: Pick<KmsPorts, 'cell' | 'tokenKey'>,
  tokens: readonly string[] = [],
): Promise<void> {
  for (const token of tokens) {
    const { key, id } = decodeGrantToken(ports, token)
    const isThere = await ask(ports, { service: 'kms', kind: 'hasGrant', key, id })
    if (!isThere) throw invalidGrantToken()
  }
}
