import * as fs from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Another process, or this one, already works on the directory; the message says which. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError'
}

export interface DirectoryLock {
  /** Lets the next process in. */
  release(): Promise<void>
}

/** Who holds a lock. What the system does not tell is an empty string. */
interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process was started, in the kernel's ticks since boot: the next process with this pid has another. */
  readonly started: string
  /** The kernel's id of its present run. */
  readonly boot: string
}

/** A claim is a lock file before it has its number. */
const CLAIM_PREFIX = 'lock-claim-'

/** How often an attempt that others disturbed is made again; each disturbance means that another process got further. */
const ATTEMPTS_MAX = 1000

/**
 * Locks a directory that exists for this process, or throws `DirectoryInUseError`. A lock whose process is dead, killed
 * without a chance to release it, is taken over.
 *
 * Locks are numbered: `lock.1`, `lock.2` and so on, and the highest number says who has the directory.
 *
 * ```
 *   highest is lock.7 ── its owner lives ──▶ refuse
 *          │ empty (released), or its owner is dead
 *          ▼
 *   link(claim, lock.8) ── exists: somebody was faster ──▶ look again
 *          │
 *   still the highest? ── no ──▶ withdraw it, look again
 *          │ yes
 *   locked; lock.6 and older are removed
 * ```
 *
 * `link` succeeds for one process only, and nothing is ever taken away from under a living owner: the highest number
 * stays when it is released, and the one before it is kept too, so that whoever looked a moment ago finds the number that
 * it would take already taken.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const owner = await thisProcess()
  const claim = join(directory, `${CLAIM_PREFIX}${owner.host}-${owner.pid}-${nextClaim++}`)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    await fs.writeFile(claim, JSON.stringify(owner), { mode: 0o600 })
    try {
      const path = await tryToLock(directory, claim)
      if (path !== null) return { release: () => fs.truncate(path) }
    } finally {
      await fs.rm(claim, { force: true })
    }
  }
  throw new DirectoryInUseError(`${directory} could not be locked: other processes keep locking it`)
}

/** Two locks asked for at once in one process must not write the same file. */
let nextClaim = 0

/** The path of the lock that is ours now, or null if others moved meanwhile. */
async function tryToLock(directory: string, claim: string): Promise<string | null> {
  const highest = await highestLock(directory)
  if (highest > 0 && !(await isFree(directory, highest))) return null
  const path = join(directory, `lock.${highest + 1}`)
  try {
    await fs.link(claim, path)
  } catch (error) {
    // Without the claim: a process that has the lock by now tidied up.
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return null
    throw error
  }
  if ((await highestLock(directory)) !== highest + 1) {
    await fs.rm(path, { force: true })
    return null
  }
  await removeLeftovers(directory, highest)
  return path
}

/** True if nobody holds this lock, false if it is gone. Throws if somebody does. */
async function isFree(directory: string, number: number): Promise<boolean> {
  const path = join(directory, `lock.${number}`)
  let content: string
  try {
    content = await fs.readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
  if (content === '') return true
  const owner = parseOwner(content)
  if (owner === null) {
    throw new DirectoryInUseError(
      `${path} is not a lock that can be read. Remove it if no server uses ${directory}.`,
    )
  }
  switch (await fateOf(owner)) {
    case 'dead':
      return true
    case 'alive':
      throw new DirectoryInUseError(
        `${directory} is in use by process ${owner.pid} on ${owner.host}. Only one server may work on a data directory.`,
      )
    case 'unknown':
      throw new DirectoryInUseError(
        `${directory} was locked by process ${owner.pid} on ${owner.host}, which cannot be looked up from here. ` +
          `If it is gone for certain, remove ${path}.`,
      )
  }
}

async function fateOf(owner: Owner): Promise<'alive' | 'dead' | 'unknown'> {
  const here = await thisProcess()
  // A pid says nothing on another machine, nor in another container of this one.
  if (owner.host !== here.host) return 'unknown'
  if (owner.boot !== here.boot) return 'dead'
  if (here.started !== '') {
    const status = await processStatus(owner.pid)
    return status?.started === owner.started ? 'alive' : 'dead'
  }
  try {
    process.kill(owner.pid, 0)
    return 'alive'
  } catch (error) {
    return hasCode(error, 'ESRCH') ? 'dead' : 'alive'
  }
}

async function thisProcess(): Promise<Owner> {
  const [boot, status] = await Promise.all([
    fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    processStatus(process.pid),
  ])
  return { pid: process.pid, host: hostname(), started: status?.started ?? '', boot: boot.trim() }
}

/** What /proc says of a process that runs, or null. */
async function processStatus(pid: number): Promise<{ readonly started: string } | null> {
  const status = await fs.readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null)
  if (status === null) return null
  // The command's name, in parentheses, may hold anything; the state and the numbers come after it (man 5 proc).
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  const started = fields[19]
  if (started === undefined || state === 'Z' || state === 'X') return null
  return { started }
}

function parseOwner(content: string): Owner | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch {
    return null
  }
  if (typeof parsed !== 'object' || parsed === null) return null
  const { pid, host, started, boot } = parsed as Partial<Record<keyof Owner, unknown>>
  if (typeof pid !== 'number' || typeof host !== 'string') return null
  if (typeof started !== 'string' || typeof boot !== 'string') return null
  return { pid, host, started, boot }
}

async function highestLock(directory: string): Promise<number> {
  let highest = 0
  for (const name of await fs.readdir(directory)) highest = Math.max(highest, lockNumber(name) ?? 0)
  return highest
}

/** Older locks than `kept`, and the claims of processes that died while they claimed. */
async function removeLeftovers(directory: string, kept: number): Promise<void> {
  for (const name of await fs.readdir(directory)) {
    const number = lockNumber(name)
    if ((number !== null && number < kept) || name.startsWith(CLAIM_PREFIX)) {
      await fs.rm(join(directory, name), { force: true })
    }
  }
}

function lockNumber(name: string): number | null {
  const match = /^lock\.(\d{1,15})$/.exec(name)
  return match === null ? null : Number(match[1])
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
