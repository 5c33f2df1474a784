import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The directory everything is written to; gone when the benchmark ends, however it ends. */
export const scratchDirectory = mkdtempSync(join(tmpdir(), 'millrace-bench-'))

process.on('exit', () => rmSync(scratchDirectory, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

let taken = 0

/** A fresh directory for one run. */
export function makeRunDirectory(): string {
  const directory = join(scratchDirectory, `run-${taken++}`)
  mkdirSync(directory)
  return directory
}

/** Takes a run's directory away as soon as it is done with: a fill of a million messages is no small thing. */
export function removeRunDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
}
