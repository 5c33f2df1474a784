import { html, nothing, render, type TemplateResult } from 'lit-html'
import { Api, ApiError, askServer } from '../api/api.ts'
import { failureView } from './failure.ts'
import { Notices } from './notices.ts'
import { DEFAULT_REGION, REGIONS } from './regions.ts'
import type { Dialog, Host, Screen, Section } from './section.ts'
import { forgetSession, type Session, storedSession, storeSession } from './session.ts'
import { SignIn } from './sign-in.ts'
import { applyTheme, nextTheme, theme } from './theme.ts'

/** The account of whoever names none, with authentication off. */
const DEFAULT_ACCOUNT = '000000000000'
/** With authentication off an access key id that looks like an account is one; no key of the server's looks like that. */
const ACCOUNT = /^\d{12}$/
const CHECKED_WITH = { signingName: 'sqs', target: 'AmazonSQS', version: '1.0' } as const

/**
 * The frame around the screens: signing in, navigation, region, notices, dialogs.
 *
 * ```
 *   start ─▶ sign in ─▶ screen of the address ◀─▶ another one
 *     │ authentication is off ────▲   └─ sign out ─▶ sign in
 * ```
 *
 * Everything is drawn anew from what the screens know whenever one says that something changed; lit-html changes what
 * differs.
 */
export class Console implements Host {
  readonly #root: HTMLElement
  readonly #sections: readonly [Section, ...Section[]]
  readonly #notices = new Notices(() => this.update())
  readonly #signIn = new SignIn({ signIn: (session) => this.#begin(session), update: () => this.update() })
  #isAuthOn = true
  #clockAheadMs = 0
  #session: Session | null = null
  #api: Api | null = null
  #screen: Screen | null = null
  #section: Section
  #dialog: Dialog | null = null
  #startFailure: unknown = null
  #isStarted = false
  #isUpdateDue = false

  constructor(root: HTMLElement, sections: readonly [Section, ...Section[]]) {
    this.#root = root
    this.#sections = sections
    this.#section = sections[0]
  }

  get api(): Api {
    if (this.#api === null) throw new Error('nobody is signed in')
    return this.#api
  }

  async start(): Promise<void> {
    applyTheme()
    addEventListener('hashchange', () => this.#arrive())
    try {
      const { auth, clockAheadMs } = await askServer()
      this.#isAuthOn = auth
      this.#clockAheadMs = clockAheadMs
      const stored = storedSession()
      // The server may have been started with the other setting meanwhile.
      const isUsable = stored !== null && ACCOUNT.test(stored.key.accessKeyId) !== auth
      if (isUsable) this.#enter(stored)
      else if (!auth) this.#enter(openSession(DEFAULT_ACCOUNT, DEFAULT_REGION))
    } catch (error) {
      this.#startFailure = error
    }
    this.#isStarted = true
    this.update()
  }

  update(): void {
    if (this.#isUpdateDue) return
    this.#isUpdateDue = true
    queueMicrotask(() => {
      this.#isUpdateDue = false
      this.#draw()
    })
  }

  notify(kind: 'done' | 'failed', text: string): void {
    this.#notices.add(kind, text)
  }

  openDialog(dialog: Dialog): void {
    this.#dialog = dialog
    this.update()
  }

  closeDialog(): void {
    this.#dialog = null
    this.update()
  }

  go(address: string): void {
    location.hash = address
  }

  /** Rejects if the server does not take the key. */
  async #begin(session: Session): Promise<void> {
    const api = this.#apiOf(session)
    await api.call(CHECKED_WITH, 'ListQueues', { MaxResults: 1 }).catch((error: unknown) => {
      // Whoever may not list queues is known all the same.
      if (!(error instanceof ApiError) || !error.code.startsWith('AccessDenied')) throw error
    })
    this.#enter(session)
  }

  #enter(session: Session): void {
    storeSession(session)
    this.#session = session
    this.#api = this.#apiOf(session)
    this.#leave()
    this.#arrive()
  }

  /** The screen of the address, unless that of before knows it as its own. */
  #arrive(): void {
    if (this.#session === null) return
    this.#dialog = null
    const [id = '', ...path] = location.hash.replace(/^#\/?/, '').split('/').map(decoded)
    const section = this.#sections.find((each) => each.id === id) ?? this.#sections[0]
    if (section !== this.#section || this.#screen?.goTo?.(path) !== true) {
      this.#leave()
      this.#section = section
      this.#screen = section.open(path, this)
      scrollTo(0, 0)
    }
    this.update()
  }

  #leave(): void {
    this.#screen?.close()
    this.#screen = null
    this.#dialog = null
  }

  #signOut(): void {
    forgetSession()
    this.#leave()
    this.#notices.clear()
    this.#session = null
    this.#api = null
    this.update()
  }

