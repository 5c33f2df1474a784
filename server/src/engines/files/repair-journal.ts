import type { Random } from '../../base/random.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { checkKeys } from './check-keys.ts'
import type { Disk } from './disk.ts'
import { fileName, fileNumbers, LOSSES_FILE, TEMPORARY_SUFFIX } from './file-names.ts'
import { writeIndex } from './index-file.ts'
import { inspectJournal, type JournalInspection } from './inspect-journal.ts'
import type { SegmentInspection } from './inspect-segment.ts'
import { type Encryption, Keyring } from './keyring.ts'
import { type IdRange, Losses, writeLosses } from './losses.ts'
import {
  quarantine,
  type RepairGround,
  rewriteSegment,
  salvageBodies,
  visitGoodFrames,
  writeEmptySegment,
} from './repair-files.ts'
import { holdsCut, isSpoiled, planRepair, type RepairPlan } from './repair-plan.ts'
import { findSegment, walkSegment } from './segment-load.ts'

export interface RepairOptions {
  /** Goes on although acknowledged frames or bodies are lost by it. */
  readonly acceptLoss: boolean
  readonly random: Random
  /** Left out for a journal that is plain. */
  readonly encryption?: Encryption | undefined
  /** The names (of queues, say) that events are about, so that the report can say who lost something. */
  readonly namesIn?: (events: Uint8Array) => Iterable<string>
}

export interface RepairReport {
  /** `sound`: nothing to do. `refused`: something would be lost and that was not accepted; nothing was changed. */
  readonly outcome: 'sound' | 'refused' | 'repaired'
  /** What was done, or would be. */
  readonly steps: readonly string[]
  /** Frames whose events are lost, as ranges. */
  readonly lostFrames: readonly string[]
  /** Bodies that are lost, as ranges. Whoever refers to one is told so when reading it. */
  readonly lostBodies: readonly string[]
  /** What the lost events were about, as far as they can still be read. */
  readonly affected: readonly string[]
  /** Copies of all that was changed or taken away. */
  readonly quarantined: readonly string[]
}

/**
 * Makes a damaged journal one that opens: what can't be relied on is copied aside and cut out. Keeps whatever can be kept, in
 * this order of worth: the newest good snapshot, the frames behind it up to the first that is damaged, every body that can
 * be read. May be run again after a crash in the middle. The journal must not be open.
 *
 * Rejects with `JournalError` where nothing is left to build a state from.
 */
export async function repairJournal(disk: Disk, options: RepairOptions): Promise<RepairReport> {
  const keyring = new Keyring(options.encryption ?? null, options.random)
  await checkKeys(disk, keyring)
  const inspection = await inspectJournal(disk, keyring)
  const plan = planRepair(inspection)
  const steps = describeSteps(plan)
  const lost = {
    lostFrames: describeLostFrames(plan),
    lostBodies: new Losses(plan.lostBodies).ranges.map(describeRange),
    affected: await findAffected(disk, inspection, plan, options.namesIn),
  }
  if (steps.length === 0) return { outcome: 'sound', steps, ...lost, quarantined: [] }
  const loses = lost.lostFrames.length > 0 || lost.lostBodies.length > 0
  if (loses && !options.acceptLoss) return { outcome: 'refused', steps, ...lost, quarantined: [] }
  const quarantined = await new Repair(disk, options.random, keyring, inspection, plan).run()
  return { outcome: 'repaired', steps, ...lost, quarantined }
}

class Repair {
  readonly #ground: RepairGround
  readonly #inspection: JournalInspection
  readonly #plan: RepairPlan
  readonly #quarantined: string[] = []
  readonly #lost: IdRange[]

  constructor(disk: Disk, random: Random, keyring: Keyring, inspection: JournalInspection, plan: RepairPlan) {
    const headers = inspection.segments
      .filter(({ headerProblem }) => headerProblem === null)
      .map(({ found }) => found.header)
    const epoch = Math.max(1, ...inspection.segments.map(({ found }) => found.header.epoch))
    const journalId = headers[0]?.journalId ?? inspection.cut?.journalId ?? random.bytes(8)
    this.#ground = { disk, random, keyring, journalId, epoch }
    this.#inspection = inspection
    this.#plan = plan
    this.#lost = [...plan.lostBodies]
  }

