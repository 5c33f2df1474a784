import { html, nothing, type TemplateResult } from 'lit-html'
import { describeFailure, failureView } from '../app/failure.ts'
import { plainText } from '../text/plain-text.ts'
import type { OpenQueue, Tab } from './tab.ts'

/** The queue's tags, to add, change and remove. */
export class TagsTab implements Tab {
  readonly #queue: OpenQueue
  #tags: readonly (readonly [key: string, value: string])[] | null = null
  #failure: unknown = null

  constructor(queue: OpenQueue) {
    this.#queue = queue
    void this.#load()
  }

  close(): void {}

  view(): TemplateResult {
    return html`<div class="card form">
      ${this.#tags === null ? nothing : this.#table(this.#tags)} ${failureView(this.#failure)}
      <form class="line" @submit=${this.#submit}>
        <label class="field"><span>Key</span><input name="key" required autocomplete="off" spellcheck="false"></label>
        <label class="field"><span>Value</span><input name="value" autocomplete="off" spellcheck="false"></label>
        <button class="primary">Set the tag</button>
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

  readonly #submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault()
    const form = event.currentTarget
    const entered = new FormData(form)
    const [key, value] = ['key', 'value'].map((name) => String(entered.get(name) ?? ''))
    try {
      await this.#queue.sqs.tag(this.#queue.name, key ?? '', value ?? '')
      form.reset()
      await this.#load()
    } catch (error) {
      this.#failure = error
      this.#queue.host.update()
    }
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
