import { isUtf8 } from 'node:buffer'
import { constants } from 'node:os'
import { createInterface } from 'node:readline/promises'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** The process around a command. Text goes to a person: logs go through the logger. */
export interface Terminal {
  /** A line, or several, to standard output. */
  print(text: string): void
  /** The same to standard error. */
  complain(text: string): void
  /** Whether a person sits there who can be asked. */
  readonly isInteractive: boolean
  /** Asks for a line; resolves with an empty one when there is nothing to read. */
  ask(question: string): Promise<string>
  /** All of standard input. Rejects with a `RangeError` if it isn't UTF-8. */
  readInput(): Promise<string>
  /** Calls `listener` at each signal that asks the process to stop, instead of ending it. */
  onStopSignal(listener: (signal: StopSignal) => void): void
  /** Calls `listener` at each signal that asks the process to read its files again, instead of ending it. */
  onReloadSignal(listener: () => void): void
  /** Ends the process at once. */
  exit(code: number): void
}

// A reader that goes away (`millrace env | head -n 1`, a log collector that died) must not bring a server down.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

/** The terminal of this process. Lines have been written when the calls return. */
export const processTerminal: Terminal = {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  isInteractive: process.stdin.isTTY === true,
  ask: askLine,
  readInput: readStandardInput,
  onStopSignal: (listener) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, listener)
  },
  onReloadSignal: (listener) => {
    process.on('SIGHUP', listener)
  },
  exit: (code) => process.exit(code),
}

async function askLine(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return await Promise.race([lines.question(question), ended])
  } finally {
    lines.close()
  }
}

async function readStandardInput(): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece))
  const bytes = Buffer.concat(pieces)
  if (!isUtf8(bytes)) throw new RangeError('standard input is not UTF-8 text')
  return bytes.toString('utf8')
}

/** The exit code by which shells know that a signal ended a process: 130 and 143. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal]
}
