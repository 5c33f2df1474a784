import type { TemplateResult } from 'lit-html'
import type { Api } from '../api/api.ts'

/** A part of the console, for one service: a line in the navigation, and the screens below it. */
export interface Section {
  /** The first part of its addresses: `#/queues/orders`. */
  readonly id: string
  readonly title: string
  /** The screen that `path`, what follows the section's id in the address, stands for. */
  open(path: readonly string[], host: Host): Screen
}

/** What fills the window. It's made when its address is gone to, and closed when that is left. */
export interface Screen {
  readonly title: string
  view(): TemplateResult
  /** Ends what goes on in the background. */
  close(): void
  /**
   * Goes to another address of the same screen, such as a tab of it; false if it isn't one. Without it every
   * address is a screen of its own.
   */
  goTo?(path: readonly string[]): boolean
}

/** What screens are given to work with. */
export interface Host {
  readonly api: Api
  /** Something changed: everything is drawn again, soon. */
  update(): void
  /** Says something for a while. Failures stay until they are dismissed. */
  notify(kind: 'done' | 'failed', text: string): void
  openDialog(dialog: Dialog): void
  closeDialog(): void
  /** Goes to an address, e.g. `#/queues`. */
  go(address: string): void
}

/** A question that the window waits for. Escape closes it. */
export interface Dialog {
  readonly title: string
  view(): TemplateResult
}
