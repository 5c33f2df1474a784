// `npm test`: installs what is missing, then builds, checks types and style, and runs every test. Goes on after a failure,
// so that one run shows them all. Arguments go to vitest: `npm test -- server/src/journal`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install, npm, ROOT } from './install.mjs'
import { BROWSER_SUITE, installBrowser } from './install-browser.mjs'
import { summarize } from './test-summary.mjs'

const patterns = process.argv.slice(2)
install()
// As vitest takes them: a file is run if its path contains one of them.
if (patterns.length === 0 || patterns.some((pattern) => BROWSER_SUITE.includes(pattern))) installBrowser()

const stages = ['build', 'types', 'style'].map((name) => {
  console.log(`== ${name}`)
  return { name, ok: npm('run', '--silent', name) === 0 }
})
const { lines, failed } = summarize(stages, runVitest(patterns))
console.log(`\n${lines.join('\n')}`)
process.exitCode = failed === 0 ? 0 : 1

function runVitest(args) {
  console.log('== tests')
  const directory = mkdtempSync(join(tmpdir(), 'millrace-test-report-'))
  const file = join(directory, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const program = 'node_modules/vitest/vitest.mjs'
    const { status } = spawnSync(process.execPath, [program, 'run', ...reporters, ...args], {
      cwd: ROOT,
      stdio: 'inherit',
    })
    return { exitCode: status ?? 1, report: readReport(file) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // vitest was killed or could not start: the summary says so.
    return null
  }
}
