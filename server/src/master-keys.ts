import { execFile } from 'node:child_process'
import { hkdfSync } from 'node:crypto'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { aesGcm } from './aes-gcm.ts'
import type { Random } from './base/random.ts'
import type { Config } from './config/config.ts'
import { MASTER_KEY_ID_BYTES } from './engines/files/key-slot.ts'
import type { Encryption, MasterKey } from './engines/files/keyring.ts'
import { KeyFileError, malformedKeyFile, readKeyFile, syncDirectory, writeKeyFile } from './key-file.ts'
import { MASTER_KEY_BYTES, parseMasterKey } from './master-key-text.ts'

const CONTENT = 'a master key'
const LOST = 'without it nothing of the journal can be read'
const FILE_BYTES_MAX = 1024

/** A vault that does not answer must not hold a start for ever. */
const COMMAND_TIMEOUT_MS = 30_000
const COMMAND_OUTPUT_BYTES_MAX = 64 * 1024

/** Beside the file of the master key: the next one, until all files are wrapped with it. */
const NEXT_SUFFIX = '.next'

type MasterKeyConfig = Pick<
  Config,
  'encryption' | 'masterKeyFile' | 'masterKeyCommand' | 'masterKey' | 'oldMasterKey'
>

export interface MasterKeys {
  readonly encryption: Encryption
  /** The file that a key was made in just now; null where it was there, or is kept elsewhere. */
  readonly madeFile: string | null
  /** To be called once every file is wrapped with the current key: what is not needed any more goes. */
  readonly settle: () => Promise<void>
}

/** Where the master key is kept. */
type Keeping = { readonly kind: 'given' | 'command' } | { readonly kind: 'file'; readonly path: string }

/**
 * The master key: that of MILLRACE_MASTER_KEY, what `--master-key-command` prints, or what stands in the file, in this order. The
 * file is made where it is not there and `random` is given, unless `isNeeded` says that something is encrypted already: a new key
 * would open nothing. Throws `KeyFileError`.
 */
export async function loadMasterKeys(
  config: MasterKeyConfig,
  random: Random | null,
  isNeeded: () => Promise<boolean>,
): Promise<MasterKeys> {
  const { keeping, key: found } = await readKey(config)
  const olds = config.oldMasterKey === undefined ? [] : [config.oldMasterKey]
  if (keeping.kind !== 'file') return keysOf(config.encryption, found, olds, null)
  if (found === undefined) {
    const { path } = keeping
    if (await isNeeded()) {
      throw new KeyFileError(
        `${path} is missing, and the journal is encrypted: put the master key back from where it was backed up. Without it ` +
          'nothing of the journal can be read. Nothing was changed',
      )
    }
    if (!config.encryption || random === null) return keysOf(false, undefined, olds, null)
    const made = random.bytes(MASTER_KEY_BYTES)
    await writeMasterKey(path, made)
    return keysOf(true, made, olds, path)
  }
  const next = await readMasterKey(keeping.path + NEXT_SUFFIX)
  if (next === undefined) return keysOf(config.encryption, found, olds, null)
  // A change of the key was cut short: it goes on where it was.
  const keys = keysOf(config.encryption, next, [...olds, found], null)
  return { ...keys, settle: () => putInPlace(keeping.path) }
}

/**
 * The keys for changing the master key. A key in a file is changed for a new one, which lies beside it until `settle`; one that is
 * kept elsewhere has to be the new one already, with the one before in MILLRACE_OLD_MASTER_KEY. Throws `KeyFileError`.
 */
export async function nextMasterKeys(config: MasterKeyConfig, random: Random): Promise<MasterKeys> {
  const { keeping, key } = await readKey(config)
  if (key === undefined) {
    throw new KeyFileError(`${keeping.kind === 'file' ? keeping.path : 'the master key'} is missing`)
  }
  if (config.oldMasterKey !== undefined) return keysOf(true, key, [config.oldMasterKey], null)
  if (keeping.kind !== 'file') {
    throw new KeyFileError(
      'the master key does not come from a file: give the new one where it comes from, and the one before in MILLRACE_OLD_MASTER_KEY',
    )
  }
  const { path } = keeping
  let next = await readMasterKey(path + NEXT_SUFFIX)
  if (next === undefined) {
    next = random.bytes(MASTER_KEY_BYTES)
    await writeMasterKey(path + NEXT_SUFFIX, next)
  }
  return { ...keysOf(true, next, [key], null), settle: () => putInPlace(path) }
}

async function readKey(config: MasterKeyConfig): Promise<{ keeping: Keeping; key: Uint8Array | undefined }> {
  const { masterKey, masterKeyCommand, masterKeyFile: path } = config
  if (masterKey !== undefined) return { keeping: { kind: 'given' }, key: masterKey }
  if (masterKeyCommand !== '') return { keeping: { kind: 'command' }, key: await ask(masterKeyCommand) }
  return { keeping: { kind: 'file', path }, key: await readMasterKey(path) }
}

function keysOf(
  encrypts: boolean,
  current: Uint8Array | undefined,
  others: readonly Uint8Array[],
  madeFile: string | null,
): MasterKeys {
  const key = current === undefined ? [] : [masterKeyOf(current)]
  const olds = others.map(masterKeyOf)
  const [first] = key
  const encryption: Encryption =
    encrypts && first !== undefined
      ? { cipher: aesGcm, current: first, others: olds }
      : { cipher: aesGcm, current: null, others: [...key, ...olds] }
  return { encryption, madeFile, settle: async () => {} }
}

/** What follows from a master key can't be turned back into it, and the one not into the other. */
export function masterKeyOf(key: Uint8Array): MasterKey {
  const derive = (purpose: string, bytes: number) =>
    new Uint8Array(hkdfSync('sha256', key, '', purpose, bytes))
  return {
    id: derive('millrace master key id', MASTER_KEY_ID_BYTES),
    wrapping: derive('millrace journal file keys', MASTER_KEY_BYTES),
  }
}

async function readMasterKey(path: string): Promise<Uint8Array | undefined> {
  const text = await readKeyFile(path, CONTENT, FILE_BYTES_MAX, LOST)
  if (text === undefined) return undefined
  const key = parseMasterKey(text)
  if (key === undefined) throw malformedKeyFile(path, CONTENT, undefined, LOST)
  return key
}

async function writeMasterKey(path: string, key: Uint8Array): Promise<void> {
  await writeKeyFile(path, `${Buffer.from(key).toString('base64')}\n`)
}

async function putInPlace(path: string): Promise<void> {
  await rename(path + NEXT_SUFFIX, path)
  await syncDirectory(dirname(path))
}

/** What a command prints, run by the shell. */
async function ask(command: string): Promise<Uint8Array> {
  const output = await new Promise<string>((resolve, reject) => {
    const options = { timeout: COMMAND_TIMEOUT_MS, maxBuffer: COMMAND_OUTPUT_BYTES_MAX }
    execFile('/bin/sh', ['-c', command], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else {
        const ending = error.killed === true ? `did not end within ${COMMAND_TIMEOUT_MS / 1000} s` : 'failed'
        const said = stderr.trim() === '' ? '' : `: ${stderr.trim().slice(0, 500)}`
        // The command itself may hold a token: it is in no message.
        reject(new KeyFileError(`the command for the master key ${ending}${said}`))
      }
    })
  })
  const key = parseMasterKey(output)
  if (key !== undefined) return key
  throw new KeyFileError('the command for the master key printed something else than 32 bytes in base64')
}
