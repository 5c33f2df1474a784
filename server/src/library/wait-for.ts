import { type Happened, QUEUE_EVENTS, type QueueEvent } from './happened.ts'
import type { QueueMessage } from './queue-message.ts'
import type { QueueName } from './queue-name.ts'

/** What a test waits for. */
export interface Awaited {
  readonly queue: QueueName
  readonly event: QueueEvent
  /** Of these messages alone; of all if left out. What it throws is what the wait ends with. */
  readonly where?: ((message: QueueMessage) => boolean) | undefined
  /** Until it happened so often, 1 if left out. */
  readonly count?: number | undefined
}

export interface WaitOptions {
  /** Milliseconds of real time, 5,000 if left out. */
  readonly timeoutMs?: number | undefined
  /** Passes over what happened before the call. */
  readonly fromNow?: boolean | undefined
}

/** It did not happen in time. The message says what did. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError'
}

interface Source {
  /** What happened so far, the oldest first. */
  readonly history: readonly Happened[]
  /** Calls with what happens from now on, until the function that it returns is called. */
  readonly listen: (listener: (entry: Happened) => void) => () => void
  /** Aborted when nothing more will happen, with the reason. */
  readonly end: AbortSignal
}

const TIMEOUT_MS = 5000
/** How much of what did happen a timeout tells. */
const TOLD_ENTRIES = 10
const TOLD_CHARACTERS = 80

/** Resolves with the entry that makes the count full, which may have happened before. */
export function waitFor(
  awaited: Awaited,
  { timeoutMs = TIMEOUT_MS, fromNow = false }: WaitOptions,
  { history, listen, end }: Source,
): Promise<Happened> {
  const { event, where = () => true, count = 1 } = awaited
  if (!QUEUE_EVENTS.includes(event)) throw new TypeError(`event must be one of ${QUEUE_EVENTS.join(', ')}`)
  if (!Number.isInteger(count) || count < 1) throw new TypeError('count must be a whole number from 1 on')
  return new Promise((resolve, reject) => {
    const seen = fromNow ? [] : [...history]
    let left = count
    let settled = false
    const undo: (() => void)[] = []
    const settle = (outcome: () => void) => {
      settled = true
      for (const each of undo) each()
      outcome()
    }
    const look = (entry: Happened) => {
      if (settled || entry.event !== event) return
      try {
        if (!where(entry.message)) return
      } catch (error) {
        settle(() => reject(error))
        return
      }
      left--
      if (left === 0) settle(() => resolve(entry))
    }
    for (const entry of seen) look(entry)
    if (settled) return
    undo.push(
      listen((entry) => {
        seen.push(entry)
        if (seen.length > TOLD_ENTRIES) seen.shift()
        look(entry)
      }),
    )
    const stop = () => settle(() => reject(end.reason))
    if (end.aborted) {
      stop()
      return
    }
    end.addEventListener('abort', stop)
    undo.push(() => end.removeEventListener('abort', stop))
    const timer = setTimeout(
      () => settle(() => reject(timedOut(awaited, timeoutMs, count - left, seen))),
      timeoutMs,
    )
    undo.push(() => clearTimeout(timer))
  })
}

function timedOut(
  { queue, event, where, count = 1 }: Awaited,
  timeoutMs: number,
  found: number,
  seen: readonly Happened[],
): WaitTimeoutError {
  const name = typeof queue === 'string' ? queue : queue.name
  const what = `"${event}" did not happen to ${where === undefined ? 'a message' : 'such a message'} of ${name}`
  const often = count === 1 ? '' : ` ${count} times, but ${found}`
  const lines = seen.slice(-TOLD_ENTRIES).map(describe)
  const told =
    lines.length === 0 ? 'Nothing happened there.' : `What happened there last:\n${lines.join('\n')}`
  return new WaitTimeoutError(`${what}${often} within ${timeoutMs} ms. ${told}`)
}

function describe({ event, to, message }: Happened): string {
  const { body, receiveCount } = message
  const text = body.length > TOLD_CHARACTERS ? `${body.slice(0, TOLD_CHARACTERS)}…` : body
  return `  ${event}${to === undefined ? '' : ` to ${to}`}, received ${receiveCount} times: ${text}`
}
