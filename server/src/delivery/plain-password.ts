import { isLoopbackHost } from '../base/loopback.ts'
import { parseSmsHeaders } from './sms-http-gateway.ts'

/**
 * Whether a gateway for text messages on another machine would be sent a password that everybody on the way can read. A relay for email
 * is not asked about: it has to offer STARTTLS before it is told one.
 */
export function wouldSendPlainPassword({
  smsUrl,
  smsHeaders,
}: {
  readonly smsUrl: string
  readonly smsHeaders: string
}): boolean {
  if (!URL.canParse(smsUrl)) return false
  const { protocol, hostname, username, password } = new URL(smsUrl)
  if (!['smpp:', 'http:'].includes(protocol) || isLoopbackHost(hostname)) return false
  const names = protocol === 'http:' ? Object.keys(parseSmsHeaders(smsHeaders)) : []
  return username !== '' || password !== '' || names.some((name) => /^authorization$/i.test(name))
}
