import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { type KeyPair, keyPairProblem } from '../auth/root-key.ts'
import { suggestion } from '../base/closest-word.ts'
import { type Config, conflictsIn, SETTINGS, type Settings } from '../config/config.ts'
import { type Setting, variableOf } from '../config/setting.ts'
import { masterKeyFileIn } from '../config/storage-settings.ts'
import { parseMasterKey } from '../master-key-text.ts'
import { readDeclaredQueues } from '../read-declared-queues.ts'

/** The settings can't be used; `problems` says of each what is wrong and where it came from. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

export interface ConfigSources {
  /** By setting name, as typed: text, `true` for a switch; also `config`, the path of the config file. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What relative paths in flags and variables are relative to; those in a file are relative to the file. */
  readonly workingDirectory: string
}

/** The variables that are no settings. Keys come by variable alone: flags show in process lists, files get copied. */
const ROOT_ACCESS_KEY = 'MILLRACE_ROOT_ACCESS_KEY'
const ROOT_SECRET_KEY = 'MILLRACE_ROOT_SECRET_KEY'
const MASTER_KEY = 'MILLRACE_MASTER_KEY'
const OLD_MASTER_KEY = 'MILLRACE_OLD_MASTER_KEY'
const CONFIG_FILE = 'MILLRACE_CONFIG'
/** The key of the config file that is no setting: nobody writes queues on a command line. */
const QUEUES = 'queues'

/**
 * Puts the settings together; of two sources the earlier wins: flags, variables, config file, defaults. A variable that is
 * set to nothing counts as not set. Throws `ConfigError` with all that is wrong: unknown names, bad values, conflicts.
 */
export function readConfig(sources: ConfigSources): Config {
  const { flags, environment, workingDirectory } = sources
  const problems = unknownVariables(environment)
  const file = readFile(flags.config ?? environment[CONFIG_FILE], workingDirectory, problems)

  const choose = <T>(setting: Setting<T>): T => {
    const variable = variableOf(setting)
    const given: Given[] = [
      { value: flags[setting.name], place: `--${setting.name}`, directory: workingDirectory },
      { value: environment[variable] || undefined, place: variable, directory: workingDirectory },
      {
        value: file.values[setting.name],
        place: `${file.path}: ${setting.name}`,
        directory: dirname(file.path),
      },
    ]
    for (const { value, place, directory } of setting.flagOnly ? given.slice(0, 1) : given) {
      if (value === undefined) continue
      try {
        return setting.parse(textOf(value), directory)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        const shown = setting.secret ? '' : `, not ${JSON.stringify(value)}`
        problems.push(`${place} ${error.message}${shown}`)
        return setting.default
      }
    }
    return setting.default
  }

  const settings = chooseAll(choose)
  const dataDirectory = resolve(workingDirectory, settings.dataDirectory)
  const config: Config = {
    ...settings,
    dataDirectory,
    masterKeyFile: settings.masterKeyFile || masterKeyFileIn(dataDirectory),
    rootKey: readRootKey(environment, problems),
    masterKey: readMasterKey(MASTER_KEY, environment, problems),
    oldMasterKey: readMasterKey(OLD_MASTER_KEY, environment, problems),
    awsCredentials: readAwsCredentials(environment),
    queues: readDeclaredQueues(file.values[QUEUES], `${file.shownPath}: ${QUEUES}`, problems),
  }
  if (problems.length === 0) problems.push(...conflictsIn(config))
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function chooseAll(choose: <T>(setting: Setting<T>) => T): Settings {
  const chosen = Object.entries(SETTINGS).map(([name, setting]) => [name, choose<unknown>(setting)])
  // Each name has the value of its own setting, which TypeScript can't follow through a list.
  return Object.fromEntries(chosen) as unknown as Settings
}

/** The root key from the environment, if it is there; half a key, and what is no key, is a problem. */
function readRootKey(environment: ConfigSources['environment'], problems: string[]): KeyPair | undefined {
  const accessKeyId = environment[ROOT_ACCESS_KEY] || undefined
  const secretKey = environment[ROOT_SECRET_KEY] || undefined
  if (accessKeyId === undefined && secretKey === undefined) return undefined
  if (accessKeyId === undefined || secretKey === undefined) {
    problems.push(`${ROOT_ACCESS_KEY} and ${ROOT_SECRET_KEY} go together: give both or neither`)
    return undefined
  }
  const problem = keyPairProblem({ accessKeyId, secretKey })
  if (problem !== undefined) problems.push(`${ROOT_ACCESS_KEY}, ${ROOT_SECRET_KEY}: ${problem}`)
  return { accessKeyId, secretKey }
}

/** The key that AWS's own clients would take; half of one is none. */
function readAwsCredentials(environment: ConfigSources['environment']): Config['awsCredentials'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (!accessKeyId || !secretAccessKey) return undefined
  const { AWS_SESSION_TOKEN: sessionToken } = environment
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}

/** A master key from the environment, if it is there. */
function readMasterKey(
  variable: string,
  environment: ConfigSources['environment'],
  problems: string[],
): Uint8Array | undefined {
  const text = environment[variable] || undefined
  if (text === undefined) return undefined
  const key = parseMasterKey(text)
  if (key === undefined)
    problems.push(`${variable} must be 32 bytes in base64: 44 characters, the last one "="`)
  return key
}

interface Given {
  readonly value: unknown
  readonly place: string
  readonly directory: string
}

/** The names that Kubernetes and Docker give to containers beside a service called "millrace". */
const SERVICE_LINK = /^MILLRACE_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP)(?:_\w+)?)$/

