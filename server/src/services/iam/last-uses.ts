import type { NotedUse } from './commands.ts'
import type { LastUse } from './entities.ts'

/** A use is told apart from the one before when it's at least as much later, in milliseconds. */
const PRECISION_MS = 1_000

/**
 * When access keys and roles were used last. It's noted with every request, so it's kept in memory, and told to the cell now and then: what
 * a crash takes are the uses since.
 */
export class LastUses {
  /** By access key id, or the id of a role. */
  readonly #uses = new Map<string, LastUse>()
  readonly #unsaved = new Set<string>()

  note(id: string, use: LastUse): void {
    const last = this.#uses.get(id)
    if (last !== undefined && use.at < last.at + PRECISION_MS) return
    this.#uses.set(id, use)
    this.#unsaved.add(id)
  }

  /** The later of what was noted here and what is known otherwise. */
  latest<Use extends Pick<LastUse, 'at' | 'region'>>(id: string, known: Use | null): LastUse | Use | null {
    const noted = this.#uses.get(id)
    if (noted === undefined) return known
    return known !== null && known.at > noted.at ? known : noted
  }

  /** What was noted since the last call. */
  takeUnsaved(): readonly NotedUse[] {
    const uses = [...this.#unsaved].map((id) => ({ id, ...this.#uses.get(id)! }))
    this.#unsaved.clear()
    return uses
  }

  /** What was taken could not be saved after all. */
  putBack(uses: readonly NotedUse[]): void {
    for (const { id } of uses) this.#unsaved.add(id)
  }
}
