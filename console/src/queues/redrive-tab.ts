import { html, nothing, type TemplateResult } from 'lit-html'
import { describeFailure, failureView } from '../app/failure.ts'
import { Repetition } from '../app/repetition.ts'
import { Submission } from '../app/submission.ts'
import { plainText } from '../text/plain-text.ts'
import { ago, clockTime, count } from '../text/quantities.ts'
import { wholeNumber } from './send-tab.ts'
import { type MoveTask, nameIn, type Page } from './sqs.ts'
import type { OpenQueue, Tab } from './tab.ts'

const SOURCES_MAX = 20
const REFRESH_MS = 3_000
const MOVING_MS = 500

/** What is to be done with dead letters: the queues they come from, moving them back, and how far that is. */
export class RedriveTab implements Tab {
  readonly #queue: OpenQueue
  readonly #refresh: Repetition
  #sources: Page<string> | null = null
  /** Empty until it's known. */
  #arn = ''
  #tasks: readonly MoveTask[] = []
  #isElsewhere = false
  readonly #start: Submission
  #failure: unknown = null

  constructor(queue: OpenQueue) {
    this.#queue = queue
    this.#start = new Submission(() => queue.host.update())
    this.#refresh = new Repetition(
      () => this.#load(),
      () => (this.#tasks.some(isGoingOn) ? MOVING_MS : REFRESH_MS),
    )
  }

  close(): void {
    this.#refresh.stop()
  }

  view(): TemplateResult {
    const sources = this.#sources
    return html`${failureView(this.#failure)}
      ${sources === null ? nothing : sources.items.length === 0 ? this.#noSources() : html`${this.#sourcesView(sources)} ${this.#form()}`}
      ${this.#tasks.length === 0 ? nothing : this.#tasksView()}`
  }

  #noSources(): TemplateResult {
    return html`<p class="empty">
      No queue names this one as its dead-letter queue. That is a queue's <code>RedrivePolicy</code>, among its attributes.
    </p>`
  }

  #sourcesView({ items, next }: Page<string>): TemplateResult {
    return html`<div class="card">
      <h3>Dead letters come from</h3>
      <ul class="names">${items.map((name) => html`<li><a class="name" href="#/queues/${name}">${name}</a></li>`)}</ul>
      ${next === '' ? nothing : html`<p class="hint">… and more.</p>`}
    </div>`
  }

  #form(): TemplateResult {
    const choice = (isElsewhere: boolean, label: string) =>
      html`<label class="check"><input
        type="radio" name="where" .checked=${this.#isElsewhere === isElsewhere}
        @change=${() => {
          this.#isElsewhere = isElsewhere
          this.#queue.host.update()
        }}> ${label}</label>`
    return html`<form class="card form" @submit=${this.#submit}>
      <h3>Move them</h3>
      <div role="radiogroup" aria-label="Where to">
        ${choice(false, 'each back to the queue it came from')} ${choice(true, 'all to one queue')}
      </div>
      <div class="fields">
        <label class="field" ?hidden=${!this.#isElsewhere}><span>Its name or ARN</span>
          <input name="destination" autocomplete="off" spellcheck="false">
        </label>
        <label class="field"><span>Messages a second, at most</span>
          <input name="rate" inputmode="numeric" placeholder="as fast as it goes">
        </label>
      </div>
      ${failureView(this.#start.failure)}
      <div class="buttons"><button class="primary" ?disabled=${this.#start.isBusy || this.#tasks.some(isGoingOn)}>Start moving</button></div>
    </form>`
  }

  #tasksView(): TemplateResult {
    const now = this.#queue.host.api.now()
    return html`<div class="card"><h3>Moves</h3><ul class="moves">
      ${this.#tasks.map(
        (task) => html`<li>
          <div class="bar">
            <span class="phase ${task.status.toLowerCase()}">${task.status.toLowerCase()}</span>
            <span>
              ${count(task.moved)}${task.toMove === null ? nothing : html` of ${count(task.toMove)}`} moved
              ${task.destinationArn === '' ? 'back' : html`to <b class="name">${nameIn(task.destinationArn)}</b>`}${task.rate === null ? nothing : html`, at most ${count(task.rate)} a second`}
            </span>
            <small title=${clockTime(task.startedAt)}>${ago(task.startedAt, now)}</small>
            ${
              task.status === 'RUNNING'
                ? html`<div class="actions"><button @click=${() => this.#cancel(task)}>Cancel</button></div>`
                : nothing
            }
          </div>
          ${
            isGoingOn(task)
              ? html`<progress max=${task.toMove ?? 1} .value=${task.toMove === null ? 0 : task.moved} aria-label="Moved"></progress>`
              : nothing
          }
          ${task.failure === '' ? nothing : html`<p class="failure">${plainText(task.failure)}</p>`}
        </li>`,
      )}
    </ul></div>`
  }

  readonly #submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const entered = (name: string) => String(form.get(name) ?? '').trim()
    const { sqs } = this.#queue
    void this.#start.run(async () => {
      const destination = this.#isElsewhere ? entered('destination') : ''
      if (this.#isElsewhere && destination === '') throw new RangeError('Say to which queue.')
      const rate = wholeNumber(entered('rate'), 'The rate')
      await sqs.startMove(this.#arn, destination === '' ? '' : await sqs.arnOf(destination), rate)
      this.#refresh.now()
      this.#queue.refresh()
    })
  }

  async #cancel(task: MoveTask): Promise<void> {
    try {
      await this.#queue.sqs.cancelMove(task.handle)
    } catch (error) {
      this.#queue.host.notify('failed', describeFailure(error))
    }
    this.#refresh.now()
  }

  async #load(): Promise<void> {
    const { name, sqs, host } = this.#queue
    try {
      this.#sources = await sqs.sources(name, '', SOURCES_MAX)
      this.#arn ||= await sqs.arnOf(name)
      this.#tasks = await sqs.moves(this.#arn)
      this.#failure = null
    } catch (error) {
      this.#failure = error
    }
    host.update()
  }
}

function isGoingOn({ status }: MoveTask): boolean {
  return status === 'RUNNING' || status === 'CANCELLING'
}