  /** Queues of another region or account are others: what is shown may not exist there. */
  #move(session: Session): void {
    this.#enter(session)
    this.go(`#/${this.#section.id}`)
  }

  #apiOf({ key, region }: Session): Api {
    return new Api({ key, region, clockAheadMs: this.#clockAheadMs })
  }

  #draw(): void {
    document.title = this.#screen === null ? 'Millrace' : `${this.#screen.title} – Millrace`
    render(this.#view(), this.#root)
    const dialog = this.#root.querySelector('dialog')
    if (dialog === null) return
    if (this.#dialog !== null && !dialog.open) dialog.showModal()
    if (this.#dialog === null && dialog.open) dialog.close()
  }

  #view(): TemplateResult {
    if (!this.#isStarted) return html`<main id="main" class="sign-in" aria-busy="true"></main>`
    if (this.#startFailure !== null) {
      return html`<main id="main" class="sign-in">${failureView(this.#startFailure)}</main>`
    }
    return html`${this.#session === null ? this.#signIn.view() : this.#signedIn(this.#session)}
      ${this.#notices.view()} ${this.#dialogView()}
      <datalist id="regions">${REGIONS.map((region) => html`<option value=${region}></option>`)}</datalist>`
  }

  #signedIn(session: Session): TemplateResult {
    return html`<a class="skip" href="#main" @click=${skipToMain}>Skip to content</a>
      <header class="top">
        <a class="brand" href="#/${this.#sections[0].id}"><img src="icon.svg" alt="" width="26" height="26">Millrace</a>
        <nav aria-label="Sections">
          ${this.#sections.map(
            (section) =>
              html`<a href="#/${section.id}" aria-current=${section === this.#section ? 'true' : nothing}>${section.title}</a>`,
          )}
        </nav>
        <div class="place">
          ${this.#isAuthOn ? nothing : this.#accountField(session)}
          ${this.#regionField(session)}
          <button class="icon" title="Colours: ${theme()}" aria-label="Colours: ${theme()}" @click=${() => {
            nextTheme()
            this.update()
          }}>${THEME_ICON[theme()]}</button>
          ${
            this.#isAuthOn
              ? html`<button title=${session.key.accessKeyId} @click=${() => this.#signOut()}>Sign out</button>`
              : nothing
          }
        </div>
      </header>
      <main id="main" tabindex="-1">${this.#screen?.view() ?? nothing}</main>`
  }

  #accountField(session: Session): TemplateResult {
    return html`<label class="inline">Account
      <input
        class="account" inputmode="numeric" maxlength="12" .value=${session.key.accessKeyId}
        @change=${(event: Event & { currentTarget: HTMLInputElement }) => {
          const { value } = event.currentTarget
          if (ACCOUNT.test(value)) this.#move(openSession(value, session.region))
          else event.currentTarget.value = session.key.accessKeyId
        }}>
    </label>`
  }

  #regionField(session: Session): TemplateResult {
    return html`<label class="inline">Region
      <input
        class="region" list="regions" autocapitalize="off" spellcheck="false" .value=${session.region}
        @change=${(event: Event & { currentTarget: HTMLInputElement }) => {
          const region = event.currentTarget.value.trim()
          if (region !== '' && region !== session.region) this.#move({ ...session, region })
          else event.currentTarget.value = session.region
        }}>
    </label>`
  }

  /** The event comes later than the closing: another dialog may be open by then. */
  readonly #closed = (event: Event & { currentTarget: HTMLDialogElement }): void => {
    if (!event.currentTarget.open && this.#dialog !== null) this.closeDialog()
  }

  #dialogView(): TemplateResult {
    return html`<dialog aria-labelledby="dialog-title" @close=${this.#closed}>
      ${
        this.#dialog === null
          ? nothing
          : html`<h2 id="dialog-title">${this.#dialog.title}</h2>${this.#dialog.view()}`
      }
    </dialog>`
  }
}

const THEME_ICON = { system: '◐', light: '☀', dark: '☾' } as const

/** The address bar says which screen is shown, so that the link can't be followed the usual way. */
function skipToMain(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function openSession(account: string, region: string): Session {
  return { key: { accessKeyId: account, secretAccessKey: 'none' }, region }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
