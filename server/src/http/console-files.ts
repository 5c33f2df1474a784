import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** By name relative to the console's path, e.g. `app/main.js`; empty if the console was not built. */
export type ConsoleFiles = ReadonlyMap<string, Uint8Array>

/** Reads all of them, some 200 KB: a request then names one of these, and no path of a disk. */
export function readConsoleFiles(directory: string): ConsoleFiles {
  if (!existsSync(directory)) return new Map()
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    paths.map((path) => [relative(directory, path).split(sep).join('/'), readFileSync(path)] as const),
  )
}
