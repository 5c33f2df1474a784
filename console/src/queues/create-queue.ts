import { html, type TemplateResult } from 'lit-html'
import { failureView } from '../app/failure.ts'
import type { Dialog, Host } from '../app/section.ts'
import { Submission } from '../app/submission.ts'
import { isFifo, Sqs } from './sqs.ts'

/** The attributes that most queues are made with; all others are set afterwards. */
const NUMBERS = [
  { name: 'VisibilityTimeout', label: 'Visibility timeout (seconds)', usual: '30' },
  { name: 'DelaySeconds', label: 'Delay (seconds)', usual: '0' },
  { name: 'ReceiveMessageWaitTimeSeconds', label: 'Receives wait for (seconds)', usual: '0' },
  { name: 'MessageRetentionPeriod', label: 'Retention (seconds)', usual: '345600' },
] as const

/** Asks for a name and the attributes of a queue to be made. */
export class CreateQueue implements Dialog {
  readonly title = 'Create a queue'
  readonly #host: Host
  readonly #created: () => void
  #name = ''
  readonly #submission: Submission

  constructor(host: Host, created: () => void) {
    this.#host = host
    this.#created = created
    this.#submission = new Submission(() => host.update())
  }

  view(): TemplateResult {
    const fifo = isFifo(this.#name)
    return html`<form @submit=${this.#submit}>
      <label class="field"><span>Name</span>
        <input
          name="name" required autofocus autocomplete="off" autocapitalize="off" spellcheck="false"
          @input=${(event: InputEvent & { currentTarget: HTMLInputElement }) => {
            this.#name = event.currentTarget.value.trim()
            this.#host.update()
          }}>
        <small>A name that ends in <code>.fifo</code> makes a FIFO queue${fifo ? ': this one' : ''}.</small>
      </label>
      <div class="fields">
        ${NUMBERS.map(
          ({ name, label, usual }) => html`<label class="field"><span>${label}</span>
            <input name=${name} inputmode="numeric" placeholder=${usual}>
          </label>`,
        )}
      </div>
      <label class="check" ?hidden=${!fifo}>
        <input type="checkbox" name="ContentBasedDeduplication"> Deduplicate by content
      </label>
      <div class="fields">
        <label class="field"><span>Dead letters go to the queue</span>
          <input name="deadLetterQueue" placeholder="none" autocomplete="off" spellcheck="false">
        </label>
        <label class="field"><span>after so many receives</span>
          <input name="maxReceiveCount" inputmode="numeric" placeholder="3">
        </label>
      </div>
      ${failureView(this.#submission.failure)}
      <div class="buttons">
        <button type="button" @click=${() => this.#host.closeDialog()}>Cancel</button>
        <button class="primary" ?disabled=${this.#submission.isBusy}>Create</button>
      </div>
    </form>`
  }

  readonly #submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    void this.#submission.run(async () => {
      const sqs = new Sqs(this.#host.api)
      const attributes = { ...attributesIn(form, isFifo(this.#name)), ...(await redriveIn(form, sqs)) }
      await sqs.create(this.#name, attributes)
      this.#host.closeDialog()
      this.#host.notify('done', `${this.#name} is there.`)
      this.#created()
    })
  }
}

async function redriveIn(form: FormData, sqs: Sqs): Promise<Record<string, string>> {
  const queue = enteredIn(form, 'deadLetterQueue')
  if (queue === '') return {}
  const maxReceiveCount = enteredIn(form, 'maxReceiveCount') || '3'
  return {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await sqs.arnOf(queue), maxReceiveCount }),
  }
}

function enteredIn(form: FormData, name: string): string {
  return String(form.get(name) ?? '').trim()
}

/** What was filled in. Values are not looked at: SQS says best what is wrong with them. */
function attributesIn(form: FormData, fifo: boolean): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const { name } of NUMBERS) {
    const entered = enteredIn(form, name)
    if (entered !== '') attributes[name] = entered
  }
  if (fifo) {
    attributes.FifoQueue = 'true'
    if (form.has('ContentBasedDeduplication')) attributes.ContentBasedDeduplication = 'true'
  }
  return attributes
}
