import { Option } from 'commander'
import { optOut } from './opt-out.ts'
import { peek } from './peek.ts'
import { purge } from './purge.ts'
import { listQueues } from './queues.ts'
import { cancelRedrive, redrive } from './redrive.ts'
import { send } from './send.ts'
import { type Flags, type ServerCommands, textIn } from './server-commands.ts'
import { tail } from './tail.ts'

/** Adds the commands that work on the queues of a running server, and on what else it has. */
export function addQueueCommands(server: ServerCommands): void {
  const { run } = server
  const add = (usage: string, description: string, example: string) =>
    server
      .add(usage, description, example)
      .option('--region <name>', 'region of the queue or number (default: AWS_REGION, or us-east-1)')
      .option('--account <digits>', 'account of the queue or number (default: 000000000000)')

  add('queues', 'list the queues, with how many messages they hold', 'millrace queues --region eu-west-1')
    .option('--json', 'one JSON object a line')
    .action((flags: Flags) => run(flags, (on) => listQueues(on, flags.json === true)))

  add(
    'send',
    'send a message to a queue and print its id',
    "millrace send orders 'two millstones' --attribute kind=stone",
  )
    .argument('<queue>', 'its name or URL')
    .argument('[body]', 'the message; "-" or nothing reads standard input')
    .addOption(
      new Option(
        '--attribute <name=value>',
        'a message attribute, NAME=VALUE or NAME:TYPE=VALUE; may be repeated',
      )
        .argParser((value: string, before: readonly string[]) => [...before, value])
        .default([], 'none'),
    )
    .option('--delay <seconds>', 'hide it for so long')
    .option('--group <id>', 'its message group')
    .option('--dedup <id>', 'its deduplication id, in FIFO queues')
    .action((queue: string, body: string | undefined, flags: SendFlags) =>
      run(flags, (on) =>
        send(on, {
          queue,
          body,
          attributes: flags.attribute,
          delay: textIn(flags, 'delay'),
          group: textIn(flags, 'group'),
          dedup: textIn(flags, 'dedup'),
        }),
      ),
    )

  add('peek', 'show the messages of a queue, without receiving them', 'millrace peek orders --limit 3 --full')
    .argument('<queue>', 'its name or URL')
    .option('--limit <number>', 'how many, the oldest first', '10')
    .option('--full', 'whole bodies')
    .option('--json', 'one JSON object a line, with whole bodies')
    .action((queue: string, flags: Flags & { limit: string }) =>
      run(flags, (on) =>
        peek(on, { queue, limit: flags.limit, isFull: flags.full === true, asJson: flags.json === true }),
      ),
    )

  add('tail', 'show what comes into a queue from now on, without receiving it', 'millrace tail orders --json')
    .argument('<queue>', 'its name or URL')
    .option('--full', 'whole bodies')
    .option('--json', 'one JSON object a line, with whole bodies')
    .action((queue: string, flags: Flags) =>
      run(flags, (on) => tail(on, { queue, isFull: flags.full === true, asJson: flags.json === true })),
    )

  add('purge', 'delete all messages of a queue', 'millrace purge orders --yes')
    .argument('<queue>', 'its name or URL')
    .option('--yes', 'do not ask')
    .action((queue: string, flags: Flags) => run(flags, (on) => purge(on, queue, flags.yes === true)))

  add(
    'redrive',
    'move the messages of a dead-letter queue back to where they came from',
    'millrace redrive orders-dead --to orders-again --rate 50',
  )
    .argument('<queue>', "the dead-letter queue's name or URL")
    .option('--to <queue>', 'move them to this queue instead')
    .option('--rate <number>', 'messages a second')
    .option('--cancel', 'end the moving that is under way')
    .action((queue: string, flags: Flags) =>
      run(flags, (on) =>
        flags.cancel === true
          ? cancelRedrive(on, queue)
          : redrive(on, { queue, to: textIn(flags, 'to'), rate: textIn(flags, 'rate') }),
      ),
    )

  add(
    'opt-out',
    'send no more text messages to a phone number, until OptInPhoneNumber of SNS is called',
    'millrace opt-out +15551234567 --region eu-west-1',
  )
    .argument('<number>', 'the number, as E.164 has it')
    .action((number: string, flags: Flags) => run(flags, (on) => optOut(on, number)))
}

type SendFlags = Flags & { readonly attribute: readonly string[] }
