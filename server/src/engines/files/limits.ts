const KIB = 1024
const MIB = 1024 * KIB

/** A block holds several bodies, or the events of several appends, up to this; a larger one has a block of its own. */
export const BLOCK_BYTES = 64 * KIB

export interface FilesLimits {
  /** A segment that has reached this is sealed, and the next begins. Bytes. */
  readonly segmentBytes: number
  /** A frame that has reached this takes no more appends. Bytes of events and bodies; a single append may be larger. */
  readonly frameBytes: number
  /** For how long a frame waits for more to join it. Turns of the event loop. */
  readonly gatherTurns: number
  /** A frame that has reached this waits for nothing. Bytes of events and bodies. */
  readonly gatherBytes: number
  /** A frame with as many appends as this waits for nothing either: a sync is shared well enough then. */
  readonly gatherAppends: number
  /** What one write may bring to the disk. Bytes; a single frame may be larger. */
  readonly writeBytes: number
  /** Once a segment has this much, zeros are written ahead of its frames. Bytes. */
  readonly zerosFromBytes: number
  /** Zeros are written ahead in steps of this size, the next as soon as half of one is used up. Bytes. */
  readonly zerosStepBytes: number
  /** A write of this much is in no need of them: what they save is little beside it, and they would double what goes to the disk. Bytes. */
  readonly zerosBelowBytes: number
  /** Blocks kept in memory for reading, with all that they keep there: the frames that they lie in. Bytes. */
  readonly cacheBytes: number
  /** How much is read at once when a block is not in memory: its neighbours are likely next. Bytes. */
  readonly readAheadBytes: number
  /** Files kept open for reading. */
  readonly openFiles: number
  /** An acknowledged frame is followed by a seal after this time without commits. Milliseconds. */
  readonly sealAfterMilliseconds: number
  /** A sealed segment, or a cold file of generation 1, of which less than this part is alive has its survivors relocated. 0 to 1. */
  readonly relocateBelow: number
  /**
   * So has a sealed segment of which less than this part is alive, if nearly all of that is to stay for long: time won't free it
   * soon. At half, what is copied is no more than what is freed. 0 to 1.
   */
  readonly relocateHeldBelow: number
  /** What is meant by nearly: the part of the segment that may be alive and short-lived. 0 to 1. */
  readonly relocateHeldShortBelow: number
  /** The newest sealed segments are left alone: what is being consumed dies without help. A number of segments. */
  readonly relocateBehindSegments: number
  /** Nothing is relocated unless that frees this much. Bytes. */
  readonly relocateForBytes: number
  /** What relocation reads and writes in one step. Bytes. */
  readonly relocateStepBytes: number
  /** The pause between two steps of relocation. Milliseconds. */
  readonly relocatePauseMilliseconds: number
}

export const FILES_LIMITS: FilesLimits = {
  segmentBytes: 64 * MIB,
  frameBytes: 4 * MIB,
  gatherTurns: 5,
  gatherBytes: 256 * KIB,
  gatherAppends: 16,
  writeBytes: 16 * MIB,
  zerosFromBytes: 64 * KIB,
  zerosStepBytes: MIB,
  zerosBelowBytes: 128 * KIB,
  cacheBytes: 16 * MIB,
  readAheadBytes: 128 * KIB,
  openFiles: 128,
  sealAfterMilliseconds: 5,
  relocateBelow: 0.25,
  relocateHeldBelow: 0.5,
  relocateHeldShortBelow: 1 / 16,
  relocateBehindSegments: 4,
  relocateForBytes: 128 * MIB,
  relocateStepBytes: MIB,
  relocatePauseMilliseconds: 5,
}
