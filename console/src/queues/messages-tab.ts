import { html, nothing, type TemplateResult } from 'lit-html'
import { failureView } from '../app/failure.ts'
import { Repetition } from '../app/repetition.ts'
import { firstLine } from '../text/plain-text.ts'
import { ago, ahead, clockTime, count } from '../text/quantities.ts'
import { MessageView } from './message-view.ts'
import { isFifo, type ShownMessage } from './sqs.ts'
import type { OpenQueue, Tab } from './tab.ts'

const PAGE_MAX = 50
const REFRESH_MS = 3_000
const FOLLOW_MS = 1_000
/** A page with more than this of bodies is not fetched again and again by itself, in characters. */
const LIGHT_CHARACTERS_MAX = 256 * 1024
/** Of the messages that came while one watched the newest are kept. */
const FOLLOWED_MAX = 200
const LINE_CHARACTERS = 140

/**
 * What the queue holds, the oldest first, a page at a time; or, while one follows it, what comes in. Messages are looked at
 * and never received. A page is fetched again every few seconds, unless it's heavy.
 */
export class MessagesTab implements Tab {
  readonly #queue: OpenQueue
  readonly #refresh: Repetition
  readonly #clock: ReturnType<typeof setInterval>
  #inFlight = true
  #delayed = true
  #isFollowing = false
  /** Where the pages up to the one that is shown begin. */
  #tokens: readonly string[] = ['']
  #next = ''
  #followToken = ''
  /** Null until the first answer. */
  #messages: readonly ShownMessage[] | null = null
  readonly #open = new Map<string, MessageView>()
  #isAsked = true
  #failure: unknown = null

  constructor(queue: OpenQueue) {
    this.#queue = queue
    this.#refresh = new Repetition(
      () => (this.#isFollowing ? this.#follow() : this.#load()),
      () => (this.#isFollowing ? FOLLOW_MS : REFRESH_MS),
    )
    // Deadlines are told as time left.
    this.#clock = setInterval(() => {
      if (!document.hidden && this.#messages?.some((message) => message.visibleAt !== null))
        queue.host.update()
    }, 1_000)
  }

