import { isIP } from 'node:net'
import type { OnResponse, Parameters, Session } from 'smpp'
import type { Timers } from '../base/time.ts'
import { SMPP_ANSWER_MS_MAX, SMPP_ENQUIRE_MS, SMPP_LEAVE_MS } from './limits.ts'

/** The gateway can't be used now; nothing is said about a message. */
export class SmppError extends Error {
  override readonly name = 'SmppError'
  /** The command status that it answered with, if it answered. */
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

const PORT = 2_775
const TLS_PORT = 3_550

/**
 * A bound connection to an SMPP 3.4 gateway. The package that speaks the protocol waits for answers without end, and can't go on
 * after bytes that are none of it; here either ends the session, and with it all that is under way.
 */
export class SmppSession {
  readonly #session: Session
  readonly #timers: Timers
  readonly #pending = new Set<(error: SmppError) => void>()
  #ended: SmppError | undefined
  #stopEnquiring: () => void = () => {}

  private constructor(session: Session, timers: Timers) {
    this.#session = session
    this.#timers = timers
    session.on('error', (error: Error) => this.#end(new SmppError(`the connection failed: ${error.message}`)))
    session.on('close', () => this.#end(new SmppError('the connection was closed')))
    for (const command of ['enquire_link', 'unbind', 'deliver_sm']) {
      session.on(command, (pdu) => {
        session.send(pdu.response())
        if (command === 'unbind') this.#end(new SmppError('the gateway took its leave'))
      })
    }
  }

  /**
   * `smpp://user:password@host:port`, or `ssmpp://` for TLS, where the gateway is trusted by the certificates of `ca`, as PEM, or by
   * those of Node.js. Rejects with `SmppError`.
   */
  static async bind(url: URL, timers: Timers, ca?: readonly string[]): Promise<SmppSession> {
    const { default: smpp } = await import('smpp')
    const tls = url.protocol === 'ssmpp:'
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
    const port = url.port === '' ? (tls ? TLS_PORT : PORT) : Number(url.port)
    const trust = { ...(ca !== undefined && { ca: [...ca] }), ...(isIP(host) === 0 && { servername: host }) }
    const session = new SmppSession(smpp.connect({ host, port, tls, ...(tls && trust) }), timers)
    const credentials = {
      system_id: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }
    const status = await session.#request((onResponse) => {
      session.#session.once(tls ? 'secureConnect' : 'connect', () =>
        session.#session.bind_transmitter(credentials, onResponse),
      )
      return true
    })
    if (status !== 0) {
      session.close()
      throw new SmppError(`the gateway refused the connection with status ${status}`, status)
    }
    session.#enquireLater()
    return session
  }

  get isEnded(): boolean {
    return this.#ended !== undefined
  }

  /** Resolves with the command status of the answer; rejects with `SmppError` where there is none. */
  submit(parameters: Parameters): Promise<number> {
    return this.#request((onResponse) => this.#session.submit_sm(parameters, onResponse))
  }

  close(): void {
    if (!this.isEnded) this.#session.unbind()
    this.#end(new SmppError('given up'))
  }

  #request(send: (onResponse: OnResponse) => boolean): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended)
      const settle = () => {
        stopTimer()
        this.#pending.delete(fail)
      }
      const fail = (error: SmppError) => {
        settle()
        reject(error)
      }
      const stopTimer = this.#timers.after(SMPP_ANSWER_MS_MAX, () =>
        this.#end(new SmppError('the gateway did not answer in time')),
      )
      this.#pending.add(fail)
      const isSent = send(({ command_status }) => {
        settle()
        resolve(command_status)
      })
      if (!isSent) this.#end(new SmppError('the connection was closed'))
    })
  }

  /** A gateway that went away without a word is noticed before there is something to be sent. */
  #enquireLater(): void {
    this.#stopEnquiring = this.#timers.after(SMPP_ENQUIRE_MS, () => {
      this.#request((onResponse) => this.#session.enquire_link({}, onResponse)).then(
        () => this.#enquireLater(),
        () => {},
      )
    })
  }

  #end(error: SmppError): void {
    if (this.#ended !== undefined) return
    this.#ended = error
    this.#stopEnquiring()
    for (const fail of [...this.#pending]) fail(error)
    // What was written, an answer or a leave-taking, still goes out.
    this.#session.close()
    this.#timers.after(SMPP_LEAVE_MS, () => this.#session.destroy())
  }
}
