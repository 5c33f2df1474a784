import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/**
 * Which core the JavaScript of the process under test runs on, and which one everything else does, its disk threads, its
 * garbage collector and the disk's interrupts included: a core that both share at the scheduler's whim moves figures by a
 * fifth from run to run.
 * Undefined where there is only one core, or no `taskset`.
 */
export interface Pinning {
  readonly measured: MeasuredCore
  readonly others: number
}

/** `any`: all threads of the process run where there is room. */
export type MeasuredCore = number | 'any'

/** For what is measured while nothing else goes on: no thread is in the way of another, and where one wakes up is the system's choice, as for users. */
export function idle(pinning: Pinning | undefined): Pinning | undefined {
  return pinning && { ...pinning, measured: 'any' }
}

/** Not every sandbox has it. */
const INTERRUPTS = '/proc/interrupts'

/** Chooses two cores and moves this process, and so what it starts, to the one for the others. */
export function pin(): Pinning | undefined {
  if (process.platform !== 'linux') return undefined
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  const cores = allowed === undefined ? [] : parseCoreList(allowed)
  if (cores.length < 2) return undefined
  const measured = quietestCore(cores, existsSync(INTERRUPTS) ? readFileSync(INTERRUPTS, 'utf8') : '')
  const pinning = { measured, others: cores.find((core) => core !== measured)! }
  const moved = spawnSync('taskset', ['-acp', String(pinning.others), String(process.pid)])
  return moved.status === 0 ? pinning : undefined
}

/** The cores in a list as Linux writes it, such as `0-2,5`. */
export function parseCoreList(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
  })
}

/**
 * The core that devices interrupt least, by Linux's table of interrupts since the machine was started. A disk that has one queue interrupts
 * the same core with every write, whoever waits for it.
 */
export function quietestCore(cores: readonly number[], interrupts: string): number {
  const [head = '', ...lines] = interrupts.split('\n')
  const columns = head.trim().split(/\s+/)
  const ofDevices = lines.map((line) => line.trim().split(/\s+/)).filter(([name]) => /^\d+:$/.test(name!))
  const countOn = (core: number) => {
    const column = columns.indexOf(`CPU${core}`) + 1
    return ofDevices.reduce((sum, counts) => sum + Number(counts[column]), 0)
  }
  return cores.reduce((quietest, core) => (countOn(core) <= countOn(quietest) ? core : quietest))
}
