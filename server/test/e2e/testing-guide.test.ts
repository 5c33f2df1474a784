import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Runs the code of docs/guides/testing.md, as somebody who copied it would: needs a build. */
const GUIDE = fileURLToPath(new URL('../../../docs/guides/testing.md', import.meta.url))
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const run = promisify(execFile)

let directory: string
let names: readonly string[]
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-testing-guide-'))
  await symlink(MODULES, join(directory, 'node_modules'))
  await writeFile(join(directory, 'package.json'), '{"type":"module"}')
  const blocks = [...(await readFile(GUIDE, 'utf8')).matchAll(/```js\n\/\/ (\S+\.js)\n(.*?)```/gs)]
  names = blocks.map(([, name]) => name!)
  for (const [, name, code] of blocks) await writeFile(join(directory, name!), code!)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

async function runVitest(file: string, ...options: string[]): Promise<string> {
  const report = join(directory, 'report.json')
  const program = join(MODULES, 'vitest/vitest.mjs')
  const args = ['run', file, '--root', directory, '--reporter=json', `--outputFile=${report}`, ...options]
  await run(process.execPath, [program, ...args], { cwd: directory })
  const { numPassedTests, numTotalTests } = JSON.parse(await readFile(report, 'utf8'))
  return `${numPassedTests} of ${numTotalTests}`
}

test('the guide has a program and a test for each of three frameworks', () => {
  expect(names).toEqual([
    ...['first.js', 'parcels.js'],
    ...['parcels.vitest.test.js', 'parcels.jest.test.js', 'parcels.node.test.js'],
  ])
})

test('the first program runs and ends by itself', async () => {
  const { stdout } = await run(process.execPath, ['first.js'], { cwd: directory, timeout: 60_000 })
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+ \{\s+waiting: \[\],/)
})

test('the tests for Vitest pass', async () => {
  expect(await runVitest('parcels.vitest.test.js')).toBe('3 of 3')
})

test('the test for Jest passes where its globals are there', async () => {
  expect(await runVitest('parcels.jest.test.js', '--globals')).toBe('1 of 1')
})

test('the test for node:test passes', async () => {
  const { stdout } = await run(process.execPath, ['--test', 'parcels.node.test.js'], { cwd: directory })
  expect(stdout).toMatch(/(?:#|ℹ) pass 1\n/)
})
