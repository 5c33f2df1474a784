import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The Python that Debian's packages are made for, whatever else comes first in the path. */
const PYTHON = '/usr/bin/python3'
const INSTALL_WITHIN_MS = 240_000
/** How long apt-get waits for another one to finish. */
const LOCK_SECONDS = 180

/** A Python that has what was asked for, or why there is none. */
export type DebianPython =
  | { readonly python: string; readonly missing: null }
  | { readonly python: null; readonly missing: string }

/**
 * Debian's Python with these modules. Packages that are missing are installed, where that is possible: by root, with apt-get,
 * from wherever this machine has its packages from. What stands in the way otherwise is said in the test report, and comes back.
 */
export async function debianPython(
  modules: readonly string[],
  packages: readonly string[],
): Promise<DebianPython> {
  if (await imports(modules)) return { python: PYTHON, missing: null }
  const failure = await install(packages)
  if (failure === null && (await imports(modules))) return { python: PYTHON, missing: null }
  const missing = `${packages.join(', ')}: ${failure ?? 'installed, but not to be imported'}`
  console.warn(`skipped for want of ${missing}`)
  return { python: null, missing }
}

async function imports(modules: readonly string[]): Promise<boolean> {
  try {
    await run(PYTHON, ['-c', `import ${modules.join(', ')}`], { timeout: 60_000 })
    return true
  } catch {
    return false
  }
}

/** Null when the packages are installed, else why they are not. */
async function install(packages: readonly string[]): Promise<string | null> {
  if (!existsSync('/usr/bin/apt-get')) return 'there is no apt-get here'
  if (process.getuid?.() !== 0) return 'only root can install packages'
  const apt = (...args: string[]) =>
    run('apt-get', ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`, ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: INSTALL_WITHIN_MS,
      maxBuffer: 16 * 1024 * 1024,
    })
  const installAll = () => apt('install', '--yes', '--quiet', '--no-install-recommends', ...packages)
  try {
    await installAll()
    return null
  } catch {
    // Of a fresh machine the lists of packages are missing, and old ones name what is gone.
  }
  try {
    await apt('update', '--quiet')
    await installAll()
    return null
  } catch (error) {
    const [first = 'apt-get failed'] = (error as Error & { stderr?: string }).stderr?.split('\n') ?? []
    return first
  }
}
