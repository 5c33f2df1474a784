/** What one setting is called, what it may be, and what it is when nobody says. */
export interface Setting<T> {
  /** As a flag with two dashes before it, as a key of the config file as it stands, as a variable `MILLRACE_DATA_DIR`. */
  readonly name: string
  /** What stands for the value in the help, or null for a switch, which is on when it is named. */
  readonly placeholder: string | null
  readonly help: string
  readonly default: T
  /** Why that default; for the reader of this table. */
  readonly why: string
  /** The value may hold a password: it is in no message. */
  readonly secret?: true
  /** Only as a flag: what is meant for one start must not lie around in a file or an environment. */
  readonly flagOnly?: true
  /** Throws a RangeError that says what the value must be. Paths are relative to `directory`. */
  readonly parse: (text: string, directory: string) => T
}

/** What there is to set of one subject. */
export type SettingsTable<Settings> = { readonly [Name in keyof Settings]: Setting<Settings[Name]> }

/** The variable of a setting, e.g. `MILLRACE_DATA_DIR`. */
export function variableOf(setting: { readonly name: string }): string {
  return `MILLRACE_${setting.name.toUpperCase().replaceAll('-', '_')}`
}
