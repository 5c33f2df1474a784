// Installs the packages of package-lock.json, if they are not there already.
//
// npm writes down what it installed in node_modules/.package-lock.json. That is compared with the lock file by content,
// not by age: a fresh clone, a restored cache and a switch of branches all leave times that say nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's root directory. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * What is missing or of another version, as package paths; empty when everything the lock file wants is installed.
 * Packages for other platforms are optional and are never counted.
 */
export function missingPackages(lock, installed) {
  return Object.entries(lock.packages)
    .filter(
      ([path, wanted]) => path !== '' && !wanted.optional && !isAsWanted(wanted, installed.packages[path]),
    )
    .map(([path]) => path)
}

function isAsWanted(wanted, found) {
  return found !== undefined && found.version === wanted.version && found.integrity === wanted.integrity
}

/** Brings node_modules in line with package-lock.json. Ends the process with npm's exit code if npm fails. */
export function install() {
  const record = join(ROOT, 'node_modules', '.package-lock.json')
  if (existsSync(record)) {
    const missing = missingPackages(readJson(join(ROOT, 'package-lock.json')), readJson(record))
    if (missing.length === 0) return
    console.log(`${missing.length} packages are missing or out of date, ${missing[0]} for one.`)
  }
  console.log('Installing packages (npm ci) ...')
  // No package here needs its install script: native parts come as optional packages, one for each platform.
  const exitCode = npm('ci', '--ignore-scripts', '--no-audit', '--no-fund')
  if (exitCode !== 0) process.exit(exitCode)
}

/** Runs npm, the very one that runs this script if there is one. Returns its exit code; 1 if a signal ended it. */
export function npm(...args) {
  const path = process.env.npm_execpath
  const [command, prefix] = path?.endsWith('.js') ? [process.execPath, [path]] : ['npm', []]
  const { status, error } = spawnSync(command, [...prefix, ...args], { cwd: ROOT, stdio: 'inherit' })
  if (error) console.error(`npm could not be started: ${error.message}`)
  return status ?? 1
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

const [, program = ''] = process.argv
if (program !== '' && realpathSync(program) === fileURLToPath(import.meta.url)) install()
