import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Compiles what is measured or measures to plain JavaScript, as the server itself is shipped: what runs TypeScript
 * directly wraps functions, and would be measured too.
 */
export function buildBench(): void {
  const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url))
  const project = fileURLToPath(new URL('../tsconfig.build.json', import.meta.url))
  const build = spawnSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8' })
  if (build.status !== 0) throw new Error(`the benchmark does not compile:\n${build.stdout}${build.stderr}`)
}