function unknownVariables(environment: ConfigSources['environment']): string[] {
  const settings = Object.values(SETTINGS).filter((setting) => !setting.flagOnly)
  const known = [
    ...settings.map(variableOf),
    CONFIG_FILE,
    ROOT_ACCESS_KEY,
    ROOT_SECRET_KEY,
    MASTER_KEY,
    OLD_MASTER_KEY,
  ]
  return Object.keys(environment)
    .filter((name) => name.startsWith('MILLRACE_') && !known.includes(name) && !SERVICE_LINK.test(name))
    .map((name) => `unknown variable ${name}${suggestion(name, known)}`)
}

interface ConfigFile {
  readonly path: string
  /** The path as it was given, for messages. */
  readonly shownPath: string
  /** By setting name; empty if there is no file. */
  readonly values: Readonly<Record<string, unknown>>
}

/** Reads the config file, if one is named. Adds what is wrong with it to `problems`. */
function readFile(path: unknown, workingDirectory: string, problems: string[]): ConfigFile {
  const none: ConfigFile = { path: workingDirectory, shownPath: '', values: {} }
  if (typeof path !== 'string' || path === '') return none
  let content: unknown
  try {
    const text = readFileSync(resolve(workingDirectory, path), 'utf8')
    // Its warnings would show lines of the file on the terminal.
    content = parseYaml(text, { logLevel: 'error' }) ?? {}
  } catch (error) {
    // Only what is wrong, and where: below that the parser shows the line, which may hold a password.
    const [reason = ''] = error instanceof Error ? error.message.trim().split('\n') : [String(error)]
    problems.push(`the config file ${path} can't be read: ${reason.replace(/:$/, '')}`)
    return none
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    problems.push(`the config file ${path} must hold settings, one a line, like "port: 4566"`)
    return none
  }
  const known = Object.values(SETTINGS).filter((setting) => !setting.flagOnly)
  const names = [...known.map((setting) => setting.name), QUEUES]
  for (const key of Object.keys(content).filter((each) => !names.includes(each))) {
    const flagOnly = Object.values(SETTINGS).some((setting) => setting.name === key)
    problems.push(
      `${path}: ${flagOnly ? `${key} is only for the command line` : `unknown setting ${key}${suggestion(key, names)}`}`,
    )
  }
  return {
    path: resolve(workingDirectory, path),
    shownPath: path,
    values: { ...content },
  }
}

/** YAML and the command line know numbers and truth values; the settings are parsed from text, wherever they come from. */
function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  throw new RangeError('must be a single value')
}
