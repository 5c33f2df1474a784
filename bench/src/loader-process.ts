import { fileURLToPath } from 'node:url'
import { runNode } from './children.ts'
import type { LoadPlan, LoadResult, LoadWork } from './load/plan.ts'
import { CREDENTIALS, REGION } from './targets.ts'

const LOADER = fileURLToPath(new URL('../dist/bench/src/load/main.js', import.meta.url))

export const CONNECTIONS = 32
export const BODY_BYTES = 300
/** Long enough for V8 to have compiled what is hot. */
export const WARM_UP_SECONDS = 5

/** Runs one load against a server on this machine, in a process of its own. Rejects if anything did not add up. */
export async function runLoad(
  work: LoadWork,
  port: number,
  seconds: number,
  core: number | undefined,
): Promise<LoadResult> {
  const plan: LoadPlan = {
    work,
    port,
    credentials: CREDENTIALS,
    region: REGION,
    queueName: 'bench',
    connections: CONNECTIONS,
    bodyBytes: BODY_BYTES,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds,
  }
  return JSON.parse(await runNode([LOADER, JSON.stringify(plan)], core))
}
