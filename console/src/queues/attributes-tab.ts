import { html, nothing, type TemplateResult } from 'lit-html'
import { failureView } from '../app/failure.ts'
import { Submission } from '../app/submission.ts'
import { jsonTokens } from '../text/json-tokens.ts'
import { plainText } from '../text/plain-text.ts'
import { clockTime, duration, size } from '../text/quantities.ts'
import { EDITABLE, type EditableAttribute } from './attribute-list.ts'
import { isFifo } from './sqs.ts'
import type { OpenQueue, Tab } from './tab.ts'

const TIMES: readonly string[] = ['CreatedTimestamp', 'LastModifiedTimestamp']
/** What the counts above the tabs say. */
const COUNTED = /^ApproximateNumberOf/

/** The queue's attributes. What was changed is set in one request, and SQS says what is wrong with it. */
export class AttributesTab implements Tab {
  readonly #queue: OpenQueue
  /** What was typed, by attribute; values that were not touched follow the queue's. */
  #edits: ReadonlyMap<string, string> = new Map()
  readonly #submission: Submission

  constructor(queue: OpenQueue) {
    this.#queue = queue
    this.#submission = new Submission(() => queue.host.update())
  }

  close(): void {}

  view(): TemplateResult {
    const { attributes, name } = this.#queue
    if (attributes === null) return html``
    const changed = this.#changed(attributes)
    const editable = EDITABLE.filter((attribute) => !attribute.isFifoOnly || isFifo(name))
    return html`<form class="card form" @submit=${this.#submit}>
        <div class="fields">
          ${editable.filter(({ kind }) => kind !== 'json').map((attribute) => this.#field(attribute, attributes))}
        </div>
        ${editable.filter(({ kind }) => kind === 'json').map((attribute) => this.#field(attribute, attributes))}
        ${failureView(this.#submission.failure)}
        <div class="buttons">
          <button type="button" ?disabled=${changed.length === 0} @click=${() => this.#edit(new Map())}>Discard</button>
          <button class="primary" ?disabled=${changed.length === 0 || this.#submission.isBusy}>Save</button>
        </div>
      </form>
      ${readOnly(attributes)}`
  }

  #field(attribute: EditableAttribute, attributes: ReadonlyMap<string, string>): TemplateResult {
    const { name, label, kind } = attribute
    const value = this.#edits.get(name) ?? shownValue(attribute, attributes.get(name) ?? '')
    const isChanged = this.#changed(attributes).some(([each]) => each === name)
    const set = (event: Event & { currentTarget: HTMLInputElement }) =>
      this.#edit(new Map([...this.#edits, [name, event.currentTarget.value]]))
    return html`<label class="field ${isChanged ? 'changed' : ''}">
      <span>${label} <small>${name}</small></span>
      ${control(attribute, value, set)}
      ${kind === 'seconds' && /^\d+$/.test(value) ? html`<small>${duration(Number(value))}</small>` : nothing}
      ${kind === 'number' && /^\d+$/.test(value) ? html`<small>${size(Number(value))}</small>` : nothing}
    </label>`
  }

  /** What differs from the queue's values, with what is to be set. */
  #changed(attributes: ReadonlyMap<string, string>): readonly (readonly [name: string, value: string])[] {
    return EDITABLE.flatMap((attribute) => {
      const edited = this.#edits.get(attribute.name)
      const isSame =
        edited === undefined || edited === shownValue(attribute, attributes.get(attribute.name) ?? '')
      return isSame ? [] : [[attribute.name, edited.trim()] as const]
    })
  }

  #edit(edits: ReadonlyMap<string, string>): void {
    this.#edits = edits
    this.#submission.forget()
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const { attributes, host, name, sqs } = this.#queue
    if (attributes === null) return
    const changed = this.#changed(attributes)
    void this.#submission.run(async () => {
      await sqs.setAttributes(name, Object.fromEntries(changed))
      // What was typed meanwhile is still to be set.
      this.#edits = new Map([...this.#edits].filter(([each, value]) => !isAmong(changed, each, value)))
      host.notify('done', `Set ${changed.map(([each]) => each).join(', ')}.`)
      this.#queue.refresh()
    })
  }
}

function isAmong(changed: readonly (readonly [string, string])[], name: string, value: string): boolean {
  return changed.some(([each, set]) => each === name && set === value.trim())
}

function control(
  { name, kind, choices = [] }: EditableAttribute,
  value: string,
  set: (event: Event & { currentTarget: HTMLInputElement }) => void,
): TemplateResult {
  if (kind === 'json') {
    return html`<textarea
      name=${name} rows=${Math.min(12, Math.max(2, value.split('\n').length))} spellcheck="false" placeholder="none"
      .value=${value} @input=${set}></textarea>`
  }
  if (kind === 'choice') {
    return html`<select name=${name} @change=${set}>
      ${choices.map((choice) => html`<option .selected=${choice === value}>${choice}</option>`)}
    </select>`
  }
  const mode = kind === 'text' ? 'text' : 'numeric'
  return html`<input name=${name} inputmode=${mode} autocomplete="off" spellcheck="false" .value=${value} @input=${set}>`
}

/** Policies laid out over lines; all else as it is. */
function shownValue({ kind }: EditableAttribute, value: string): string {
  if (kind !== 'json') return value
  return (
    jsonTokens(value)
      ?.map(({ text }) => text)
      .join('') ?? value
  )
}

function readOnly(attributes: ReadonlyMap<string, string>): TemplateResult {
  const names = EDITABLE.map(({ name }) => name)
  const others = [...attributes].filter(([name]) => !names.includes(name) && !COUNTED.test(name)).sort()
  return html`<div class="card"><table class="pairs"><tbody>
    ${others.map(
      ([name, value]) =>
        html`<tr><th scope="row">${name}</th><td>${TIMES.includes(name) ? clockTime(Number(value) * 1000) : plainText(value)}</td></tr>`,
    )}
  </tbody></table></div>`
}
