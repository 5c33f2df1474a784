import { EXIT } from './exit-codes.ts'
import { type OnServer, UsageError } from './on-server.ts'

export interface SendOptions {
  readonly queue: string
  /** `-`, or left out: standard input. */
  readonly body: string | undefined
  /** As typed: `NAME=VALUE` or `NAME:TYPE=VALUE`. */
  readonly attributes: readonly string[]
  readonly delay: string | undefined
  readonly group: string | undefined
  readonly dedup: string | undefined
}

/** Sends one message and prints its id. */
export async function send({ client, terminal }: OnServer, options: SendOptions): Promise<number> {
  const input = {
    QueueUrl: client.queueUrl(options.queue),
    MessageBody: await bodyOf(options.body, terminal),
    ...(options.attributes.length > 0 && { MessageAttributes: parseAttributes(options.attributes) }),
    ...(options.delay !== undefined && { DelaySeconds: parseSeconds(options.delay) }),
    ...(options.group !== undefined && { MessageGroupId: options.group }),
    ...(options.dedup !== undefined && { MessageDeduplicationId: options.dedup }),
  }
  const answer = await client.call('SendMessage', input)
  terminal.print(answer.text('MessageId'))
  return EXIT.done
}

async function bodyOf(body: string | undefined, terminal: OnServer['terminal']): Promise<string> {
  if (body !== undefined && body !== '-') return body
  if (body === undefined && terminal.isInteractive) {
    throw new UsageError('give the body as an argument, or pipe it in; "-" reads what you type')
  }
  try {
    return await terminal.readInput()
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message)
    throw error
  }
}

/** Message attributes as SendMessage takes them. Without a type they are strings; binary ones are given in base64. */
export function parseAttributes(typed: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    typed.map((text) => {
      const [, name, type = 'String', value] = /^([^:=]+)(?::([^=]+))?=(.*)$/s.exec(text) ?? []
      if (name === undefined || value === undefined) {
        throw new UsageError(`--attribute must be NAME=VALUE or NAME:TYPE=VALUE, not ${text}`)
      }
      const member = type.startsWith('Binary') ? 'BinaryValue' : 'StringValue'
      return [name, { DataType: type, [member]: value }]
    }),
  )
}

function parseSeconds(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--delay must be a whole number of seconds, not ${text}`)
  return Number(text)
}
