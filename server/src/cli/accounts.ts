import type { Command } from 'commander'
import { EXIT } from './exit-codes.ts'
import type { OnServer } from './on-server.ts'
import type { Flags, ServerCommands } from './server-commands.ts'

const PATH = '/_millrace/accounts'

/** Adds the commands that make and list accounts. */
export function addAccountCommands(program: Command, { add, run }: ServerCommands): void {
  const account = program
    .command('account')
    .description('make and list accounts: each has queues, topics, streams and users of its own')
    .showHelpAfterError()
  add(
    'create',
    'make an account, and print the root key that it has, which is shown this once',
    'millrace account create tests',
    account,
  )
    .argument('<name>', 'what to call it')
    .action((name: string, flags: Flags) => run(flags, (on) => createAccount(on, name)))
  add('list', 'list the accounts', 'millrace account list', account)
    .option('--json', 'one JSON object a line')
    .action((flags: Flags) => run(flags, (on) => listAccounts(on, flags.json === true)))
}

async function createAccount({ client, terminal }: OnServer, name: string): Promise<number> {
  const made = await client.operate('POST', `${PATH}/${encodeURIComponent(name)}`)
  const key = made.part('rootKey')
  terminal.print(
    [
      `account             ${made.text('accountId')}`,
      `access key id       ${key.text('accessKeyId')}`,
      `secret access key   ${key.text('secretAccessKey')}`,
    ].join('\n'),
  )
  return EXIT.done
}

async function listAccounts({ client, terminal }: OnServer, asJson: boolean): Promise<number> {
  const accounts = (await client.operate('GET', PATH)).list('accounts').map((account) => ({
    accountId: account.text('accountId'),
    name: account.text('name'),
    alias: account.text('alias'),
  }))
  for (const { accountId, name, alias } of accounts) {
    const line = `${accountId}  ${name}${alias === '' ? '' : ` (${alias})`}`
    terminal.print(asJson ? JSON.stringify({ accountId, name, alias }) : line)
  }
  return EXIT.done
}