  /**
   * In this order, so that a crash in between leaves a journal that still refuses to open, or one that opens with all that
   * is kept: copies aside, new places of bodies, what is lost, segments, and last what is no longer needed.
   */
  async run(): Promise<readonly string[]> {
    const { disk } = this.#ground
    const { rewritten, salvaged, dropped, colds, badIndexes, lossesDamaged } = this.#plan
    for (const name of await disk.list()) if (name.endsWith(TEMPORARY_SUFFIX)) await disk.remove(name)
    const changed = [...rewritten, ...salvaged].map(({ found }) => found.name)
    const aside = [...changed, ...dropped, ...colds.map(({ name }) => name)]
    if (lossesDamaged) aside.push(LOSSES_FILE)
    for (const name of aside) this.#quarantined.push(await quarantine(disk, name))

    await this.#salvage()
    const before = this.#inspection.losses?.ranges ?? []
    if (this.#lost.length > 0 || lossesDamaged)
      await writeLosses(disk, new Losses([...before, ...this.#lost]))
    await this.#removeIndexes([...changed, ...dropped])
    const marked = await this.#markEnd()
    for (const source of rewritten) await this.#rewrite(source, source.found.number)
    const { cutFrame } = this.#plan
    const spoiled = rewritten.filter((each) => isSpoiled(each, this.#inspection.segments, cutFrame))
    for (const { found } of spoiled) {
      const { segment } = await walkSegment(
        disk,
        await findSegment(disk, found.number, this.#ground.keyring),
        {
          checkBodies: false,
          visit: () => {},
        },
      )
      await writeIndex(disk, segment)
    }
    for (const source of salvaged) await this.#replaceSalvaged(source)
    // The later first, so that what is left after a crash has no hole that could pass for frames that were never there.
    for (const name of [...dropped].sort().reverse()) if (name !== marked) await disk.remove(name)
    for (const { name } of colds) await disk.remove(name)
    const left = await disk.list()
    for (const name of badIndexes) if (left.includes(name)) await disk.remove(name)
    await disk.syncDirectory()
    return this.#quarantined
  }

  /** An index says how much of its segment there has to be: it goes before anything of that does. */
  async #removeIndexes(segments: readonly string[]): Promise<void> {
    const { disk } = this.#ground
    const names = await disk.list()
    for (const segment of segments) {
      const name = segment.replace(/segment$/, 'index')
      if (names.includes(name)) await disk.remove(name)
    }
    await disk.syncDirectory()
  }

  async #salvage(): Promise<void> {
    const { disk } = this.#ground
    const { covered } = this.#inspection
    const { salvaged, colds } = this.#plan
    let serial = Math.max(0, ...fileNumbers(await disk.list(), 'cold')) + 1
    for (const source of salvaged) {
      await salvageBodies(this.#ground, source, { serial: serial++, generation: 1, lastFrame: covered })
    }
    for (const { inspection } of colds) {
      if (inspection === null) continue
      const into = { serial: serial++, generation: 1, lastFrame: Number.MAX_SAFE_INTEGER }
      const lost = await salvageBodies(this.#ground, inspection, into)
      this.#lost.push(...lost.map((id) => ({ first: id, last: id })))
    }
  }

  /**
   * What the snapshot does not cover is kept as a segment of its own. The rest has moved, and an empty segment takes its place:
   * a file that had live bodies is missed when it is gone.
   */
  async #replaceSalvaged(source: SegmentInspection): Promise<void> {
    if (this.#hasRest(source)) await this.#rewrite(source, this.#inspection.covered + 1)
    const { number, header } = source.found
    await writeEmptySegment(this.#ground, {
      frame: number,
      firstBodyId: header.firstBodyId,
      nextBodyId: header.firstBodyId,
      now: source.segment.lastNow,
      previousNonce: this.#previousNonce(source),
    })
  }

  /** True if a salvaged segment has frames that the snapshot does not cover and that are kept. */
  #hasRest({ end }: SegmentInspection): boolean {
    const from = this.#inspection.covered + 1
    return end.number > from && (this.#plan.cutFrame ?? Number.MAX_SAFE_INTEGER) > from
  }

  async #rewrite(source: SegmentInspection, from: number): Promise<void> {
    const { cutFrame, nextBodyId } = this.#plan
    const isCut = cutFrame !== null && holdsCut(source, cutFrame)
    const next = this.#inspection.segments.find(({ found }) => found.number >= source.end.number)
    const goesOn = cutFrame === null ? nextBodyId : source.end.firstBodyId
    await rewriteSegment(this.#ground, source, {
      from,
      to: isCut ? cutFrame : Number.MAX_SAFE_INTEGER,
      nextBodyId: isCut ? nextBodyId : (next?.found.header.firstBodyId ?? goesOn),
      previousNonce: this.#previousNonce(source),
    })
  }

  #previousNonce(source: SegmentInspection): Uint8Array {
    const { segments } = this.#inspection
    const before = segments[segments.indexOf(source) - 1]
    const isMadeOut = source.headerProblem !== null && before?.end.number === source.found.number
    return isMadeOut ? before.found.header.nonce : source.found.header.previousNonce
  }

  /**
   * Numbers go on behind the cut, and behind the snapshot, also where no segment is left that could say so. Resolves with the name of
   * the segment that says it, if one was made.
   */
  async #markEnd(): Promise<string | null> {
    const { cutFrame, nextBodyId, salvaged } = this.#plan
    const { segments, covered } = this.#inspection
    const last = segments.findLast(({ found }) => found.number < (cutFrame ?? Number.MAX_SAFE_INTEGER))
    const isSalvaged = last !== undefined && salvaged.includes(last)
    const isMarked = isSalvaged
      ? this.#hasRest(last) && (cutFrame === null || holdsCut(last, cutFrame))
      : last !== undefined && (cutFrame === null || holdsCut(last, cutFrame))
    if (isMarked) return null
    const frame = cutFrame ?? covered + 1
    await writeEmptySegment(this.#ground, {
      frame,
      firstBodyId: last?.end.firstBodyId ?? nextBodyId,
      nextBodyId,
      now: last?.segment.lastNow ?? 0,
      previousNonce: last?.found.header.nonce ?? new Uint8Array(NONCE_BYTES),
    })
    return fileName('segment', frame)
  }
}

async function findAffected(
  disk: Disk,
  { segments, covered }: JournalInspection,
  { cutFrame }: RepairPlan,
  namesIn: RepairOptions['namesIn'],
): Promise<string[]> {
  if (namesIn === undefined || cutFrame === null) return []
  const names = new Set<string>()
  const note = (events: Uint8Array) => {
    for (const name of namesIn(events)) names.add(name)
  }
  for (const source of segments) {
    for (const { frames, events } of source.damages) if (frames.last > covered) events.forEach(note)
    await visitGoodFrames(disk, source, (frame, _offset, events) => {
      if (frame.number >= cutFrame) events.forEach(note)
    })
  }
  return [...names].sort()
}

function describeSteps(plan: RepairPlan): string[] {
  const steps: string[] = []
  if (plan.cutFrame !== null) steps.push(`give up every frame from ${plan.cutFrame} on`)
  for (const { found } of plan.rewritten) steps.push(`write ${found.name} anew from its good frames`)
  for (const { found } of plan.salvaged)
    steps.push(`move the bodies of ${found.name} that can be read into a cold file`)
  for (const { name } of plan.colds)
    steps.push(`move the bodies of ${name} that can be read into a new cold file`)
  for (const name of plan.dropped) steps.push(`take ${name} away`)
  for (const name of plan.badIndexes) steps.push(`remove ${name}, which the next start makes anew`)
  if (plan.lossesDamaged) steps.push(`begin ${LOSSES_FILE} anew`)
  if (plan.lostBodies.length > 0) steps.push(`note in ${LOSSES_FILE} which bodies are lost`)
  return steps
}

function describeLostFrames({ cutFrame, lastFrame }: RepairPlan): string[] {
  if (cutFrame === null) return []
  if (lastFrame < cutFrame) return [`${cutFrame} and what may have followed`]
  return [describeRange({ first: cutFrame, last: lastFrame })]
}

function describeRange({ first, last }: IdRange): string {
  return first === last ? String(first) : `${first} to ${last}`
}
