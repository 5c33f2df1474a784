/**
 * Loaded before the program of a measured process: gives its JavaScript thread the core that `BENCH_CORE` names.
 * Its other threads (disk, garbage collector) stay where the process was started, as they would on any machine with a core
 * to spare.
 */
import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'

// The threads for the disk start with the first thing to do, and stay where they started.
await stat('.')
const core = process.env.BENCH_CORE ?? ''
// Without `-a` it is the main thread alone that moves.
const moved = spawnSync('taskset', ['-cp', core, String(process.pid)])
if (moved.status !== 0) throw new Error(`this process could not be moved to core ${core}: ${moved.stderr}`)
