import { join } from 'node:path'
import type { Random } from '../base/random.ts'
import { KeyFileError, malformedKeyFile, readKeyFile, writeKeyFile } from '../key-file.ts'
import { type KeyPair, keyPairProblem, makeKeyPair } from './root-key.ts'

const NAME = 'root-key.json'
const CONTENT = 'an access key'
const FILE_BYTES_MAX = 4_096

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
    if (problem !== undefined) throw new KeyFileError(`the root key that was given can't be used: ${problem}`)
    const isStored = stored?.accessKeyId === given.accessKeyId && stored.secretKey === given.secretKey
    if (!isStored) await writeRootKey(directory, given)
    return { pair: given, isNew: false }
  }
  if (stored !== undefined) return { pair: stored, isNew: false }
  const pair = makeKeyPair(random)
  await writeRootKey(directory, pair)
  return { pair, isNew: true }
}

/** The root key that a data directory holds; undefined if there is none, or no directory. Throws `KeyFileError`. */
export async function readRootKey(directory: string): Promise<KeyPair | undefined> {
  const path = join(directory, NAME)
  const text = await readKeyFile(path, CONTENT, FILE_BYTES_MAX)
  return text === undefined ? undefined : parseKeyFile(path, text)
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

function malformed(path: string, cause?: unknown): KeyFileError {
  return malformedKeyFile(path, CONTENT, cause)
}

function writeRootKey(directory: string, pair: KeyPair): Promise<void> {
  return writeKeyFile(join(directory, NAME), `${JSON.stringify(pair, null, 2)}\n`)
}
