import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from './children.ts'
import type { Credentials } from './load/sigv4.ts'
import { BODY_BYTES, CONNECTIONS, WARM_UP_SECONDS } from './loader-process.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import { type ServerCommand, ServerProcess } from './server-process.ts'
import { CREDENTIALS, REGION } from './targets.ts'
import type { SidePlan, TurnsPlan, TurnsResult, TurnWork } from './turns/plan.ts'

const LOADER = fileURLToPath(new URL('../dist/bench/src/turns/main.js', import.meta.url))

/** A server, what it is asked, and as whom: as the root user if that is left out. */
export interface Side {
  readonly command: (port: number, dataDirectory: string) => ServerCommand
  readonly work: TurnWork
  readonly credentialsOn?: (port: number) => Promise<Credentials>
}

export interface TurnsFigures {
  /** For each side, messages per second in each run. */
  readonly rates: readonly (readonly number[])[]
  /** The most that the load generator used of its own core. */
  readonly loaderCpu: number
}

/**
 * Measures servers that have a load in turns, all of them in the same moments. Each run has new servers, on empty directories, and a loader of
 * its own.
 */
export async function measureInTurns(
  sides: readonly Side[],
  { runs, seconds }: Options,
  pinning: Pinning | undefined,
): Promise<TurnsFigures> {
  const rates = sides.map((): number[] => [])
  let loaderCpu = 0
  for (let run = 0; run < runs; run++) {
    const directory = makeRunDirectory()
    const servers: ServerProcess[] = []
    try {
      const plans: SidePlan[] = []
      for (const [i, { command, work, credentialsOn }] of sides.entries()) {
        const startable = (port: number) => command(port, join(directory, `data-${i}`))
        const server = await ServerProcess.start(startable, pinning?.measured, directory)
        servers.push(server)
        const { port, pid } = server
        const credentials = (await credentialsOn?.(port)) ?? CREDENTIALS
        plans.push({ work, port, pid, credentials })
      }
      const result = await runTurns(plans, seconds, pinning)
      for (const [i, rate] of result.rates.entries()) rates[i]!.push(rate)
      loaderCpu = Math.max(loaderCpu, result.ownCpu)
    } finally {
      for (const server of servers) await server.stop('SIGTERM')
      removeRunDirectory(directory)
    }
  }
  return { rates, loaderCpu }
}

async function runTurns(
  sides: readonly SidePlan[],
  seconds: number,
  pinning: Pinning | undefined,
): Promise<TurnsResult> {
  const plan: TurnsPlan = {
    sides,
    region: REGION,
    connections: CONNECTIONS,
    bodyBytes: BODY_BYTES,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds,
  }
  return JSON.parse(await runNode([LOADER, JSON.stringify(plan)], pinning?.others))
}
