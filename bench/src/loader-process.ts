import { fileURLToPath } from 'node:url'
import { runNode } from './children.ts'
import type { LoadPlan, LoadResult, LoadWork } from './load/plan.ts'
import type { Credentials } from './load/sigv4.ts'
import { CREDENTIALS, REGION } from './targets.ts'

const LOADER = fileURLToPath(new URL('../dist/bench/src/load/main.js', import.meta.url))

export const CONNECTIONS = 32
export const BODY_BYTES = 300
/** Long enough for V8 to have compiled what is hot. */
export const WARM_UP_SECONDS = 5

/** Who the load is of, and which queue it has, where that is not the root user and a standard queue. */
export interface LoadOptions {
  readonly credentials?: Credentials
  /** Of a FIFO queue. */
  readonly groups?: number | null
}

/** Runs one load against a server on this machine, in a process of its own. Rejects if anything did not add up. */
export async function runLoad(
  work: LoadWork,
  port: number,
  seconds: number,
  core: number | undefined,
  { credentials = CREDENTIALS, groups = null }: LoadOptions = {},
): Promise<LoadResult> {
  const plan: LoadPlan = {
    work,
    port,
    credentials,
    region: REGION,
    queueName: groups === null ? 'bench' : 'bench.fifo',
    groups,
    connections: CONNECTIONS,
    bodyBytes: BODY_BYTES,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds,
  }
  return JSON.parse(await runNode([LOADER, JSON.stringify(plan)], core))
}
