import type { SeededRandom } from '../../base/random.ts'

type Change<File> =
  | { readonly kind: 'link'; readonly order: number; readonly name: string; readonly file: File }
  | { readonly kind: 'rename'; readonly order: number; readonly from: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly order: number; readonly name: string }

/**
 * The names of a simulated directory, as processes see them and as they stand on the platter. Changes are durable only after
 * a sync of the directory. A power loss keeps some of the others: a prefix, as journaling file systems do, or any that
 * do not depend on a lost one, as file systems do that write back one file's entries when that file is synced.
 */
export class SimulatedDirectory<File> {
  readonly #entries = new Map<string, File>()
  readonly #platter = new Map<string, File>()
  readonly #unsynced: Change<File>[] = []

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  get files(): Iterable<File> {
    return this.#entries.values()
  }

  find(name: string): File | undefined {
    return this.#entries.get(name)
  }

  findDurable(name: string): File | undefined {
    return this.#platter.get(name)
  }

  link(order: number, name: string, file: File): void {
    this.#change({ kind: 'link', order, name, file })
  }

  rename(order: number, from: string, to: string): void {
    this.#change({ kind: 'rename', order, from, to })
  }

  unlink(order: number, name: string): void {
    this.#change({ kind: 'unlink', order, name })
  }

  /** A sync: every change up to and including `order` is on the platter. */
  flush(order: number): void {
    while (this.#unsynced[0] !== undefined && this.#unsynced[0].order <= order) {
      perform(this.#platter, this.#unsynced.shift()!)
    }
  }

  losePower(random: SeededRandom): void {
    for (const change of chooseSurvivors(random, this.#unsynced)) perform(this.#platter, change)
    this.#unsynced.length = 0
    this.#entries.clear()
    for (const [name, file] of this.#platter) this.#entries.set(name, file)
  }

  #change(change: Change<File>): void {
    perform(this.#entries, change)
    this.#unsynced.push(change)
  }
}

function perform<File>(entries: Map<string, File>, change: Change<File>): void {
  switch (change.kind) {
    case 'link':
      entries.set(change.name, change.file)
      break
    case 'rename': {
      const file = entries.get(change.from)
      if (file === undefined) throw new Error(`no entry ${change.from} to rename`)
      entries.delete(change.from)
      entries.set(change.to, file)
      break
    }
    case 'unlink':
      entries.delete(change.name)
      break
    default:
      change satisfies never
  }
}

const OUTCOMES = ['nothing', 'everything', 'prefix', 'scattered', 'scattered'] as const

function chooseSurvivors<File>(
  random: SeededRandom,
  changes: readonly Change<File>[],
): readonly Change<File>[] {
  switch (random.pick(OUTCOMES)) {
    case 'nothing':
      return []
    case 'everything':
      return changes
    case 'prefix':
      return changes.slice(0, random.below(changes.length + 1))
    case 'scattered': {
      const lostNames = new Set<string>()
      return changes.filter((change) => {
        const names = change.kind === 'rename' ? [change.from, change.to] : [change.name]
        const survives = random.chance(0.5) && !names.some((name) => lostNames.has(name))
        if (!survives) for (const name of names) lostNames.add(name)
        return survives
      })
    }
  }
}
