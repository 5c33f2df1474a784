import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../base/random.ts'
import { type KeyPair, keyPairProblem, makeKeyPair } from './root-key.ts'

const NAME = 'root-key.json'
const FILE_BYTES_MAX = 4_096

/** The root key can't be used as it is; the message says what to do. */
export class RootKeyError extends Error {
  override readonly name = 'RootKeyError'
}

export interface RootKey {
  readonly pair: KeyPair
  /** Whether it was made now: the one time to show it to the operator. */
  readonly isNew: boolean
}

/**
 * The root access key of a data directory. A pair that is `given` is used and becomes the stored one; else what is stored;
 * else a new one is made. What is returned is durable, in `root-key.json`, readable by its owner alone.
 */
export async function loadRootKey(
  directory: string,
  given: KeyPair | undefined,
  random: Random,
): Promise<RootKey> {
  const stored = await readRootKey(directory)
  if (given !== undefined) {
    const problem = keyPairProblem(given)
    if (problem !== undefined) throw new RootKeyError(`the root key that was given can't be used: ${problem}`)
    const isStored = stored?.accessKeyId === given.accessKeyId && stored.secretKey === given.secretKey
    if (!isStored) await writeKeyFile(directory, given)
    return { pair: given, isNew: false }
  }
  if (stored !== undefined) return { pair: stored, isNew: false }
  const pair = makeKeyPair(random)
  await writeKeyFile(directory, pair)
  return { pair, isNew: true }
}

/** The root key that a data directory holds; undefined if there is none, or no directory. */
export async function readRootKey(directory: string): Promise<KeyPair | undefined> {
  const path = join(directory, NAME)
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new RootKeyError(`${path} can't be opened`, { cause })
  }
  try {
    const { mode, size } = await file.stat()
    if ((mode & 0o077) !== 0) {
      throw new RootKeyError(
        `${path} can be read or written by others (mode ${(mode & 0o777).toString(8)}): the key may be known. ` +
          'Remove the file to get a new key, or keep this one with chmod 600.',
      )
    }
    if (size > FILE_BYTES_MAX) throw malformed(path)
    return parseKeyFile(path, await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

function parseKeyFile(path: string, text: string): KeyPair {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw malformed(path, cause)
  }
  if (typeof content !== 'object' || content === null) throw malformed(path)
  if (!('accessKeyId' in content) || !('secretKey' in content)) throw malformed(path)
  const { accessKeyId, secretKey } = content
  if (typeof accessKeyId !== 'string' || typeof secretKey !== 'string') throw malformed(path)
  const pair = { accessKeyId, secretKey }
  if (keyPairProblem(pair) !== undefined) throw malformed(path)
  return pair
}

function malformed(path: string, cause?: unknown): RootKeyError {
  return new RootKeyError(
    `${path} doesn't hold an access key: restore it from a backup, or remove it to get a new key`,
    { cause },
  )
}

/** Written whole beside its place and then moved there, so that no start ever finds half a file. */
async function writeKeyFile(directory: string, pair: KeyPair): Promise<void> {
  const path = join(directory, NAME)
  const temporary = `${path}.new`
  // A crash may have left one; its mode can't be relied on.
  await rm(temporary, { force: true })
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(pair, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await syncDirectory(directory)
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
