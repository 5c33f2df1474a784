import { html, type TemplateResult } from 'lit-html'
import { plainText } from '../text/plain-text.ts'

const SHOWN_MS = 6_000
/** More would hide what they are about. */
const NOTICES_MAX = 4

interface Notice {
  readonly kind: 'done' | 'failed'
  readonly text: string
}

/** What was just done, or could not be, in a corner of the window. */
export class Notices {
  readonly #update: () => void
  #notices: readonly Notice[] = []

  constructor(update: () => void) {
    this.#update = update
  }

  add(kind: Notice['kind'], text: string): void {
    const notice = { kind, text }
    this.#notices = [...this.#notices, notice].slice(-NOTICES_MAX)
    if (kind === 'done') setTimeout(() => this.#remove(notice), SHOWN_MS)
    this.#update()
  }

  clear(): void {
    this.#notices = []
  }

  view(): TemplateResult {
    return html`<div class="notices" role="status">
      ${this.#notices.map(
        (notice) => html`<div class="notice ${notice.kind}">
          <span>${plainText(notice.text)}</span>
          <button class="icon" aria-label="Dismiss" @click=${() => this.#remove(notice)}>✕</button>
        </div>`,
      )}
    </div>`
  }

  #remove(notice: Notice): void {
    this.#notices = this.#notices.filter((each) => each !== notice)
    this.#update()
  }
}
