import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface Mail {
  /** Whether it came over TLS. */
  readonly secure: boolean
  readonly from: string
  readonly to: readonly string[]
  readonly headers: readonly string[]
  readonly body: string
}

/** Starts a relay on loopback that keeps what it is sent. */
export async function startRelay(options: SMTPServerOptions = {}) {
  const mails: Mail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          secure: session.secure,
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          ...readMail(Buffer.concat(chunks).toString()),
        })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise<void>((resolve) => server.close(resolve))
  const address = server.server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { mails, stop, port, url: `smtp://127.0.0.1:${port}` }
}

/** Headers, each on one line, and the body, decoded as it says. */
function readMail(text: string): Pick<Mail, 'headers' | 'body'> {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const headers = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const encoded = rest.join('\r\n\r\n')
  const encoding = headers.find((header) => /^content-transfer-encoding/i.test(header)) ?? ''
  const body = /base64/.test(encoding)
    ? Buffer.from(encoded, 'base64').toString()
    : /quoted-printable/.test(encoding)
      ? Buffer.from(
          encoded
            .replaceAll('=\r\n', '')
            .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString()
      : encoded
  return { headers, body: body.replaceAll('\r\n', '\n') }
}
