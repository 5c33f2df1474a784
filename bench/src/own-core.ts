/**
 * Loaded before the program of a measured process: gives its JavaScript thread the core that `BENCH_CORE` names, and its other
 * threads (disk, garbage collector) all cores but that one, as on any machine with one to spare. `any`: all threads get all cores.
 */
import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { cpus } from 'node:os'

// The threads for the disk start with the first thing to do.
await stat('.')
const own = process.env.BENCH_CORE ?? ''
const others = Object.keys(cpus()).filter((core) => core !== own)
setAffinity('-acp', others.join(','))
// Without `-a` it is the main thread alone that moves.
if (own !== 'any') setAffinity('-cp', own)

function setAffinity(threads: '-acp' | '-cp', cores: string): void {
  const { status, stderr } = spawnSync('taskset', [threads, cores, String(process.pid)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`this process could not be moved to ${cores}: ${stderr}`)
}
