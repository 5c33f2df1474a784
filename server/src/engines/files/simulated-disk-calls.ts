import type { SeededRandom } from '../../base/random.ts'
import type { Timers } from '../../base/time.ts'
import type { Disk, DiskError, DiskFile } from './disk.ts'

/** Every kind of call that a disk or one of its files takes. */
export type DiskOperation = keyof Disk | keyof DiskFile

/** An errno name that a call is to fail with. */
export type DiskFault = 'EIO' | 'ENOSPC'

/** What a call does, and what it may have done when it did not come to its end. */
export interface Effect<T> {
  readonly apply: () => T
  /** When the process dies meanwhile: part of it. Nothing, where there are no parts. */
  readonly partly?: () => void
  /** When it fails by a fault. Nothing, where left out. */
  readonly fail?: () => void
}

export interface CallOptions {
  readonly random: SeededRandom
  /** Left out: no time passes, each call completes as a microtask, in the order of the calls. */
  readonly timers?: Timers
  /** How long a call takes, in milliseconds; left out: drawn from `random`, a sync now and then very long. */
  readonly latency?: (operation: DiskOperation) => number
}

/** The calls that one process makes to a simulated disk: their latency, their faults, and their fate when it dies. */
export class SimulatedCalls {
  /** Called before each call; may end the process. */
  onOperation: (operation: DiskOperation, name: string) => void = () => {}
  readonly #options: CallOptions
  readonly #random: SeededRandom
  readonly #counts = new Map<DiskOperation, number>()
  readonly #underWay = new Set<(dying: boolean) => void>()
  readonly #plannedFaults: {
    readonly operation: DiskOperation
    callsLeft: number
    readonly fault: DiskFault
  }[] = []
  readonly #chanceFaults: {
    readonly operation: DiskOperation
    readonly probability: number
    readonly fault: DiskFault
  }[] = []
  #dead = false

  constructor(options: CallOptions) {
    this.#options = options
    this.#random = options.random
  }

  get dead(): boolean {
    return this.#dead
  }

  count(operation: DiskOperation): number {
    return this.#counts.get(operation) ?? 0
  }

  failCall(operation: DiskOperation, nth: number, fault: DiskFault): void {
    this.#plannedFaults.push({ operation, callsLeft: nth, fault })
  }

  failByChance(operation: DiskOperation, probability: number, fault: DiskFault): void {
    this.#chanceFaults.push({ operation, probability, fault })
  }

  clearFaults(): void {
    this.#plannedFaults.length = 0
    this.#chanceFaults.length = 0
  }

  /** The process ends: what is under way happened, happened in part, or did not; nothing more will. */
  die(): void {
    this.#dead = true
    for (const complete of [...this.#underWay]) complete(true)
  }

  /**
   * Lets a call take its time and then its effect, unless a fault or the end of the process comes first. The effect stands
   * at the end of the call: a buffer that its owner changes meanwhile shows, as it would on a real disk.
   */
  perform<T>(operation: DiskOperation, name: string, effect: Effect<T>): Promise<T> {
    this.#counts.set(operation, this.count(operation) + 1)
    if (!this.#dead) this.onOperation(operation, name)
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(processEnded())
      const fault = this.#takeFault(operation)
      const complete = (dying: boolean) => {
        if (!this.#underWay.delete(complete)) return
        if (dying) {
          this.#cutShort(effect)
          reject(processEnded())
        } else if (fault !== null) {
          effect.fail?.()
          reject(diskError(fault, `the simulated disk fails a ${operation} of "${name}"`))
        } else {
          try {
            resolve(effect.apply())
          } catch (error) {
            reject(error)
          }
        }
      }
      this.#underWay.add(complete)
      this.#later(operation, () => complete(false))
    })
  }

  #takeFault(operation: DiskOperation): DiskFault | null {
    let taken: DiskFault | null = null
    for (const planned of this.#plannedFaults) {
      if (planned.operation === operation && --planned.callsLeft === 0) taken = planned.fault
    }
    for (const chance of this.#chanceFaults) {
      if (chance.operation === operation && this.#random.chance(chance.probability)) taken = chance.fault
    }
    return taken
  }

  #cutShort(effect: Effect<unknown>): void {
    if (this.#random.chance(1 / 3)) {
      effect.partly?.()
    } else if (this.#random.chance(1 / 2)) {
      try {
        effect.apply()
      } catch {
        // It would have failed, and nobody is left to be told.
      }
    }
  }

  #later(operation: DiskOperation, complete: () => void): void {
    const { timers, latency } = this.#options
    if (timers === undefined) queueMicrotask(complete)
    else timers.after(latency?.(operation) ?? this.#drawLatency(operation), complete)
  }

  #drawLatency(operation: DiskOperation): number {
    const share = this.#random.uint32() / 2 ** 32
    if (operation !== 'sync' && operation !== 'syncDirectory') return 0.02 + 0.3 * share
    return this.#random.chance(0.01) ? 20 + 200 * share : 0.2 + 4 * share
  }
}

export function diskError(code: string, message: string): DiskError {
  return Object.assign(new Error(`${code}: ${message}`), { code })
}

function processEnded(): DiskError {
  return diskError('ESHUTDOWN', 'the simulated process has ended')
}
