import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCell } from './cell-figures.ts'
import { type CpuProfile, topSelfTimes } from './cpu-profile.ts'
import { type HttpWork, runMillrace } from './http-figures.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'

const FUNCTIONS_SHOWN = 25

/**
 * Runs one kind of work once under V8's profiler, and describes where the time went. The profile itself is kept, for a
 * viewer; the throughput is that of a profiled process, and so no figure.
 */
export async function profileWork(
  work: HttpWork | 'cell',
  options: Options,
  pinning: Pinning | undefined,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), `millrace-profile-${work}-`))
  const rate =
    work === 'cell'
      ? await runCell(options, pinning, profilerFlags(directory))
      : await runMillrace(work, options, pinning, profilerFlags(directory))
  const file = readdirSync(directory).find((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error(`the process left no profile in ${directory}`)
  const profile: CpuProfile = JSON.parse(readFileSync(join(directory, file), 'utf8'))
  const lines = topSelfTimes(profile, FUNCTIONS_SHOWN).map(
    ({ place, fraction }) => `${(fraction * 100).toFixed(1).padStart(5)} %  ${place}`,
  )
  return [
    `${work}: ${Math.round(rate)} messages/s under the profiler; self time by function, idle time left out`,
    ...lines,
    `the whole profile: ${join(directory, file)}`,
  ].join('\n')
}

function profilerFlags(directory: string): readonly string[] {
  return ['--cpu-prof', '--cpu-prof-dir', directory]
}
