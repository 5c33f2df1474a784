import { join, resolve } from 'node:path'
import type { Durability } from '../journal/journal.ts'
import { notEmpty, oneOf, parseOnOff, parseSwitch, pathOrNone } from './parse-values.ts'
import type { SettingsTable } from './setting.ts'

/** Where data are kept, and how safely. */
export interface StorageSettings {
  /** An absolute path. */
  readonly dataDirectory: string
  readonly durability: Durability
  /** Whether new files of the journal are encrypted. */
  readonly encryption: boolean
  /** An absolute path. */
  readonly masterKeyFile: string
  /** Run by the shell; empty for none. */
  readonly masterKeyCommand: string
  readonly acceptClock: boolean
}

export const STORAGE_SETTINGS: SettingsTable<StorageSettings> = {
  dataDirectory: {
    name: 'data-dir',
    placeholder: 'path',
    help: 'directory of the journal and the root key; made if missing, never shared',
    default: 'millrace-data',
    why: 'in the working directory, where it is seen, backed up and removed with the rest; a path in the home directory would be shared by every server that is only tried out',
    parse: (text, directory) => resolve(directory, notEmpty(text)),
  },
  durability: {
    name: 'durability',
    placeholder: 'fsync|os|memory',
    help: 'what an answer waits for: the disk, the operating system, or nothing',
    default: 'fsync',
    why: 'an acknowledged message survives a power cut',
    parse: (text) => oneOf(['fsync', 'os', 'memory'], text),
  },
  encryption: {
    name: 'encryption',
    placeholder: 'on|off',
    help: 'whether the journal is encrypted at rest; off leaves encrypted files as they are, and still needs their key',
    default: true,
    why: 'a disk that is sold, a backup that is copied: what is meant for production is safe unless told otherwise',
    parse: parseOnOff,
  },
  masterKeyFile: {
    name: 'master-key-file',
    placeholder: 'file',
    help: 'file of the master key, 32 bytes in base64; without it, master.key in the data directory, made at the first start',
    default: '',
    why: 'it works at once; who keeps the key apart from the data is protected from more',
    parse: pathOrNone,
  },
  masterKeyCommand: {
    name: 'master-key-command',
    placeholder: 'command',
    help: 'command that prints the master key, 32 bytes in base64, as a client of a vault does; run by the shell at the start',
    default: '',
    why: 'only the operator has a vault',
    secret: true,
    parse: (text) => text,
  },
  acceptClock: {
    name: 'accept-clock',
    placeholder: null,
    help: "start though the clock is far from the journal's last time",
    default: false,
    why: 'a clock that is off by a day would expire or delay messages wrongly',
    flagOnly: true,
    parse: parseSwitch,
  },
}

/** Where the master key is kept when nobody says. */
export function masterKeyFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'master.key')
}
