import { Cell, type CellOptions } from '../../src/cell/cell.ts'
import type { ManualClock } from '../../src/cell/manual-clock.ts'
import type { Command } from '../../src/core/command.ts'
import { deduplicationKey, groupKey } from '../../src/core/keys.ts'
import type { Abandonable } from '../../src/core/ports.ts'
import type { Receipt, SqsCommand, SqsReplies } from '../../src/services/sqs/commands.ts'
import type { QueueSettings } from '../../src/services/sqs/queue-settings.ts'
import { SqsState } from '../../src/services/sqs/state/sqs-state.ts'
import { fifoMessages } from '../../src/services/sqs/test-fifo-messages.ts'
import { SimulatedTime } from '../simulation/simulated-time.ts'
import { ScriptedJournal } from './scripted-journal.ts'

export const START = 1_700_000_000_000

/** What became of a promise, to be looked at without waiting for it. */
export interface Watched<T> {
  outcome: { readonly value: T } | { readonly error: Error } | null
}

/** A cell with SQS on a scripted journal, in simulated time. */
export class CellRig {
  readonly time: SimulatedTime
  readonly journal: ScriptedJournal
  readonly failures: Error[] = []
  readonly reports: Error[] = []
  /** The commands that were answered, in the order of their answers. */
  readonly answered: string[] = []
  readonly #cell: Cell
  #tag = 1

  static async open(
    options: Partial<Pick<CellOptions, 'acceptClock' | 'states'>> & {
      time?: SimulatedTime
      journal?: ScriptedJournal
      /** A clock on `time` that the test sets. */
      clock?: ManualClock
    } = {},
  ): Promise<CellRig> {
    const time = options.time ?? new SimulatedTime(START)
    const journal = options.journal ?? new ScriptedJournal()
    const failures: Error[] = []
    const reports: Error[] = []
    const cell = await Cell.open({
      clock: options.clock ?? time,
      timers: options.clock ?? time,
      tidyTimers: time,
      ...(options.clock && { resumeClock: (last) => options.clock?.setForward(last) }),
      states: options.states ?? ((units, host) => [new SqsState(units, host)]),
      openJournal: async (recovery, listener) => journal.open(recovery, listener),
      acceptClock: options.acceptClock ?? false,
      onFailure: (error) => failures.push(error),
      report: (error) => reports.push(error),
    })
    return new CellRig(time, journal, cell, failures, reports)
  }

  private constructor(
    time: SimulatedTime,
    journal: ScriptedJournal,
    cell: Cell,
    failures: Error[],
    reports: Error[],
  ) {
    this.time = time
    this.journal = journal
    this.#cell = cell
    this.failures = failures
    this.reports = reports
  }

  get cell(): Cell {
    return this.#cell
  }

  /** Executes any command and watches for its answer. */
  execute(command: Command, name = '', connection?: Abandonable): Watched<unknown> {
    const watched: Watched<unknown> = { outcome: null }
    const note = (outcome: { value: unknown } | { error: Error }) => {
      watched.outcome = outcome
      this.answered.push(name)
    }
    this.#cell.execute(command, connection).then(
      (value) => note({ value }),
      (error: Error) => note({ error }),
    )
    return watched
  }

  /** Creates the queue and makes that durable. */
  async create(name = 'q', settings: Partial<QueueSettings> = {}): Promise<void> {
    this.execute({
      service: 'sqs',
      kind: 'createQueue',
      queue: queue(name),
      settings,
      tags: {},
    } as SqsCommand)
    await this.commit()
  }

  send(
    text: string,
    { to = 'q', delaySeconds }: { to?: string; delaySeconds?: number } = {},
  ): Watched<SqsReplies['sendMessages']> {
    const bodies = [new TextEncoder().encode(text)]
    const messages = [{ body: 0, sizeBytes: text.length, delaySeconds }]
    const command = { service: 'sqs', kind: 'sendMessages', queue: queue(to), messages, bodies }
    return this.execute(command, `send ${text}`) as Watched<SqsReplies['sendMessages']>
  }

  sendToGroup(text: string, group: string, to = 'q.fifo'): Watched<SqsReplies['sendFifoMessages']> {
    const bodies = [new TextEncoder().encode(text)]
    const message = {
      body: 0,
      sizeBytes: text.length,
      groupKey: groupKey(group),
      deduplicationKey: deduplicationKey(text),
      deduplicatesByContent: false,
      messageId: new Uint32Array(4),
    }
    const command = {
      service: 'sqs',
      kind: 'sendFifoMessages',
      queue: queue(to),
      ...fifoMessages([message]),
      bodies,
    }
    return this.execute(command, `send ${text}`) as Watched<SqsReplies['sendFifoMessages']>
  }

  receive({
    name = 'receive',
    from = 'q',
    limit = 10,
    wait = 0,
    hide = 30,
    connection,
  }: {
    name?: string
    from?: string
    limit?: number
    wait?: number | 'as the queue says'
    hide?: number
    connection?: Abandonable
  } = {}): Watched<SqsReplies['receiveMessages']> {
    const command = {
      service: 'sqs',
      kind: 'receiveMessages',
      queue: queue(from),
      limit,
      visibilityTimeoutSeconds: hide,
      waitSeconds: wait === 'as the queue says' ? undefined : wait,
      tags: new Uint8Array(limit * 8).fill(this.#tag++),
    }
    return this.execute(command, name, connection) as Watched<SqsReplies['receiveMessages']>
  }

  delete(receipts: readonly Receipt[], from = 'q'): Watched<SqsReplies['deleteMessages']> {
    const command = { service: 'sqs', kind: 'deleteMessages', queue: queue(from), receipts }
    return this.execute(command, 'delete') as Watched<SqsReplies['deleteMessages']>
  }

  /** Commits, and lets every promise reaction that follows run. */
  async commit(): Promise<void> {
    this.journal.commit()
    await this.settle()
  }

  /** Lets promise reactions run; no time passes. */
  async settle(): Promise<void> {
    await this.time.runFor(0)
  }
}

export function queue(name: string) {
  return { accountId: '000000000000', region: 'us-east-1', name }
}

/** The receipts of what was received. */
export function receiptsOf({ outcome }: Watched<SqsReplies['receiveMessages']>): readonly Receipt[] {
  if (outcome === null || 'error' in outcome) throw new Error('the receive was not answered with messages')
  return outcome.value.messages.map(({ receipt }) => receipt)
}

/** The texts of what was received, or what else became of the receive. */
export function textsOf(watched: Watched<SqsReplies['receiveMessages']>): readonly string[] | string {
  if (watched.outcome === null) return 'not answered'
  if ('error' in watched.outcome) return watched.outcome.error.message
  const { bodies } = watched.outcome.value
  if (bodies instanceof Promise) return 'bodies still to come'
  return bodies.map((body) => new TextDecoder().decode(body))
}
