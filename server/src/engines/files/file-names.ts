/**
 * The files of a journal, all in one directory:
 *
 * ```
 *   0000000000000001.segment      frames, named by the first one's number
 *   0000000000000001.index        where the bodies of that segment lie; derived from it
 *   0000000000000007.cold         survivors of segments that are gone, named by a serial number
 *   0000000000000042.snapshot     state after that frame
 *   accepted.losses               bodies that a repair wrote off
 *   keys.rotation                 headers of files, while their keys are wrapped by another master key
 *   *.tmp                         not finished; removed at the next start
 *   *.quarantine                  what a repair took out of the way; never read again
 * ```
 */
export type NumberedFile = 'segment' | 'index' | 'cold'

export const LOSSES_FILE = 'accepted.losses'
export const ROTATION_FILE = 'keys.rotation'
export const TEMPORARY_SUFFIX = '.tmp'
export const QUARANTINE_SUFFIX = '.quarantine'

export function fileName(kind: NumberedFile, number: number): string {
  return `${String(number).padStart(16, '0')}.${kind}`
}

/** The numbers of all files of one kind, ascending. */
export function fileNumbers(names: readonly string[], kind: NumberedFile): number[] {
  const numbers: number[] = []
  for (const name of names) {
    const match = /^(\d{16})\.(segment|index|cold)$/.exec(name)
    if (match?.[2] === kind) numbers.push(Number(match[1]))
  }
  return numbers.sort((a, b) => a - b)
}
