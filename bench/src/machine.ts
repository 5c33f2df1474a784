import { spawnSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { percentile } from './statistics.ts'

/** Where figures come from: they mean nothing without it. */
export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  readonly node: string
  /** Of this checkout (`unknown` outside one), with `+changes` if files under version control differ from it. */
  readonly commit: string
  /** Processes that wanted a core in the minute before: above 1, something else competes for what is measured. */
  readonly loadAverage: number
  /** The type of the file system that the data directories are on. */
  readonly fileSystem: string
  /** What one write of 4 KiB and fdatasync takes there: the floor under every durable answer. */
  readonly syncMs: { readonly p50: number; readonly p99: number }
}

export async function describeMachine(directory: string): Promise<Machine> {
  const processors = cpus()
  return {
    processor: processors[0]?.model ?? process.arch,
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${process.platform} ${release()}`,
    node: process.version,
    commit: commit(),
    loadAverage: loadavg()[0]!,
    fileSystem: fileSystemOf(directory),
    syncMs: await measureSync(directory),
  }
}

function commit(): string {
  const git = (...args: string[]) => {
    const { status, stdout } = spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' })
    return status === 0 ? stdout.trim() : ''
  }
  const changes = git('status', '--porcelain', '--untracked-files=no')
  const head = git('rev-parse', '--short', 'HEAD') || 'unknown'
  return changes === '' ? head : `${head}+changes`
}

function fileSystemOf(directory: string): string {
  if (process.platform !== 'linux') return 'unknown'
  return findFileSystem(readFileSync('/proc/self/mounts', 'utf8'), realpathSync(directory))
}

/** The type of the file system that holds `path`, by a table of mounts as Linux gives it: the longest prefix, the last. */
export function findFileSystem(mounts: string, path: string): string {
  let best = { point: '', type: 'unknown' }
  for (const line of mounts.split('\n')) {
    const [, point, type] = line.split(' ')
    if (point === undefined || type === undefined) continue
    const holds = path === point || path.startsWith(point === '/' ? '/' : `${point}/`)
    if (holds && point.length >= best.point.length) best = { point, type }
  }
  return best.type
}

async function measureSync(directory: string): Promise<Machine['syncMs']> {
  const file = await open(join(directory, 'sync-probe'), 'w')
  const page = Buffer.alloc(4096, 'x')
  const times: number[] = []
  for (let i = 0; i < 200; i++) {
    const startedAt = performance.now()
    await file.write(page)
    await file.datasync()
    times.push(performance.now() - startedAt)
  }
  await file.close()
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}
