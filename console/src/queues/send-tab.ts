import { html, nothing, type TemplateResult } from 'lit-html'
import { failureView } from '../app/failure.ts'
import { Submission } from '../app/submission.ts'
import { isFifo, type MessageAttribute } from './sqs.ts'
import type { OpenQueue, Tab } from './tab.ts'

/** A form for one message. What was filled in stays after sending, as one often sends another like it. */
export class SendTab implements Tab {
  readonly #queue: OpenQueue
  #attributes: readonly MessageAttribute[] = []
  readonly #submission: Submission

  constructor(queue: OpenQueue) {
    this.#queue = queue
    this.#submission = new Submission(() => queue.host.update())
  }

  close(): void {}

  view(): TemplateResult {
    const fifo = isFifo(this.#queue.name)
    return html`<form class="card form" @submit=${this.#submit}>
      <label class="field"><span>Body</span>
        <textarea name="body" rows="10" spellcheck="false"></textarea>
      </label>
      <div class="fields">
        <label class="field"><span>Message group id${fifo ? '' : ' (optional)'}</span>
          <input name="groupId" autocomplete="off" spellcheck="false">
          ${fifo ? nothing : html`<small>Makes the queue fair among groups.</small>`}
        </label>
        ${
          fifo
            ? html`<label class="field"><span>Message deduplication id</span>
                <input name="deduplicationId" autocomplete="off" spellcheck="false">
                <small>May be left empty where the queue deduplicates by content.</small>
              </label>`
            : html`<label class="field"><span>Delay (seconds)</span>
                <input name="delaySeconds" inputmode="numeric" placeholder="as the queue has it">
              </label>`
        }
      </div>
      <fieldset>
        <legend>Message attributes</legend>
        ${this.#attributes.map((attribute, i) => this.#attributeRow(attribute, i))}
        <button type="button" @click=${() => this.#change([...this.#attributes, { name: '', type: 'String', value: '' }])}>
          Add an attribute
        </button>
      </fieldset>
      <datalist id="attribute-types"><option value="String"></option><option value="Number"></option><option value="Binary"></option></datalist>
      ${failureView(this.#submission.failure)}
      <div class="buttons"><button class="primary" ?disabled=${this.#submission.isBusy}>Send</button></div>
    </form>`
  }

  #attributeRow(attribute: MessageAttribute, at: number): TemplateResult {
    const field = (member: keyof MessageAttribute, label: string, list: string | typeof nothing = nothing) =>
      html`<label><span class="hidden">${label}</span><input
        placeholder=${label} list=${list} spellcheck="false" autocomplete="off" .value=${attribute[member]}
        @input=${(event: InputEvent & { currentTarget: HTMLInputElement }) => {
          const changed = { ...attribute, [member]: event.currentTarget.value }
          this.#change(this.#attributes.map((each, i) => (i === at ? changed : each)))
        }}></label>`
    return html`<div class="attribute">
      ${field('name', 'Name')} ${field('type', 'Type', 'attribute-types')}
      ${field('value', attribute.type.startsWith('Binary') ? 'Value, in base64' : 'Value')}
      <button
        type="button" class="icon" aria-label="Remove the attribute ${attribute.name}"
        @click=${() => this.#change(this.#attributes.filter((_, i) => i !== at))}>✕</button>
    </div>`
  }

  #change(attributes: readonly MessageAttribute[]): void {
    this.#attributes = attributes
    this.#queue.host.update()
  }

  readonly #submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const { host, sqs, name } = this.#queue
    const form = new FormData(event.currentTarget)
    const entered = (field: string) => String(form.get(field) ?? '')
    void this.#submission.run(async () => {
      const id = await sqs.send(name, {
        // A form's line ends are those of mail; a person typed one character.
        body: entered('body').replaceAll('\r\n', '\n'),
        delaySeconds: wholeNumber(entered('delaySeconds'), 'The delay'),
        groupId: entered('groupId'),
        deduplicationId: entered('deduplicationId'),
        attributes: this.#attributes,
      })
      host.notify('done', `Sent as ${id}.`)
      this.#queue.refresh()
    })
  }
}

/** Null for an empty field. Throws for what is no number, which can't be sent; its range is SQS's to check. */
export function wholeNumber(text: string, field: string): number | null {
  if (text.trim() === '') return null
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`${field} must be a whole number, not ${text}`)
  return number
}
