import { html, nothing, type TemplateResult } from 'lit-html'
import { failureView } from '../app/failure.ts'
import { Repetition } from '../app/repetition.ts'
import type { Host, Screen } from '../app/section.ts'
import { count } from '../text/quantities.ts'
import { CreateQueue } from './create-queue.ts'
import { isFifo, type QueueCounts, Sqs } from './sqs.ts'

const ROWS_MAX = 50
const REFRESH_MS = 3_000
/** After the last key, in milliseconds, the list is asked for. */
const TYPING_MS = 200

interface Overview extends QueueCounts {
  readonly deadLetterQueue: string
}

/**
 * The queues of an account and region, a page at a time: only what is on the page is asked for, however many there are.
 * Their counts are asked for again and again; whether others send their dead letters there, once.
 */
export class QueueList implements Screen {
  readonly title = 'Queues'
  readonly #host: Host
  readonly #sqs: Sqs
  readonly #refresh: Repetition
  #prefix = ''
  #typing: ReturnType<typeof setTimeout> | undefined
  /** Where the pages up to the one that is shown begin. */
  #tokens: readonly string[] = ['']
  #next = ''
  /** Null until the first answer. */
  #names: readonly string[] | null = null
  readonly #overviews = new Map<string, Overview>()
  readonly #deadLetterQueues = new Map<string, boolean>()
  #failure: unknown = null

  constructor(host: Host) {
    this.#host = host
    this.#sqs = new Sqs(host.api)
    this.#refresh = new Repetition(
      () => this.#load(),
      () => REFRESH_MS,
    )
  }

  close(): void {
    clearTimeout(this.#typing)
    this.#refresh.stop()
  }

  view(): TemplateResult {
    return html`<div class="heading">
        <h1>Queues</h1>
        <div class="actions">
          <label class="search">
            <span class="hidden">Names that begin with</span>
            <input
              type="search" placeholder="Names that begin with …" autocapitalize="off" spellcheck="false"
              @input=${(event: InputEvent & { currentTarget: HTMLInputElement }) => this.#search(event.currentTarget.value)}>
          </label>
          <button @click=${() => this.#refresh.now()}>Refresh</button>
          <button class="primary" @click=${() => this.#host.openDialog(new CreateQueue(this.#host, () => this.#refresh.now()))}>
            Create queue
          </button>
        </div>
      </div>
      ${failureView(this.#failure)} ${this.#names === null ? this.#loading() : this.#table(this.#names)}`
  }

  #loading(): TemplateResult | typeof nothing {
    return this.#failure === null ? html`<p class="empty" aria-busy="true">Loading …</p>` : nothing
  }

  #table(names: readonly string[]): TemplateResult {
    if (names.length === 0 && this.#tokens.length === 1) {
      return html`<p class="empty">
        ${
          this.#prefix === ''
            ? html`There are no queues in <b>${this.#host.api.region}</b> yet.`
            : html`No queue begins with <b>${this.#prefix}</b>.`
        }
      </p>`
    }
    return html`<div class="card table"><table>
        <thead><tr>
          <th scope="col">Name</th>
          <th scope="col" class="number">Waiting</th>
          <th scope="col" class="number">In flight</th>
          <th scope="col" class="number">Delayed</th>
          <th scope="col">Dead letters go to</th>
        </tr></thead>
        <tbody>${names.map((name) => this.#row(name))}</tbody>
      </table></div>
      ${this.#pager(names.length)}`
  }

  #row(name: string): TemplateResult {
    const overview = this.#overviews.get(name)
    const target = overview?.deadLetterQueue ?? ''
    return html`<tr>
      <th scope="row">
        <a class="name" href="#/queues/${name}">${name}</a>
        ${isFifo(name) ? html`<span class="mark">FIFO</span>` : nothing}
        ${
          this.#deadLetterQueues.get(name)
            ? html`<span class="mark dead" title="A dead-letter queue of other queues">DLQ</span>`
            : nothing
        }
      </th>
      ${[overview?.waiting, overview?.inFlight, overview?.delayed].map(
        (number) => html`<td class="number ${number === 0 ? 'zero' : ''}">${count(number ?? null)}</td>`,
      )}
      <td>${target === '' ? nothing : html`<a href="#/queues/${target}">${target}</a>`}</td>
    </tr>`
  }

  #pager(shown: number): TemplateResult | typeof nothing {
    if (this.#tokens.length === 1 && this.#next === '') return nothing
    const first = (this.#tokens.length - 1) * ROWS_MAX + 1
    return html`<nav class="pager" aria-label="Pages">
      <button ?disabled=${this.#tokens.length === 1} @click=${() => this.#turn(this.#tokens.slice(0, -1))}>Previous</button>
      <span>${count(first)} to ${count(first + shown - 1)}</span>
      <button ?disabled=${this.#next === ''} @click=${() => this.#turn([...this.#tokens, this.#next])}>Next</button>
    </nav>`
  }

  #turn(tokens: readonly string[]): void {
    this.#tokens = tokens
    this.#next = ''
    this.#refresh.now()
  }

  #search(prefix: string): void {
    clearTimeout(this.#typing)
    this.#typing = setTimeout(() => {
      this.#prefix = prefix.trim()
      this.#turn([''])
    }, TYPING_MS)
  }

  async #load(): Promise<void> {
    const prefix = this.#prefix
    const tokens = this.#tokens
    try {
      const { items, next } = await this.#sqs.list(prefix, tokens.at(-1) ?? '', ROWS_MAX)
      // Another list was asked for meanwhile, and is loaded after this.
      if (prefix !== this.#prefix || tokens !== this.#tokens) return
      this.#names = items
      this.#next = next
      this.#failure = null
      this.#host.update()
      await Promise.all(items.map((name) => this.#loadRow(name)))
    } catch (error) {
      this.#failure = error
    }
    this.#host.update()
  }

  /** What can't be told of one queue is left out: it may just have been deleted. */
  async #loadRow(name: string): Promise<void> {
    try {
      this.#overviews.set(name, await this.#sqs.overview(name))
      if (!this.#deadLetterQueues.has(name)) {
        const { items } = await this.#sqs.sources(name, '', 1)
        this.#deadLetterQueues.set(name, items.length > 0)
      }
    } catch {
      this.#overviews.delete(name)
    }
    this.#host.update()
  }
}
