import { html, nothing, type TemplateResult } from 'lit-html'
import { failureView } from './failure.ts'
import type { Dialog, Host } from './section.ts'
import { Submission } from './submission.ts'

export interface ConfirmationOptions {
  readonly title: string
  readonly text: TemplateResult
  /** What the button says. */
  readonly action: string
  /** A word to be typed first, where there is no way back. */
  readonly word?: string
  /** Closes the dialog if it resolves; what it rejects with is shown in it. */
  readonly run: () => Promise<void>
}

/** Asks before something that can't be taken back. */
export class Confirmation implements Dialog {
  readonly title: string
  readonly #host: Host
  readonly #options: ConfirmationOptions
  #typed = ''
  readonly #submission: Submission

  constructor(host: Host, options: ConfirmationOptions) {
    this.title = options.title
    this.#host = host
    this.#options = options
    this.#submission = new Submission(() => host.update())
  }

  view(): TemplateResult {
    const { text, action, word } = this.#options
    const isReady = word === undefined || this.#typed === word
    return html`<form @submit=${this.#submit}>
      ${text}
      ${
        word === undefined
          ? nothing
          : html`<label class="field">
              <span>To confirm, type <b>${word}</b></span>
              <input
                name="word" autocomplete="off" spellcheck="false" .value=${this.#typed}
                @input=${(event: InputEvent & { currentTarget: HTMLInputElement }) => {
                  this.#typed = event.currentTarget.value
                  this.#host.update()
                }}>
            </label>`
      }
      ${failureView(this.#submission.failure)}
      <div class="buttons">
        <button type="button" @click=${() => this.#host.closeDialog()}>Cancel</button>
        <button class="danger" ?disabled=${!isReady || this.#submission.isBusy}>${action}</button>
      </div>
    </form>`
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    void this.#submission.run(async () => {
      await this.#options.run()
      this.#host.closeDialog()
    })
  }
}
