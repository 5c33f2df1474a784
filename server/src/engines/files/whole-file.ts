import type { Disk, DiskFile } from './disk.ts'
import { TEMPORARY_SUFFIX } from './file-names.ts'

/**
 * Puts a file there that is either whole and durable or not there at all: temporary file, sync, rename, sync of the directory.
 * Replaces what had the name. Resolves with the open file, which still has to be closed.
 */
export async function createWholeFile(
  disk: Disk,
  name: string,
  write: (file: DiskFile) => Promise<void>,
): Promise<DiskFile> {
  const temporary = name + TEMPORARY_SUFFIX
  const file = await disk.create(temporary)
  try {
    await write(file)
    await file.sync()
    await disk.rename(temporary, name)
    await disk.syncDirectory()
    return file
  } catch (error) {
    // The name is only tidied away; what counts is the first failure. The next start removes what stays.
    await file.close().catch(() => {})
    await disk.remove(temporary).catch(() => {})
    throw error
  }
}

/** `createWholeFile` for content that is at hand. The file is closed when it resolves. */
export async function writeNewFile(disk: Disk, name: string, buffers: readonly Uint8Array[]): Promise<void> {
  const file = await createWholeFile(disk, name, (file) => file.write(buffers, 0))
  await file.close()
}

export async function readWholeFile(disk: Disk, name: string): Promise<Uint8Array> {
  return await withFile(disk, name, async (file) => {
    const bytes = Buffer.allocUnsafeSlow(await file.size())
    return bytes.subarray(0, await file.read(bytes, 0))
  })
}

/** Opens a file for as long as `use` takes. */
export async function withFile<T>(disk: Disk, name: string, use: (file: DiskFile) => Promise<T>): Promise<T> {
  const file = await disk.open(name)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
