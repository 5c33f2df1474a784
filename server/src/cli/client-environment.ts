import { type ClientAccess, clientVariables } from '../client-variables.ts'

export const SHELLS = ['sh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

/** Lines to paste into a shell, after which AWS clients started from it use the server. */
export function exportLines(access: ClientAccess, shell: Shell = 'sh'): string {
  const write = EXPORT[shell]
  return Object.entries(clientVariables(access))
    .map(([name, value]) => write(name, value))
    .join('\n')
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
