import { parseDuration } from '../base/duration.ts'
import type { Answer } from './answer.ts'
import { EXIT } from './exit-codes.ts'
import { type OnServer, UsageError } from './on-server.ts'

const PATH = '/_millrace/clock'

/** Prints the time that the server's queues go by. */
export async function showClock({ client, terminal }: OnServer): Promise<number> {
  return print(terminal, await client.operate('GET', PATH))
}

/** Lets the server's time pass at once, and prints what time it is then. */
export async function advanceClock({ client, terminal }: OnServer, duration: string): Promise<number> {
  if (parseDuration(duration) === undefined) {
    throw new UsageError(`give a span of time like 90s, 5m or 1h30m, not ${duration}`)
  }
  return print(terminal, await client.operate('POST', PATH, { advance: duration }))
}

/** Lets time stand still, or pass again, and prints what time it is. */
export async function freezeClock({ client, terminal }: OnServer, frozen: boolean): Promise<number> {
  return print(terminal, await client.operate('POST', PATH, { frozen }))
}

function print(terminal: OnServer['terminal'], clock: Answer): number {
  terminal.print(`${clock.text('now')}${clock.flag('frozen') ? ' (frozen)' : ''}`)
  return EXIT.done
}
