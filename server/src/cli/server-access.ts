import { DEFAULT_REGION, isRegion } from '../auth/region.ts'
import { readRootKey } from '../auth/root-key-file.ts'
import { ROOT_ACCOUNT_ID } from '../auth/root-principal.ts'
import type { Config } from '../config/config.ts'
import { clientUrl } from './client-url.ts'

/** How a command reaches a running server, and as whom. */
export interface ServerAccess {
  /** Without a slash at the end. */
  readonly endpoint: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  readonly region: string
  /** The account that was asked for, or the first one. */
  readonly accountId: string
}

export interface AccessSources {
  readonly config: Config
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Whether a flag says where the server is: then the environment's word doesn't count. */
  readonly isNamed: boolean
  readonly region: string | undefined
  readonly account: string | undefined
}

/** There is no way to a server; the message says what to give. */
export class AccessError extends Error {
  override readonly name = 'AccessError'
}

/**
 * Finds the server that AWS clients would find after `millrace env`: the one that AWS_ENDPOINT_URL names, with the keys
 * beside it, or else the one of the settings, with the root key of its data directory. Keys of the environment are not
 * used without its endpoint: they are for somebody else's servers.
 */
export async function findServer(sources: AccessSources): Promise<ServerAccess> {
  const { config, environment, isNamed } = sources
  const region =
    sources.region ?? (environment.AWS_REGION || environment.AWS_DEFAULT_REGION || DEFAULT_REGION)
  if (!isRegion(region))
    throw new AccessError(`--region must be a region's name, like eu-west-1, not ${region}`)
  const accountId = sources.account ?? ROOT_ACCOUNT_ID
  if (!/^\d{12}$/.test(accountId)) {
    throw new AccessError(`--account must be an account's twelve digits, not ${accountId}`)
  }
  const named = isNamed
    ? undefined
    : environment.AWS_ENDPOINT_URL_SQS || environment.AWS_ENDPOINT_URL || undefined
  const key = named === undefined ? undefined : keyIn(environment)
  if (key === undefined && named === undefined && config.port === 0) {
    throw new AccessError(
      '--port 0 was chosen by the system when the server started; give the port that it printed',
    )
  }
  const endpoint = checkedUrl(named ?? clientUrl(config))
  return { endpoint, region, accountId, ...(key ?? (await keyOf(config, accountId))) }
}

type Key = Pick<ServerAccess, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

function keyIn(environment: AccessSources['environment']): Key | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, sessionToken: environment.AWS_SESSION_TOKEN || undefined }
}

async function keyOf(config: Config, accountId: string): Promise<Key> {
  // Without authentication the key id says which account is meant.
  if (!config.auth) return { accessKeyId: accountId, secretAccessKey: 'any', sessionToken: undefined }
  const pair = config.rootKey ?? (await readRootKey(config.dataDirectory))
  if (pair === undefined) {
    throw new AccessError(
      `there is no root key in ${config.dataDirectory}: give the server's directory as --data-dir, set AWS_ENDPOINT_URL, ` +
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (`millrace env` prints them), or say --auth off if the server does',
    )
  }
  return { accessKeyId: pair.accessKeyId, secretAccessKey: pair.secretKey, sessionToken: undefined }
}

function checkedUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new AccessError(`AWS_ENDPOINT_URL must be a URL like http://127.0.0.1:4566, not ${text}`)
  }
  return text.replace(/\/+$/, '')
}
