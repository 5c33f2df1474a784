import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file of the data directory with a key in it can't be used as it is; the message says what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
}

/**
 * The text of a file with a key in it; undefined if there is none, or no directory. Throws `KeyFileError`, where `content`
 * says what should be in it: `an access key`, and `lost` what it means to do without it: that a new one is made, if left out.
 */
export async function readKeyFile(
  path: string,
  content: string,
  bytesMax: number,
  lost: string | null = null,
): Promise<string | undefined> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new KeyFileError(`${path} can't be opened`, { cause })
  }
  try {
    const { mode, size } = await file.stat()
    if ((mode & 0o077) !== 0) {
      throw new KeyFileError(
        `${path} can be read or written by others (mode ${(mode & 0o777).toString(8)}): the key may be known. ` +
          (lost === null
            ? 'Remove the file to get a new key, or keep this one with chmod 600.'
            : `Keep it with chmod 600; ${lost}.`),
      )
    }
    if (size > bytesMax) throw malformedKeyFile(path, content, undefined, lost)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

export function malformedKeyFile(
  path: string,
  content: string,
  cause?: unknown,
  lost: string | null = null,
): KeyFileError {
  return new KeyFileError(
    `${path} doesn't hold ${content}: restore it from a backup${lost === null ? ', or remove it to get a new key' : `; ${lost}`}`,
    { cause },
  )
}

/**
 * Durable on return, and readable by its owner alone. Written whole beside its place and then moved there, so that no start
 * ever finds half a file.
 */
export async function writeKeyFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`
  // A crash may have left one; its mode can't be relied on.
  await rm(temporary, { force: true })
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await syncDirectory(dirname(path))
}

/** What was made, renamed or removed in it is durable when this resolves. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
