import type { Answer } from './answer.ts'
import type { ApiClient } from './api-client.ts'
import { EXIT } from './exit-codes.ts'
import { type OnServer, UsageError } from './on-server.ts'
import { untilStopped } from './until-stopped.ts'

const INTERVAL_MS = 1000
/** Tasks that a list may name: AWS keeps the newest ones. */
const TASKS_LISTED_MAX = 10

export interface RedriveOptions {
  /** The dead-letter queue. */
  readonly queue: string
  /** Left out: each message goes back to where it came from. */
  readonly to: string | undefined
  /** Messages a second, as typed. */
  readonly rate: string | undefined
}

/**
 * Moves the messages of a dead-letter queue back and shows how far it is, until it's done. A signal ends the showing, not
 * the moving.
 */
export async function redrive({ client, terminal }: OnServer, options: RedriveOptions): Promise<number> {
  const SourceArn = await arnOf(client, options.queue)
  await client.call('StartMessageMoveTask', {
    SourceArn,
    ...(options.to !== undefined && { DestinationArn: await arnOf(client, options.to) }),
    ...(options.rate !== undefined && { MaxNumberOfMessagesPerSecond: parseRate(options.rate) }),
  })
  const stop = untilStopped(terminal)
  let told = ''
  for (;;) {
    const [task] = await tasks(client, SourceArn)
    if (task === undefined) {
      terminal.complain('millrace: the server says nothing of the task that it started')
      return EXIT.failed
    }
    const status = task.text('Status')
    const progress = progressOf(task)
    if (!GOING_ON.includes(status)) return finish(terminal, status, progress, task)
    if (progress !== told) terminal.print(progress)
    told = progress
    if (stop.isStopped) {
      terminal.complain(`the server moves on; \`millrace redrive --cancel ${options.queue}\` ends it`)
      return EXIT.done
    }
    await stop.orAfter(INTERVAL_MS)
  }
}

/** Ends the task that moves messages out of the queue; what was moved stays moved. */
export async function cancelRedrive({ client, terminal }: OnServer, queue: string): Promise<number> {
  const running = (await tasks(client, await arnOf(client, queue))).find(
    (task) => task.text('Status') === 'RUNNING',
  )
  if (running === undefined) {
    terminal.complain(`millrace: no messages are being moved out of ${queue}`)
    return EXIT.failed
  }
  const answer = await client.call('CancelMessageMoveTask', { TaskHandle: running.text('TaskHandle') })
  terminal.print(`cancelled: ${answer.number('ApproximateNumberOfMessagesMoved')} were moved`)
  return EXIT.done
}

const GOING_ON: readonly string[] = ['RUNNING', 'CANCELLING']

/** The newest first. */
async function tasks(client: ApiClient, SourceArn: string): Promise<readonly Answer[]> {
  return (await client.call('ListMessageMoveTasks', { SourceArn, MaxResults: TASKS_LISTED_MAX })).list(
    'Results',
  )
}

function progressOf(task: Answer): string {
  const moved = task.number('ApproximateNumberOfMessagesMoved')
  const all = task.raw('ApproximateNumberOfMessagesToMove')
  return typeof all === 'number' ? `moved ${moved} of ${all}` : `moved ${moved}`
}

function finish(terminal: OnServer['terminal'], status: string, progress: string, task: Answer): number {
  if (status === 'COMPLETED') {
    terminal.print(`done: ${progress}`)
    return EXIT.done
  }
  const reason = task.text('FailureReason')
  terminal.complain(`millrace: ${status.toLowerCase()}: ${progress}${reason === '' ? '' : `: ${reason}`}`)
  return EXIT.failed
}

/** As the server has it, which also says whether the queue is there. */
async function arnOf(client: ApiClient, queue: string): Promise<string> {
  if (queue.startsWith('arn:')) return queue
  const asked = { QueueUrl: client.queueUrl(queue), AttributeNames: ['QueueArn'] }
  return (await client.call('GetQueueAttributes', asked)).part('Attributes').text('QueueArn')
}

function parseRate(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`--rate must be a number of messages a second, not ${text}`)
  return Number(text)
}
