/** What is used of the package `smpp`, which has no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server } from 'node:net'
  import type { TlsOptions } from 'node:tls'

  export interface Pdu {
    readonly command: string
    /** 0 where all is well. */
    readonly command_status: number
    readonly [parameter: string]: unknown
    response(parameters?: Readonly<Record<string, unknown>>): Pdu
  }

  export type Parameters = Readonly<Record<string, string | number | Buffer>>
  export type OnResponse = (response: Pdu) => void

  /** Emits `error`, `close`, and each PDU of the other side by its command. Requests return false where the socket is closed. */
  export interface Session extends EventEmitter {
    send(pdu: Pdu): boolean
    bind_transmitter(parameters: Parameters, onResponse: OnResponse): boolean
    submit_sm(parameters: Parameters, onResponse: OnResponse): boolean
    enquire_link(parameters: Parameters, onResponse: OnResponse): boolean
    unbind(): boolean
    close(): void
    destroy(): void
  }

  const smpp: {
    /** With `tls`, the options are those of `tls.connect`. */
    connect(options: {
      host: string
      port: number
      tls: boolean
      ca?: string[]
      servername?: string
    }): Session
    createServer(onSession: (session: Session) => void): Server
    /** Over TLS. */
    createServer(options: TlsOptions, onSession: (session: Session) => void): Server
  }
  export default smpp
}
