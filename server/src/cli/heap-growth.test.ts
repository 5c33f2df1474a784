import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('V8 knows the flag', () => {
  const module = new URL('./heap-growth.ts', import.meta.url).href
  const script = `import { letHeapGrow } from '${module}'; letHeapGrow()`
  const args = ['--import', 'tsx', '--input-type=module', '-e', script]
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  // Of a flag that it does not know it complains there, and goes on.
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})
