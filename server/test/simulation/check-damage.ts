import { SeededRandom } from '../../src/base/random.ts'
import { type RepairReport, repairJournal } from '../../src/engines/files/repair-journal.ts'
import { BodiesLostError, JournalError } from '../../src/journal/journal.ts'
import { diskWith, type Legacy, type Start, startAgain } from './damaged-start.ts'
import type { Damage } from './damages.ts'

/**
 * Starts a server on damaged files, and says which promise that breaks; null if none. What is allowed: the start is refused, names the
 * file and changes nothing; or everything is there; or bodies that can't be read are reported, and all else is right. What is
 * refused has to start after a repair, with nothing lost but what the repair names.
 */
export async function checkDamage(legacy: Legacy, { kind, replaced }: Damage): Promise<string | null> {
  const files = new Map(legacy.files)
  for (const [name, bytes] of Object.entries(replaced)) {
    if (bytes === null) files.delete(name)
    else files.set(name, bytes)
  }
  const damaged = Object.keys(replaced)
  const start = await startAgain(diskWith(files), legacy)
  const wrong = hidesEnd(legacy, replaced) ? whatIsServedWrong(start) : whatIsWrong(start, damaged)
  const { refusal, told } = start
  if (
    kind === 'bit' &&
    refusal !== null &&
    // The end of the newest segment may be cut first; then what shows that it was acknowledged names the segment.
    !damaged.some(
      (name) => told.includes(`${name} is corrupt at offset`) || told.includes(`missing from ${name}`),
    )
  ) {
    return `the refusal does not name the damaged place: ${told}`
  }
  if (wrong !== null || start.refusal === null) return wrong
  return await whatIsWrongAfterRepair(legacy, files, damaged)
}

/** Nothing but its own bytes says how far the newest segment of a server that was killed went: docs/formats/journal.md. */
function hidesEnd({ files }: Legacy, replaced: Damage['replaced']): boolean {
  const newest = [...files.keys()].filter((name) => name.endsWith('.segment')).at(-1)!
  const bytes = replaced[newest]
  if (bytes === undefined || files.has(newest.replace('segment', 'index'))) return false
  const before = files.get(newest)!
  return bytes === null || bytes.length < before.length || bytes.at(-1) !== before.at(-1)
}

function whatIsWrong({ refusal, told, ...start }: Start, damaged: readonly string[]): string | null {
  const { changed, violations, extra, missing, unreadable } = start
  if (violations.length > 0) return `it breaks promises: ${JSON.stringify(violations)}`
  if (extra.length > 0) return `it has what an undamaged start does not: ${extra}`
  if (changed.length > 0) return `it was refused, and changed ${changed}`
  if (refusal !== null) {
    return damaged.some((name) => told.includes(name))
      ? null
      : `it was refused without naming a file: ${told}`
  }
  const isNamed = ({ message }: Error) =>
    damaged.some((name) => message.includes(`${name} is corrupt at offset`))
  if (!unreadable.every(isNamed)) return `bodies can't be read for another reason: ${told}`
  return missing.length === unreadable.length ? null : `silently missing: ${missing}; reported: ${told}`
}

/** With a lost frame, its deletes are lost too. */
function whatIsServedWrong({ violations }: Start): string | null {
  const wrong = violations.filter(({ kind }) => kind !== 'resurrected')
  return wrong.length === 0 ? null : `it breaks promises: ${JSON.stringify(wrong)}`
}

async function whatIsWrongAfterRepair(
  legacy: Legacy,
  files: ReadonlyMap<string, Uint8Array>,
  damaged: readonly string[],
): Promise<string | null> {
  const disk = diskWith(files)
  let report: RepairReport
  try {
    const { encryption } = legacy
    report = await repairJournal(disk, { acceptLoss: true, random: new SeededRandom(1), encryption })
  } catch (error) {
    // Units that both snapshots refer to lie on the disk once.
    if (error instanceof JournalError && damaged.some((name) => name.endsWith('.snapshot'))) return null
    throw error
  }
  const start = await startAgain(disk, legacy)
  const wrong = judgeRepaired(start, report)
  return wrong === null ? null : `${wrong}; repaired: ${JSON.stringify(report)}`
}

function judgeRepaired(start: Start, { outcome, lostFrames, lostBodies }: RepairReport): string | null {
  if (outcome !== 'repaired') return `the repair finds nothing to do where a start is refused: ${outcome}`
  if (start.refusal !== null) return `a start is refused after the repair: ${start.refusal.message}`
  const unnamed = start.unreadable.find((error) => !(error instanceof BodiesLostError))
  if (unnamed !== undefined) return `a body is damaged that the repair did not name: ${unnamed.message}`
  if (lostFrames.length > 0) return whatIsServedWrong(start)
  if (start.violations.length > 0) return `it breaks promises: ${JSON.stringify(start.violations)}`
  if (start.extra.length > 0) return `it has what an undamaged start does not: ${start.extra}`
  const silently =
    start.missing.length !== start.unreadable.length || (lostBodies.length === 0 && start.missing.length > 0)
  return silently ? `the repair did not name ${start.missing}` : null
}
