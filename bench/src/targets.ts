import { fileURLToPath } from 'node:url'
import type { Credentials } from './load/sigv4.ts'
import type { ServerCommand } from './server-process.ts'

export const CREDENTIALS: Credentials = {
  accessKeyId: 'AKIABENCHMARK0000000',
  secretAccessKey: 'a-secret-key-for-nothing-but-benchmarks0',
}

export const REGION = 'us-east-1'

const CEILING = fileURLToPath(new URL('../dist/bench/src/ceiling/main.js', import.meta.url))
const MILLRACE = fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))
const MEMORY_PROBE = new URL('../dist/bench/src/memory-probe.js', import.meta.url).href

/** Flags of Node's that have a server answer `measureMemory`. */
export const MEMORY_PROBE_FLAGS = ['--expose-gc', '--import', MEMORY_PROBE] as const

export function ceilingCommand(port: number): ServerCommand {
  return { args: [CEILING, String(port)], environment: {} }
}

/** Millrace as one would run it: signatures checked, every answer after its fsync; only the log is quieter. */
export function millraceCommand(
  port: number,
  dataDirectory: string,
  nodeFlags: readonly string[] = [],
  serveFlags: readonly string[] = [],
): ServerCommand {
  const flags = { host: '127.0.0.1', port, 'data-dir': dataDirectory, auth: 'on', durability: 'fsync' }
  return {
    args: [
      ...nodeFlags,
      MILLRACE,
      'serve',
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
      '--log-level',
      'warn',
      ...serveFlags,
    ],
    environment: {
      MILLRACE_ROOT_ACCESS_KEY: CREDENTIALS.accessKeyId,
      MILLRACE_ROOT_SECRET_KEY: CREDENTIALS.secretAccessKey,
    },
  }
}
