import { readFileSync } from 'node:fs'

/** The version in package.json, which stands as far from the sources as from what is built of them. */
export function readVersion(): string {
  const content: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  if (typeof content !== 'object' || content === null || !('version' in content)) return 'unknown'
  return String(content.version)
}
