import { isIPv6 } from 'node:net'

export const SHELLS = ['sh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

/** What AWS clients read from their environment to find a server. */
export interface ClientAccess {
  readonly url: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** Lines to paste into a shell, after which AWS clients started from it use the server. */
export function exportLines(
  { url, accessKeyId, secretAccessKey }: ClientAccess,
  shell: Shell = 'sh',
): string {
  const variables = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'us-east-1',
    // boto3 and version 1 of the AWS CLI look for this name only.
    AWS_DEFAULT_REGION: 'us-east-1',
  }
  const write = EXPORT[shell]
  return Object.entries(variables)
    .map(([name, value]) => write(name, value))
    .join('\n')
}

/** The URL by which clients on this machine reach a server that listens on `host`, which may stand for all addresses. */
export function clientUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`
  if (host === '::') return `http://[::1]:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

const EXPORT: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  sh: (name, value) => `export ${name}=${quoteForSh(value)}`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, '\\$&')}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
}

/** Quotes only where it must, so that the usual line reads well. */
function quoteForSh(value: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
}
