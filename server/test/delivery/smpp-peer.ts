import smpp, { type Pdu, type Session } from 'smpp'
import type { TestCertificate } from '../http/test-authority.ts'

export interface SmppPeer {
  readonly url: string
  readonly pdus: Pdu[]
  readonly sessions: Set<Session>
  stop(): Promise<void>
}

export interface SmppStatuses {
  readonly bind?: number
  readonly submit?: (number | 'none')[]
  /** For TLS. */
  readonly certificate?: TestCertificate
}

export interface SmppTlsPeer extends SmppPeer {
  /** The names that clients asked for in their handshakes. */
  readonly names: readonly string[]
}

/** An SMPP server on loopback that answers binds and submissions with these statuses, or not at all. */
export async function startSmppPeer(statuses: SmppStatuses = {}): Promise<SmppTlsPeer> {
  const names: string[] = []
  const pdus: Pdu[] = []
  const sessions = new Set<Session>()
  const submitStatuses = statuses.submit ?? [0]
  const serve = (session: Session) => {
    sessions.add(session)
    session.on('error', () => {})
    session.on('close', () => sessions.delete(session))
    session.on('pdu', (pdu: Pdu) => pdus.push(pdu))
    session.on('bind_transmitter', (pdu: Pdu) =>
      session.send(pdu.response({ command_status: statuses.bind ?? 0 })),
    )
    session.on('submit_sm', (pdu: Pdu) => {
      const status = submitStatuses.length > 1 ? submitStatuses.shift() : submitStatuses[0]
      if (status !== 'none') session.send(pdu.response({ command_status: status }))
    })
    session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
  }
  const { certificate } = statuses
  const server =
    certificate === undefined
      ? smpp.createServer(serve)
      : smpp.createServer(
          {
            ...{ key: certificate.privateKey, cert: certificate.certificate },
            SNICallback: (name, done) => {
              names.push(name)
              done(null)
            },
          },
          serve,
        )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    for (const session of sessions) session.destroy()
    server.close()
  }
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const scheme = certificate === undefined ? 'smpp' : 'ssmpp'
  return { url: `${scheme}://mill:se%40cret@127.0.0.1:${port}`, pdus, sessions, names, stop }
}

export const submitted = ({ pdus }: SmppPeer) => pdus.filter(({ command }) => command === 'submit_sm')

export const textOf = (pdu: Pdu) => (pdu.short_message as { message: string }).message
