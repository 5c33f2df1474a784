// Installs Chromium for the tests of the web console, where apt-get can do it and there is none.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where distributions put a browser that the tests can drive. */
export const BROWSER_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The test that needs it. */
export const BROWSER_SUITE = 'server/test/e2e/console.test.ts'

/** Leaves a machine that can't be helped as it is: the tests then say what they miss, and are skipped. */
export function installBrowser() {
  if (BROWSER_PLACES.some((path) => existsSync(path))) return
  const isRoot = process.getuid?.() === 0
  const [command, ...prefix] = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  if (spawnSync(command, [...prefix, '--version']).status !== 0) return
  console.log('Installing Chromium for the tests of the web console (apt-get) ...')
  const run = (...args) =>
    spawnSync(command, [...prefix, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  if (!run('update') || !run('install', '-y', '--no-install-recommends', 'chromium')) {
    console.error('Chromium could not be installed; see above.')
  }
}
