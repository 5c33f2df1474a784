import { html, nothing, type TemplateResult } from 'lit-html'
import { Confirmation } from '../app/confirmation.ts'
import { failureView } from '../app/failure.ts'
import { Repetition } from '../app/repetition.ts'
import type { Host, Screen } from '../app/section.ts'
import { count } from '../text/quantities.ts'
import { AttributesTab } from './attributes-tab.ts'
import { MessagesTab } from './messages-tab.ts'
import { RedriveTab } from './redrive-tab.ts'
import { SendTab } from './send-tab.ts'
import { deadLetterQueueIn, isFifo, Sqs } from './sqs.ts'
import type { OpenQueue, Tab } from './tab.ts'
import { TagsTab } from './tags-tab.ts'

const REFRESH_MS = 3_000

const TABS: readonly {
  readonly id: string
  readonly title: string
  readonly open: (queue: OpenQueue) => Tab
}[] = [
  { id: '', title: 'Messages', open: (queue) => new MessagesTab(queue) },
  { id: 'send', title: 'Send', open: (queue) => new SendTab(queue) },
  { id: 'attributes', title: 'Attributes', open: (queue) => new AttributesTab(queue) },
  { id: 'tags', title: 'Tags', open: (queue) => new TagsTab(queue) },
  { id: 'dead-letters', title: 'Dead letters', open: (queue) => new RedriveTab(queue) },
]

/** One queue: its counts, which are asked for again and again, what can be done with it, and the tabs. */
export class QueuePage implements Screen, OpenQueue {
  readonly name: string
  readonly host: Host
  readonly sqs: Sqs
  readonly #refresh: Repetition
  #attributes: ReadonlyMap<string, string> | null = null
  #failure: unknown = null
  #tabId: string
  #tab: Tab

  constructor(host: Host, name: string, path: readonly string[]) {
    this.host = host
    this.name = name
    this.sqs = new Sqs(host.api)
    this.#refresh = new Repetition(
      () => this.#load(),
      () => REFRESH_MS,
    )
    const { id, open } = tabOf(path)
    this.#tabId = id
    this.#tab = open(this)
  }

  get title(): string {
    return this.name
  }

  get attributes(): ReadonlyMap<string, string> | null {
    return this.#attributes
  }

  refresh(): void {
    this.#refresh.now()
  }

  goTo([name, ...path]: readonly string[]): boolean {
    if (name !== this.name) return false
    const { id, open } = tabOf(path)
    if (id === this.#tabId) return true
    this.#tab.close()
    this.#tabId = id
    this.#tab = open(this)
    return true
  }

  close(): void {
    this.#refresh.stop()
    this.#tab.close()
  }

  view(): TemplateResult {
    return html`<p class="crumbs"><a href="#/queues"><span aria-hidden="true">←</span> Queues</a></p>
      <div class="heading">
        <h1 class="name">${this.name} ${isFifo(this.name) ? html`<span class="mark">FIFO</span>` : nothing}</h1>
        <div class="actions">
          <button @click=${() => this.#refresh.now()}>Refresh</button>
          <button @click=${() => this.#askToPurge()}>Purge</button>
          <button class="danger" @click=${() => this.#askToDelete()}>Delete queue</button>
        </div>
      </div>
      ${failureView(this.#failure)} ${this.#counts()}
      <nav class="tabs" aria-label="Views of the queue">
        ${TABS.map(({ id, title }) => {
          const address = `#/queues/${this.name}${id === '' ? '' : `/${id}`}`
          return html`<a href=${address} aria-current=${id === this.#tabId ? 'page' : nothing}>${title}</a>`
        })}
      </nav>
      <div class="tab">${this.#tab.view()}</div>`
  }

  #counts(): TemplateResult {
    const number = (name: string) => {
      const text = this.#attributes?.get(name)
      return count(text === undefined ? null : Number(text))
    }
    const target = deadLetterQueueIn(this.#attributes?.get('RedrivePolicy') ?? '')
    return html`<dl class="counts">
      <div><dt>Waiting</dt><dd>${number('ApproximateNumberOfMessages')}</dd></div>
      <div><dt>In flight</dt><dd>${number('ApproximateNumberOfMessagesNotVisible')}</dd></div>
      <div><dt>Delayed</dt><dd>${number('ApproximateNumberOfMessagesDelayed')}</dd></div>
      ${
        target === ''
          ? nothing
          : html`<div><dt>Dead letters go to</dt><dd class="link"><a class="name" href="#/queues/${target}">${target}</a></dd></div>`
      }
    </dl>`
  }

  #askToPurge(): void {
    this.host.openDialog(
      new Confirmation(this.host, {
        title: 'Purge the queue',
        text: html`<p>Every message of <b class="name">${this.name}</b> is deleted, also those in flight and delayed. There is no way back.</p>`,
        action: 'Purge',
        run: async () => {
          await this.sqs.purge(this.name)
          this.host.notify('done', `${this.name} was purged.`)
          this.refresh()
        },
      }),
    )
  }

  #askToDelete(): void {
    this.host.openDialog(
      new Confirmation(this.host, {
        title: 'Delete the queue',
        text: html`<p><b class="name">${this.name}</b> is deleted with all that it holds. There is no way back.</p>`,
        action: 'Delete',
        word: this.name,
        run: async () => {
          await this.sqs.delete(this.name)
          this.host.notify('done', `${this.name} was deleted.`)
          this.host.go('#/queues')
        },
      }),
    )
  }

  async #load(): Promise<void> {
    try {
      this.#attributes = await this.sqs.attributes(this.name)
      this.#failure = null
    } catch (error) {
      this.#failure = error
    }
    this.host.update()
  }
}

function tabOf([id = '']: readonly string[]): (typeof TABS)[number] {
  return TABS.find((tab) => tab.id === id) ?? TABS[0]!
}
