import type { Command, Option } from 'commander'
import { type Config, SETTINGS } from '../config/config.ts'
import type { Setting } from '../config/setting.ts'
import { type OnServer, onServer } from './on-server.ts'
import type { Terminal } from './terminal.ts'

export interface ServerCommandsOptions {
  readonly program: Command
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly configFrom: (flags: Flags) => Config
  readonly optionFor: (setting: Setting<unknown>) => Option
  readonly configOption: () => Option
  readonly finish: (exitCode: number) => void
}

export type Flags = Readonly<Record<string, unknown>>

/** Where the server is. Given any of them, the environment's AWS_ENDPOINT_URL is passed over. */
const PLACES = ['host', 'port', 'dataDir', 'config'] as const

/** How commands that work on a running server are declared, and run on the server that their flags name. */
export interface ServerCommands {
  readonly add: (usage: string, description: string, example: string, parent?: Command) => Command
  readonly run: (flags: Flags, work: (on: OnServer) => Promise<number>) => Promise<void>
}

export function serverCommands(options: ServerCommandsOptions): ServerCommands {
  const { program, terminal, environment, configFrom, optionFor, configOption, finish } = options
  const { host, port, dataDirectory, auth } = SETTINGS
  return {
    add(usage, description, example, parent = program) {
      const command = parent.command(usage).description(description)
      for (const setting of [host, port, dataDirectory, auth]) command.addOption(optionFor(setting))
      return command.addOption(configOption()).addHelpText('after', `${EXAMPLE}${example}\n${WHERE}`)
    },
    /** Splits what is the command's own from what says where the server is. */
    async run(flags, work) {
      const isNamed = PLACES.some((name) => flags[name] !== undefined)
      const settings = Object.fromEntries(
        [...PLACES, 'auth'].filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]),
      )
      const config = configFrom(settings)
      const place = { region: textIn(flags, 'region'), account: textIn(flags, 'account') }
      finish(await onServer({ config, environment, isNamed, ...place }, terminal, work))
    },
  }
}

export function textIn(flags: Flags, name: string): string | undefined {
  const value = flags[name]
  return typeof value === 'string' ? value : undefined
}

const EXAMPLE = '\nExample: '

const WHERE = `
The server is the one that AWS_ENDPOINT_URL names, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without it, or when a
flag says where it is, the one of the settings, with the root key of its data directory.`
