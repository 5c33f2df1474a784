import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { BROWSER_PLACES } from '../../scripts/install-browser.mjs'

/** Where the browser for tests is; undefined if this machine has none. */
export const browserPath: string | undefined = BROWSER_PLACES.find((path) => existsSync(path))

/** A name for this machine that a browser does not take for this machine: what it says over plain HTTP it trusts less. */
export const FOREIGN_HOST = 'mill.test'

/** No graphics, no second thoughts, and no word to anybody but the servers that a test names. */
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', `--host-resolver-rules=MAP ${FOREIGN_HOST} 127.0.0.1`],
]
/** For whatever a page is waited for, in milliseconds. */
const PATIENCE_MS = 15_000

/** A browser that knows nothing of earlier ones, and remembers what its pages asked for and complained about. */
export class TestBrowser {
  /** The URLs of all requests. */
  readonly requests: string[] = []
  /** Scripts that failed, what a policy forbade, and whatever else pages wrote as an error. */
  readonly complaints: string[] = []
  readonly #context: BrowserContext
  readonly #directory: string

  private constructor(context: BrowserContext, directory: string) {
    this.#context = context
    this.#directory = directory
    context.setDefaultTimeout(PATIENCE_MS)
    context.on('request', (request) => this.requests.push(request.url()))
    context.on('weberror', (error) => this.complaints.push(String(error.error())))
    context.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text())
    })
    context.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }

  static async launch(): Promise<TestBrowser> {
    if (browserPath === undefined) throw new Error('there is no browser')
    const directory = await mkdtemp(join(tmpdir(), 'millrace-browser-'))
    const context = await chromium.launchPersistentContext(directory, {
      ...{ executablePath: browserPath, headless: true, args: FLAGS, timeout: 2 * PATIENCE_MS },
      ...{ viewport: { width: 1280, height: 860 }, locale: 'en-GB', timezoneId: 'UTC' },
    })
    return new TestBrowser(context, directory)
  }

  /** A tab of its own, which shares no session with others. */
  open(): Promise<Page> {
    return this.#context.newPage()
  }

  async close(): Promise<void> {
    await this.#context.close()
    await rm(this.#directory, { recursive: true, force: true })
  }
}
