import { closeSync, cpSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from './figures.ts'
import { runLoad } from './loader-process.ts'
import type { MemoryReading, MemoryReport } from './memory-probe.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'
import { makeRunDirectory, removeRunDirectory } from './scratch.ts'
import { ServerProcess } from './server-process.ts'
import { MEMORY_PROBE_FLAGS, millraceCommand } from './targets.ts'

/** Sent before the first look at the memory, so that code, caches and buffers are not counted as messages. */
const WARM_UP_MESSAGES = 20_000

/** One loader's share of a fill: done well before its signatures expire. */
const FILL_MESSAGES = 200_000

const MEMORY_BYTES_PER_MESSAGE = 64

/** Measures what it costs that many messages wait: memory, and the time a restart takes. Fills one queue for both. */
export async function measureWaiting(
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const directory = makeRunDirectory()
  try {
    const figures: Figure[] = []
    const memory = await fillMeasuringMemory(directory, options.messages, pinning)
    if (options.only.has('memory')) figures.push(...memory)
    if (options.only.has('restart')) figures.push(...(await measureRestarts(directory, options, pinning)))
    return figures
  } finally {
    removeRunDirectory(directory)
  }
}

/** Leaves the messages in `directory`, and the server killed. */
async function fillMeasuringMemory(
  directory: string,
  messages: number,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const server = await startMillrace(directory, MEMORY_PROBE_FLAGS, pinning)
  try {
    const fill = (count: number) =>
      server.during(runLoad({ kind: 'fill', messages: count }, server.port, 0, pinning?.others))
    await fill(WARM_UP_MESSAGES)
    const before = await server.measureMemory()
    for (let unsent = messages; unsent > 0; unsent -= FILL_MESSAGES)
      await fill(Math.min(unsent, FILL_MESSAGES))
    return memoryFigures(before, await server.measureMemory(), messages)
  } finally {
    await server.stop('SIGKILL')
  }
}

function memoryFigures(before: MemoryReport, after: MemoryReport, messages: number): readonly Figure[] {
  const perMessage = (kind: keyof MemoryReading, state: keyof MemoryReport) =>
    (after[state][kind] - before.afterCollection[kind]) / messages
  const figure = (kind: keyof MemoryReading, state: keyof MemoryReport): Figure => ({
    name:
      `memory per waiting message: ${kind === 'resident' ? 'resident' : 'heap and external'}, ` +
      `${state === 'afterCollection' ? 'after' : 'before'} a collection`,
    unit: 'bytes',
    millrace: [perMessage(kind, state)],
    ...(state === 'afterCollection' && { budget: { kind: 'at most', value: MEMORY_BYTES_PER_MESSAGE } }),
  })
  return [
    figure('heapAndExternal', 'afterCollection'),
    figure('heapAndExternal', 'beforeCollection'),
    figure('resident', 'afterCollection'),
    figure('resident', 'beforeCollection'),
  ]
}

/**
 * Each run starts the server on a copy of what it left when it was killed after the fill, asks that one to end, and
 * starts again. A start changes the data, so that a second kill would find less to do.
 */
async function measureRestarts(
  killed: string,
  options: Options,
  pinning: Pinning | undefined,
): Promise<readonly Figure[]> {
  const afterKill: number[] = []
  const afterTerm: number[] = []
  const expected = options.messages + WARM_UP_MESSAGES
  for (let run = 0; run < options.runs; run++) {
    const directory = makeRunDirectory()
    copySynced(join(killed, 'data'), join(directory, 'data'))
    afterKill.push(await restart(directory, expected, pinning))
    afterTerm.push(await restart(directory, expected, pinning))
    removeRunDirectory(directory)
  }
  const figure = (end: string, millrace: readonly number[]): Figure => ({
    name: `restart after ${end}, ${options.messages.toLocaleString('en')} waiting`,
    unit: 's',
    millrace,
    ...restartBudget(options.messages),
  })
  return [figure('kill -9', afterKill), figure('SIGTERM', afterTerm)]
}

/** Seconds until the server is ready, with all messages there. Ends it by SIGTERM. */
async function restart(directory: string, expected: number, pinning: Pinning | undefined): Promise<number> {
  const server = await startMillrace(directory, [], pinning)
  try {
    const look = runLoad({ kind: 'fill', messages: 0 }, server.port, 0, pinning?.others)
    const { waiting } = await server.during(look)
    if (waiting !== expected) throw new Error(`${expected} messages waited, after a restart ${waiting}`)
  } finally {
    await server.stop('SIGTERM')
  }
  return server.secondsToReady
}

/** Copies a directory. On disk when it returns: the server is not to pay for the copy's writes. */
function copySynced(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = openSync(join(entry.parentPath, entry.name), 'r+')
    fsyncSync(file)
    closeSync(file)
  }
}

function startMillrace(
  directory: string,
  nodeFlags: readonly string[],
  pinning: Pinning | undefined,
): Promise<ServerProcess> {
  const command = (port: number) => millraceCommand(port, join(directory, 'data'), nodeFlags)
  return ServerProcess.start(command, pinning?.measured, directory)
}

function restartBudget(messages: number): Pick<Figure, 'budget'> {
  if (messages <= 1_000_000) return { budget: { kind: 'at most', value: 2 } }
  if (messages <= 10_000_000) return { budget: { kind: 'at most', value: 10 } }
  return {}
}
