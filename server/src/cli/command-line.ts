import { Command, CommanderError, Option } from 'commander'
import { type Config, SETTINGS } from '../config/config.ts'
import { exposureProblem } from '../config/listening-settings.ts'
import { type Setting, variableOf } from '../config/setting.ts'
import { createLogger } from '../observe/logger.ts'
import type { PreviewQueues, StartServer } from '../running-server.ts'
import { addAccountCommands } from './accounts.ts'
import { SHELLS, type Shell } from './client-environment.ts'
import { addClockCommands } from './clock-commands.ts'
import { env } from './env.ts'
import { EXIT } from './exit-codes.ts'
import { explainFailure } from './explain-failure.ts'
import {
  encryptPlainJournal,
  type JournalCommandOptions,
  printJournalStat,
  printJournalVerification,
  repairJournalAndPrint,
  rotateMasterKey,
} from './journal.ts'
import { addQueueCommands } from './queue-commands.ts'
import { ConfigError, readConfig } from './read-config.ts'
import { printPreview, serve } from './serve.ts'
import { serverCommands } from './server-commands.ts'
import type { Terminal } from './terminal.ts'
import { readVersion } from './version.ts'

export interface CommandLineOptions {
  /** Without the program's own name. */
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  readonly terminal: Terminal
  readonly start: StartServer
  readonly preview: PreviewQueues
}

/** Runs one command and resolves with the exit code. What is a mistake of ours is thrown. */
export async function runCommandLine(options: CommandLineOptions): Promise<number> {
  let exitCode: number = EXIT.done
  const program = buildProgram(options, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync([...options.args], { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said what was wrong; asking for help or the version is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) options.terminal.complain(`millrace: ${problem}`)
    return EXIT.usage
  }
}

function buildProgram(options: CommandLineOptions, finish: (exitCode: number) => void): Command {
  const { terminal } = options
  const configFrom = (flags: Readonly<Record<string, unknown>>) =>
    readConfig({ ...options, flags: named(flags) })

  const program = new Command('millrace')
    .description('A durable, self-hosted message server that unmodified AWS clients talk to.')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    })

  const serveCommand = program.command('serve').description('run the server')
  for (const setting of Object.values(SETTINGS)) serveCommand.addOption(optionFor(setting))
  serveCommand
    .addOption(configOption())
    .addHelpText('after', SETTINGS_HELP)
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const config = configFrom(flags)
      const exposure = exposureProblem(config)
      if (exposure !== undefined) throw new ConfigError([exposure])
      const logger = createLogger(config.logLevel)
      if (config.dryRun) finish(await printPreview({ config, logger, terminal, preview: options.preview }))
      else finish(await serve({ config, logger, terminal, start: options.start }))
    })

  const { host, port, dataDirectory, auth } = SETTINGS
  const envCommand = program
    .command('env')
    .description('print what AWS clients need to use the server, to be pasted into a shell')
  for (const setting of [host, port, dataDirectory, auth]) envCommand.addOption(optionFor(setting))
  envCommand
    .addOption(configOption())
    .addOption(new Option('--shell <name>', 'the shell that the lines are for').choices(SHELLS).default('sh'))
    .action(async ({ shell, ...flags }: { shell: Shell } & Readonly<Record<string, unknown>>) => {
      const config = configFrom(flags)
      finish(await onDirectory(config, terminal, () => env(config, shell, terminal)))
    })

  const onServers = serverCommands({
    ...{ program, terminal, environment: options.environment, configFrom, optionFor, configOption, finish },
  })
  addQueueCommands(onServers)
  addAccountCommands(program, onServers)
  addClockCommands(program, onServers)

  const journalCommand = program
    .command('journal')
    .description('check or repair the journal of a server that does not run')
    .showHelpAfterError()
  const { encryption, masterKeyFile, masterKeyCommand } = SETTINGS
  const addJournalCommand = (name: string, description: string, work: JournalWork) =>
    journalCommand
      .command(name)
      .description(description)
      .addOption(optionFor(dataDirectory))
      .addOption(optionFor(encryption))
      .addOption(optionFor(masterKeyFile))
      .addOption(optionFor(masterKeyCommand))
      .addOption(configOption())
      .option('--json', 'print the report as JSON')
      .action(async ({ json = false, acceptLoss = false, ...flags }: JournalFlags) => {
        const settings = configFrom(flags)
        finish(await onDirectory(settings, terminal, () => work({ settings, terminal, json, acceptLoss })))
      })
  addJournalCommand('stat', 'print what it consists of', printJournalStat)
  addJournalCommand(
    'verify',
    'read every byte and print what is wrong; exit code 5 if something is',
    printJournalVerification,
  )
  addJournalCommand(
    'repair',
    'make a damaged journal one that opens, with copies of all that is changed',
    repairJournalAndPrint,
  ).option('--accept-loss', 'go on where acknowledged messages are lost by it')
  addJournalCommand(
    'encrypt',
    'encrypt what is still plain, of a journal from before or one that was kept with --encryption off',
    encryptPlainJournal,
  )
  addJournalCommand(
    'rotate-key',
    'change the master key: a new one in the place of its file, or the one that is given now for the one in MILLRACE_OLD_MASTER_KEY',
    rotateMasterKey,
  )

  return program
}

type JournalWork = (options: JournalCommandOptions & { readonly acceptLoss: boolean }) => Promise<number>
type JournalFlags = { json?: boolean; acceptLoss?: boolean } & Readonly<Record<string, unknown>>

/** Runs a command on the data directory of some settings; a failure of the world around is told and ends it. */
async function onDirectory(
  config: Config,
  terminal: Terminal,
  command: () => Promise<number>,
): Promise<number> {
  try {
    return await command()
  } catch (error) {
    const failure = explainFailure(error, config)
    if (failure === null) throw error
    terminal.complain(`millrace: ${failure.message}`)
    return failure.exitCode
  }
}

function optionFor(setting: Setting<unknown>): Option {
  const flag =
    setting.placeholder === null ? `--${setting.name}` : `--${setting.name} <${setting.placeholder}>`
  const variable = setting.flagOnly ? '' : ` [${variableOf(setting)}]`
  return new Option(flag, `${setting.help}${defaultOf(setting)}${variable}`)
}

function defaultOf({ placeholder, default: value }: Setting<unknown>): string {
  if (placeholder === null || String(value) === '') return ''
  return ` (default: ${typeof value === 'boolean' ? (value ? 'on' : 'off') : value})`
}

function configOption(): Option {
  return new Option(
    '--config <file>',
    'read settings from a YAML file, by the names of the flags [MILLRACE_CONFIG]',
  )
}

const SETTINGS_HELP = `
Of two places that give the same setting the earlier wins: flag, variable, config file, default.

The root access key comes from MILLRACE_ROOT_ACCESS_KEY and MILLRACE_ROOT_SECRET_KEY, or else is made at the first start
and kept in the data directory. The master key, which the journal is encrypted with, may come from MILLRACE_MASTER_KEY, and the one before
it from MILLRACE_OLD_MASTER_KEY.`

/** Commander gives flags in camel case; settings go by the names that people type. */
function named(flags: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(flags).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      value,
    ]),
  )
}
