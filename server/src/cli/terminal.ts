import { constants } from 'node:os'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The process around a command. Text goes to a person: logs go through the logger. */
export interface Terminal {
  /** A line, or several, to standard output. */
  print(text: string): void
  /** The same to standard error. */
  complain(text: string): void
  /** Calls `listener` at each signal that asks the process to stop, instead of ending it. */
  onStopSignal(listener: (signal: StopSignal) => void): void
  /** Ends the process at once. */
  exit(code: number): void
}

// A reader that goes away (`millrace env | head -n 1`, a log collector that died) must not bring a server down.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

/** The terminal of this process. Lines have been written when the calls return. */
export const processTerminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  onStopSignal: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener)
  },
  exit: (code) => process.exit(code),
}

/** The exit code by which shells know that a signal ended a process: 130 and 143. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal]
}
