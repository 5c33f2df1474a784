import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * The long form of the fuzz suite: `npm run fuzz -- --runs 100000`, from a seed that is drawn, or from `--seed`; of one property with `--only
 * NAME`, as a failure prints it. Ends with code 1 at a failure.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: 'string' },
  },
})
const root = fileURLToPath(new URL('../../../', import.meta.url))
const only = values.only === undefined ? [] : ['-t', values.only.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')]
console.log(`seed ${values.seed}, ${values.runs} runs of each property`)
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'server/test/fuzz', '--testTimeout', '86400000', ...only],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FUZZ_RUNS: values.runs, FUZZ_SEED: values.seed } },
)
process.exit(status ?? 1)
