import { html, nothing, type TemplateResult } from 'lit-html'
import { describeFailure, failureView } from '../app/failure.ts'
import { Submission } from '../app/submission.ts'
import { plainText } from '../text/plain-text.ts'
import type { OpenQueue, Tab } from './tab.ts'

/** The queue's tags, to add, change and remove. */
export class TagsTab implements Tab {
  readonly #queue: OpenQueue
  #tags: readonly (readonly [key: string, value: string])[] | null = null
  #failure: unknown = null
  readonly #submission: Submission

  constructor(queue: OpenQueue) {
    this.#queue = queue
    this.#submission = new Submission(() => queue.host.update())
    void this.#load()
  }

  close(): void {}

  view(): TemplateResult {
    return html`<div class="card form">
      ${this.#tags === null ? nothing : this.#table(this.#tags)} ${failureView(this.#failure)} ${failureView(this.#submission.failure)}
      <form class="line" @submit=${this.#submit}>
        <label class="field"><span>Key</span><input name="key" required autocomplete="off" spellcheck="false"></label>
        <label class="field"><span>Value</span><input name="value" autocomplete="off" spellcheck="false"></label>
        <button class="primary" ?disabled=${this.#submission.isBusy}>Set the tag</button>
      </form>
    </div>`
  }

  #table(tags: readonly (readonly [key: string, value: string])[]): TemplateResult {
    if (tags.length === 0) return html`<p class="empty">The queue has no tags.</p>`
    return html`<table class="pairs"><tbody>
      ${tags.map(
        ([key, value]) => html`<tr>
          <th scope="row"><bdi>${plainText(key)}</bdi></th>
          <td><bdi>${plainText(value)}</bdi></td>
          <td class="narrow"><button class="icon" aria-label="Remove the tag ${key}" @click=${() => this.#remove(key)}>✕</button></td>
        </tr>`,
      )}
    </tbody></table>`
  }

  readonly #submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const form = event.currentTarget
    const entered = new FormData(form)
    const read = (name: string) => String(entered.get(name) ?? '')
    void this.#submission.run(async () => {
      await this.#queue.sqs.tag(this.#queue.name, read('key'), read('value'))
      form.reset()
      await this.#load()
    })
  }

  async #remove(key: string): Promise<void> {
    try {
      await this.#queue.sqs.untag(this.#queue.name, key)
    } catch (error) {
      this.#queue.host.notify('failed', describeFailure(error))
    }
    await this.#load()
  }

  async #load(): Promise<void> {
    try {
      this.#tags = [...(await this.#queue.sqs.tags(this.#queue.name))].sort()
      this.#failure = null
    } catch (error) {
      this.#failure = error
    }
    this.#queue.host.update()
  }
}
