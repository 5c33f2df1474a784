import { html, nothing, type TemplateResult } from 'lit-html'
import { failureView } from './failure.ts'
import { DEFAULT_REGION } from './regions.ts'
import type { Session } from './session.ts'
import { Submission } from './submission.ts'

export interface SignInOptions {
  /** Rejects if the server does not take the key. */
  readonly signIn: (session: Session) => Promise<void>
  readonly update: () => void
}

/** Asks for a key. */
export class SignIn {
  readonly #options: SignInOptions
  readonly #submission: Submission

  constructor(options: SignInOptions) {
    this.#options = options
    this.#submission = new Submission(options.update)
  }

  view(): TemplateResult {
    return html`<main class="sign-in" id="main">
      <img src="icon.svg" alt="" width="56" height="56">
      <h1>Millrace</h1>
      <form class="card" @submit=${this.#submit}>
        <label class="field"><span>Access key</span>
          <input name="accessKeyId" required autofocus autocomplete="username" autocapitalize="off" spellcheck="false">
        </label>
        <label class="field"><span>Secret key</span>
          <input name="secretAccessKey" type="password" required autocomplete="current-password">
        </label>
        <label class="field"><span>Region</span>
          <input name="region" required list="regions" value=${DEFAULT_REGION} autocapitalize="off" spellcheck="false">
        </label>
        ${failureView(this.#submission.failure)}
        <button class="primary" ?disabled=${this.#submission.isBusy}>Sign in</button>
        <p class="hint">
          <code>millrace env</code> prints the key. It stays in this tab: requests are signed here, and the secret is
          sent nowhere.
        </p>
        ${
          window.isSecureContext
            ? nothing
            : html`<p class="hint warning">
                This page came over a connection that is not encrypted. Whoever controls the network between could have
                changed it, and reads what you see. Use a tunnel, or a proxy with TLS, where that matters.
              </p>`
        }
      </form>
    </main>`
  }

  readonly #submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }): void => {
    event.preventDefault()
    const entered = new FormData(event.currentTarget)
    const read = (name: string) => String(entered.get(name) ?? '').trim()
    void this.#submission.run(() =>
      this.#options.signIn({
        key: { accessKeyId: read('accessKeyId'), secretAccessKey: read('secretAccessKey') },
        region: read('region'),
      }),
    )
  }
}
