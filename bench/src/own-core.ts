/**
 * Loaded before the program of a measured process: gives its JavaScript thread the core that `BENCH_CORE` names. Its other
 * threads (disk, garbage collector) may run on any core, as they would on any machine with one to spare.
 */
import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { cpus } from 'node:os'

// The threads for the disk start with the first thing to do.
await stat('.')
setAffinity('-acp', `0-${cpus().length - 1}`)
// Without `-a` it is the main thread alone that moves.
setAffinity('-cp', process.env.BENCH_CORE ?? '')

function setAffinity(threads: '-acp' | '-cp', cores: string): void {
  const { status, stderr } = spawnSync('taskset', [threads, cores, String(process.pid)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`this process could not be moved to ${cores}: ${stderr}`)
}