  close(): void {
    clearInterval(this.#clock)
    this.#refresh.stop()
  }

  view(): TemplateResult {
    return html`<div class="bar">
        ${this.#isFollowing ? html`<span class="hint">Messages that come in from now on, the newest first.</span>` : this.#filters()}
        <div class="actions">
          <button aria-pressed=${this.#isFollowing ? 'true' : 'false'} @click=${() => this.#toggleFollowing()}>Follow</button>
          ${this.#isFollowing ? nothing : html`<button @click=${() => this.#ask()}>Reload</button>`}
        </div>
      </div>
      ${failureView(this.#failure)} ${this.#messages === null ? nothing : this.#table(this.#messages)}
      ${this.#isFollowing ? nothing : this.#pager()}`
  }

  #filters(): TemplateResult {
    const filter = (label: string, isOn: boolean, set: (isOn: boolean) => void) =>
      html`<label class="check"><input
        type="checkbox" .checked=${isOn}
        @change=${(event: Event & { currentTarget: HTMLInputElement }) => {
          set(event.currentTarget.checked)
          this.#turn([''])
        }}> ${label}</label>`
    return html`<div class="filters" role="group" aria-label="Beside those that wait, show">
      ${filter('In flight', this.#inFlight, (isOn) => {
        this.#inFlight = isOn
      })}
      ${filter('Delayed', this.#delayed, (isOn) => {
        this.#delayed = isOn
      })}
      <span class="hint">Looking does not receive: nothing is counted or hidden.</span>
    </div>`
  }

  #table(messages: readonly ShownMessage[]): TemplateResult {
    if (messages.length === 0) {
      const isPassedOver = this.#next !== ''
      return html`<p class="empty">
        ${this.#isFollowing ? 'Nothing came in yet.' : isPassedOver ? 'Nothing of what is shown is here; look further on.' : 'No messages.'}
      </p>`
    }
    const fifo = isFifo(this.#queue.name)
    return html`<div class="card table"><table class="messages">
      <thead><tr>
        <th scope="col" class="narrow"><span class="hidden">Details</span></th>
        <th scope="col">Body</th>
        ${fifo ? html`<th scope="col">Group</th>` : nothing}
        <th scope="col">State</th>
        <th scope="col" class="number">Receives</th>
        <th scope="col" class="number">Sent</th>
      </tr></thead>
      <tbody>${messages.map((message) => this.#rows(message, fifo))}</tbody>
    </table></div>`
  }

  #rows(message: ShownMessage, fifo: boolean): TemplateResult {
    const open = this.#open.get(message.id)
    const now = this.#queue.host.api.now()
    const detailsId = `message-${message.id}`
    return html`<tr class=${open === undefined ? '' : 'open'} @click=${() => this.#toggle(message)}>
        <td class="narrow"><button
          class="icon" aria-expanded=${open === undefined ? 'false' : 'true'} aria-controls=${detailsId}
          aria-label="Message ${message.id}"
          @click=${(event: Event) => {
            event.stopPropagation()
            this.#toggle(message)
          }}>${open === undefined ? '▸' : '▾'}</button></td>
        <td class="body"><bdi>${firstLine(message.body, LINE_CHARACTERS)}</bdi></td>
        ${fifo ? html`<td><bdi class="name">${firstLine(message.groupId, 40)}</bdi></td>` : nothing}
        <td class="state">
          <span class="phase ${message.phase.replace(' ', '-')}">${message.phase}</span>
          ${
            message.visibleAt === null
              ? nothing
              : html`<small title=${clockTime(message.visibleAt)}>visible ${ahead(message.visibleAt, now)}</small>`
          }
        </td>
        <td class="number ${message.receiveCount === 0 ? 'zero' : ''}">${count(message.receiveCount)}</td>
        <td class="number" title=${clockTime(message.sentAt)}>${ago(message.sentAt, now)}</td>
      </tr>
      <tr class="details" id=${detailsId} ?hidden=${open === undefined}>
        <td colspan=${fifo ? 6 : 5}>${open === undefined ? nothing : open.view(message)}</td>
      </tr>`
  }

  #pager(): TemplateResult | typeof nothing {
    if (this.#tokens.length === 1 && this.#next === '') return nothing
    return html`<nav class="pager" aria-label="Pages">
      <button ?disabled=${this.#tokens.length === 1} @click=${() => this.#turn([''])}>Oldest</button>
      <button ?disabled=${this.#tokens.length === 1} @click=${() => this.#turn(this.#tokens.slice(0, -1))}>Previous</button>
      <span>Page ${this.#tokens.length}</span>
      <button ?disabled=${this.#next === ''} @click=${() => this.#turn([...this.#tokens, this.#next])}>Next</button>
    </nav>`
  }

  #toggle(message: ShownMessage): void {
    // Whoever marks text to copy it does not mean to close it.
    if (getSelection()?.type === 'Range') return
    if (!this.#open.delete(message.id)) this.#open.set(message.id, new MessageView(this.#queue.host))
    this.#queue.host.update()
  }

  #toggleFollowing(): void {
    this.#isFollowing = !this.#isFollowing
    this.#followToken = ''
    this.#messages = this.#isFollowing ? [] : null
    this.#turn([''])
  }

  #turn(tokens: readonly string[]): void {
    this.#tokens = tokens
    this.#next = ''
    this.#open.clear()
    this.#ask()
  }

  #ask(): void {
    this.#isAsked = true
    this.#queue.host.update()
    this.#refresh.now()
  }

  async #load(): Promise<void> {
    if (!this.#isAsked && charactersOf(this.#messages ?? []) > LIGHT_CHARACTERS_MAX) return
    this.#isAsked = false
    const asked = { inFlight: this.#inFlight, delayed: this.#delayed, token: this.#tokens.at(-1) ?? '' }
    const tokens = this.#tokens
    try {
      const page = await this.#queue.sqs.look(this.#queue.name, { ...asked, limit: PAGE_MAX })
      // Another page was turned to meanwhile, and is loaded after this.
      if (tokens !== this.#tokens || this.#isFollowing) return
      this.#messages = page.items
      this.#next = page.next
      this.#failure = null
    } catch (error) {
      this.#failure = error
    }
    this.#queue.host.update()
  }

  async #follow(): Promise<void> {
    try {
      const { items, next } = await this.#queue.sqs.follow(this.#queue.name, this.#followToken, PAGE_MAX)
      if (!this.#isFollowing) return
      this.#followToken = next
      this.#messages = [...items.toReversed(), ...(this.#messages ?? [])].slice(0, FOLLOWED_MAX)
      this.#failure = null
      if (items.length === PAGE_MAX) this.#refresh.now()
    } catch (error) {
      this.#failure = error
    }
    this.#queue.host.update()
  }
}

function charactersOf(messages: readonly ShownMessage[]): number {
  return messages.reduce((sum, { body }) => sum + body.length, 0)
}
