import { readAdvance } from '../base/advance.ts'
import { clientVariables } from '../client-variables.ts'
import { createLogger } from '../observe/logger.ts'
import { startServer, startServerInMemory } from '../server.ts'
import type { Happened } from './happened.ts'
import { Histories } from './histories.ts'
import { type InspectedQueue, inspectQueue } from './inspect-queue.ts'
import { type MillraceOptions, readOptions } from './options.ts'
import { addressOf, type QueueName } from './queue-name.ts'
import { type Awaited, type WaitOptions, waitFor } from './wait-for.ts'

export type { Happened, QueueEvent } from './happened.ts'
export type { HiddenMessage, InspectedQueue } from './inspect-queue.ts'
export type { MillraceOptions, QueueDeclaration } from './options.ts'
export type { MessageAttributeValue, QueueMessage } from './queue-message.ts'
export type { QueueInPlace, QueueName } from './queue-name.ts'
export { type Awaited, type WaitOptions, WaitTimeoutError } from './wait-for.ts'

/** A span of time: milliseconds, or text like `90s`, `5m`, `1h30m`, `4d`. */
export type Duration = number | string

/** A whole server in this process, for tests. */
export interface Millrace extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:40123`. */
  readonly endpoint: string
  readonly region: string
  /** The key that requests are signed with. With `auth: false` any other does as well. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** What any client of the AWS SDK is made with: `new SQSClient(server.clientConfig)`. Each time another object. */
  readonly clientConfig: ClientConfig
  /** The variables by which AWS clients of other processes find the server: `{ ...process.env, ...server.env }`. */
  readonly env: Readonly<Record<string, string>>
  /** The time that queues go by. */
  readonly clock: MillraceClock
  /** Deletes everything, makes the declared queues anew, forgets the history and lets time pass again. */
  reset(): Promise<void>
  /** What a queue holds, without receiving it. Up to `limit` messages, 1,000 if left out, the oldest. */
  inspect(queue: QueueName, options?: { readonly limit?: number | undefined }): Promise<InspectedQueue>
  /**
   * Resolves when something happened to a message, at once if it did already. Rejects with a `WaitTimeoutError` that says what
   * happened instead, or when the server stops.
   */
  waitFor(awaited: Awaited, options?: WaitOptions): Promise<Happened>
  /** What happened to the messages of a queue since the start or the last reset, the oldest first, within limits. */
  history(queue: QueueName): Happened[]
  /** Resolves with the reason when the server can't go on, because its disk failed. Stays pending otherwise. */
  readonly failed: Promise<Error>
  /** Answers what is under way and ends. Resolves when nothing is left of it; a second call does nothing else. */
  stop(): Promise<void>
}

export interface ClientConfig {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

export interface MillraceClock {
  /** Milliseconds since the epoch. */
  now(): number
  readonly isFrozen: boolean
  /** From now on time passes only by `advance`. */
  freeze(): void
  /** Time passes by itself again, from where it stands. */
  resume(): void
  /**
   * Lets time pass at once. Resolves when all that is due by then has happened: messages are visible or gone, receives that
   * waited are answered, move tasks moved what they would have.
   */
  advance(duration: Duration): Promise<void>
}

/** Of a queue's history this much is kept, as message bodies. */
const HISTORY_BYTES = 64 * 1024 * 1024
const INSPECTED_MESSAGES = 1000

/**
 * Starts a server in this process: in memory, on a free port of 127.0.0.1, as fast as a test wants it. Several don't disturb each
 * other. Rejects with a `TypeError` for options that are wrong, and with the server's own errors.
 */
export async function startMillrace(options: MillraceOptions = {}): Promise<Millrace> {
  const { config, region, historyEntries, isInMemory } = readOptions(options)
  const histories = new Histories(
    { entries: historyEntries, bytes: HISTORY_BYTES },
    {
      readLanded: (body, origin) => server.reader.readLanded(body, origin),
      // What a journal holds may go on before the server is there to be asked.
      seals: {
        seal: (...call) => server.reader.seals.seal(...call),
        open: (...call) => server.reader.seals.open(...call),
        check: (...call) => server.reader.seals.check(...call),
      },
    },
  )
  const start = isInMemory ? startServerInMemory : startServer
  const server = await start(config, {
    logger: createLogger(config.logLevel),
    observer: { note: (happening) => histories.note(happening), caughtUp: () => histories.caughtUp() },
  })
  const { time, url: endpoint, rootKey, failed } = server
  if (time === null) throw new Error('a server of the library lets its clock be set')
  const { accessKeyId, secretAccessKey } = rootKey
  const end = new AbortController()
  void failed.then((error) => end.abort(error))
  const orEnd = <T>(work: Promise<T>) => settledBy(work, end.signal)

  let stopped: Promise<void> | undefined
  const stop = () => {
    end.abort(new Error('the server was stopped'))
    stopped ??= server.stop()
    return stopped
  }
  return {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    get clientConfig() {
      return { endpoint, region, credentials: { accessKeyId, secretAccessKey } }
    },
    env: clientVariables({ url: endpoint, accessKeyId, secretAccessKey, region }),
    clock: {
      now: () => time.now(),
      get isFrozen() {
        return time.isFrozen
      },
      freeze: () => time.freeze(),
      resume: () => time.resume(),
      advance: async (duration) => {
        await orEnd(time.advance(spanOf(duration, time.now())))
        await histories.caughtUp()
      },
    },
    async reset() {
      await orEnd(server.reset())
      await histories.clear()
    },
    async inspect(queue, { limit = INSPECTED_MESSAGES } = {}) {
      if (!Number.isInteger(limit) || limit < 1) throw new TypeError('limit must be a whole number from 1 on')
      return orEnd(inspectQueue(server, addressOf(queue, region), limit))
    },
    async waitFor(awaited, waitOptions = {}) {
      const address = addressOf(awaited.queue, region)
      const listen = (listener: (entry: Happened) => void) => histories.listen(address, listener)
      return waitFor(awaited, waitOptions, { history: histories.of(address), listen, end: end.signal })
    },
    history: (queue) => histories.of(addressOf(queue, region)),
    failed,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function spanOf(duration: Duration, now: number): number {
  try {
    return readAdvance(duration, now)
  } catch (error) {
    throw error instanceof RangeError ? new RangeError(`the duration ${error.message}`) : error
  }
}

/** The outcome of `work`, or a rejection when it was not there at the end: of a server that failed nothing else comes. */
function settledBy<T>(work: Promise<T>, end: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(end.reason)
    if (end.aborted) stop()
    end.addEventListener('abort', stop)
    const settled = () => end.removeEventListener('abort', stop)
    work.then(resolve, reject).finally(settled)
  })
}
