import { html, nothing, type TemplateResult } from 'lit-html'
import type { Host } from '../app/section.ts'
import { type JsonToken, jsonTokens } from '../text/json-tokens.ts'
import { plainText } from '../text/plain-text.ts'
import { clockTime, size } from '../text/quantities.ts'
import type { ShownMessage } from './sqs.ts'

/** More is shown when it's asked for, in characters: a megabyte of text takes a browser seconds to lay out. */
const BODY_CHARACTERS = 32 * 1024
const TIMES: readonly string[] = ['SentTimestamp', 'ApproximateFirstReceiveTimestamp']

/** What SQS says of a message, for a person. */
function shownValue(name: string, value: string): string {
  if (!TIMES.includes(name)) return plainText(value)
  return value === '0' ? 'never' : clockTime(Number(value))
}

/** All of one message. Whatever it says is shown as text; nothing of it becomes markup. */
export class MessageView {
  readonly #host: Host
  #isRaw = false
  #isWhole = false
  /** The body that the tokens are of: a message never changes, but laying it out is not for every drawing. */
  #body: string | null = null
  #bytes = 0
  #tokens: readonly JsonToken[] | null = null

  constructor(host: Host) {
    this.#host = host
  }

  view(message: ShownMessage): TemplateResult {
    if (message.body !== this.#body) {
      this.#body = message.body
      this.#bytes = new Blob([message.body]).size
      this.#tokens = jsonTokens(message.body)
    }
    return html`<div class="message">
      <section aria-label="Body">
        <div class="bar">
          <h3>Body <small>${size(this.#bytes)}</small></h3>
          <div class="actions">
            ${
              this.#tokens === null
                ? nothing
                : html`<button aria-pressed=${this.#isRaw ? 'true' : 'false'} @click=${() => {
                    this.#isRaw = !this.#isRaw
                    this.#host.update()
                  }}>As sent</button>`
            }
            <button @click=${() => this.#copy(message.body)}>Copy</button>
          </div>
        </div>
        ${this.#bodyView(message.body)}
      </section>
      <section aria-label="Attributes">
        ${
          message.attributes.length === 0
            ? nothing
            : html`<h3>Message attributes</h3>
              <table class="pairs"><tbody>${message.attributes.map(
                ({ name, type, value }) =>
                  html`<tr><th scope="row">${name} <small>${plainText(type)}</small></th><td><bdi>${plainText(value)}</bdi></td></tr>`,
              )}</tbody></table>`
        }
        <h3>What is known of it</h3>
        <table class="pairs"><tbody>
          <tr><th scope="row">MessageId</th><td>${message.id}</td></tr>
          ${message.system.map(
            ([name, value]) =>
              html`<tr><th scope="row">${name}</th><td><bdi>${shownValue(name, value)}</bdi></td></tr>`,
          )}
          ${
            message.visibleAt === null
              ? nothing
              : html`<tr><th scope="row">Visible at</th><td>${clockTime(message.visibleAt)}</td></tr>`
          }
        </tbody></table>
      </section>
    </div>`
  }

  #bodyView(body: string): TemplateResult {
    const tokens = this.#isRaw ? null : this.#tokens
    const length = tokens === null ? body.length : tokens.reduce((sum, { text }) => sum + text.length, 0)
    const isCut = !this.#isWhole && length > BODY_CHARACTERS
    const charactersMax = isCut ? BODY_CHARACTERS : length
    return html`<pre class="text" tabindex="0" aria-label="Body of the message">${
      tokens === null ? plainText(body.slice(0, charactersMax)) : jsonView(tokens, charactersMax)
    }</pre>
      ${
        isCut
          ? html`<button @click=${() => {
              this.#isWhole = true
              this.#host.update()
            }}>Show all ${length.toLocaleString('en')} characters</button>`
          : nothing
      }`
  }

  async #copy(body: string): Promise<void> {
    try {
      // Not there on a page that came over plain HTTP from another machine.
      await navigator.clipboard.writeText(body)
      this.#host.notify('done', 'The body was copied.')
    } catch {
      this.#host.notify('failed', 'The browser does not let this page copy; mark the text instead.')
    }
  }
}

function jsonView(tokens: readonly JsonToken[], charactersMax: number): readonly (TemplateResult | string)[] {
  const shown: (TemplateResult | string)[] = []
  // Colours are for what a person reads; an element for each of a million tokens is too much for a browser.
  const isColoured = charactersMax <= BODY_CHARACTERS
  let left = charactersMax
  for (const { kind, text } of tokens) {
    if (left <= 0) break
    const part = plainText(text.slice(0, left))
    left -= text.length
    if (!isColoured || kind === 'space' || kind === 'mark') shown.push(part)
    else shown.push(html`<span class="json-${kind}">${part}</span>`)
  }
  return isColoured ? shown : [shown.join('')]
}
