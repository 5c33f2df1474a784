import { endpointUrl } from '../delivery/aws-caller.ts'
import { INVOCATION_SECONDS_MAX } from '../delivery/limits.ts'
import { parseSender } from '../delivery/mail-address.ts'
import { wouldSendPlainPassword } from '../delivery/plain-password.ts'
import { parseSmsHeaders } from '../delivery/sms-http-gateway.ts'
import { isSmsSender } from '../delivery/sms-transport.ts'
import type { DeliverySettings } from '../delivery/transports.ts'
import { halfOf, oneOf, parseSwitch, pathOrNone, wholeNumber } from './parse-values.ts'
import type { Setting, SettingsTable } from './setting.ts'

/** How what is pushed gets out. */
export interface DeliveryConfig extends DeliverySettings {
  /** An absolute path; empty for none. */
  readonly deliveryCa: string
}

export const DELIVERY_SETTINGS: SettingsTable<DeliveryConfig> = {
  deliveryAllowPrivate: {
    name: 'delivery-allow-private',
    placeholder: null,
    help: 'let HTTP endpoints of topics be on private addresses and on this machine',
    default: false,
    why: 'whoever may subscribe an endpoint could otherwise reach what only this machine reaches: its own services, its network, the metadata of its cloud',
    parse: parseSwitch,
  },
  deliveryCa: {
    name: 'delivery-ca',
    placeholder: 'file',
    help: 'certificates, PEM, of authorities that relays, gateways and endpoints are trusted by, beside the well-known ones',
    default: '',
    why: 'those that Node.js knows are enough for what everybody may reach',
    parse: pathOrNone,
  },
  allowPlainPasswords: {
    name: 'allow-plain-passwords',
    placeholder: null,
    help: 'let relays and gateways on other machines be told their passwords without TLS',
    default: false,
    why: 'a password is for nobody on the way to read',
    parse: parseSwitch,
  },
  smtpUrl: {
    name: 'smtp-url',
    placeholder: 'url',
    help: 'relay for email, smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start',
    default: '',
    why: 'mail that comes from just any machine is taken for spam',
    secret: true,
    parse: (text) => urlOf(['smtp', 'smtps'], text),
  },
  smtpFrom: {
    name: 'smtp-from',
    placeholder: 'address',
    help: 'whom email comes from, as in "Mill <no-reply@example.org>"',
    default: '',
    why: 'only the operator knows for which address the relay sends',
    parse: parseFrom,
  },
  smsUrl: {
    name: 'sms-url',
    placeholder: 'url',
    help: 'gateway for text messages: smpp://USER:PASSWORD@HOST:PORT, ssmpp:// for TLS, or http(s):// with {phone}, {message} and {sender} in it or in the body',
    default: '',
    why: 'text messages cost money, and a contract with a provider',
    secret: true,
    parse: (text) => urlOf(['smpp', 'ssmpp', 'http', 'https'], text),
  },
  smsMethod: {
    name: 'sms-method',
    placeholder: 'GET|POST|PUT',
    help: 'method of requests to an HTTP gateway for text messages',
    default: 'POST',
    why: 'what most providers want',
    parse: (text) => oneOf(['GET', 'POST', 'PUT'], text),
  },
  smsHeaders: {
    name: 'sms-headers',
    placeholder: 'json',
    help: 'headers of such requests, as JSON',
    default: '{"Content-Type":"application/json"}',
    why: 'what most providers want, but for a key',
    secret: true,
    parse: (text) => {
      parseSmsHeaders(text)
      return text
    },
  },
  smsBody: {
    name: 'sms-body',
    placeholder: 'template',
    help: 'body of such requests; what is put in is spelled as the content type wants it',
    default: '{"to":"{phone}","from":"{sender}","text":"{message}"}',
    why: 'an example more than a default: every provider has names of its own',
    parse: (text) => text,
  },
  smsSender: {
    name: 'sms-sender',
    placeholder: 'name',
    help: 'whom text messages come from unless their publisher says so: up to eleven letters and digits, or a number',
    default: 'NOTICE',
    why: "AWS's own default where a name is allowed",
    parse: parseSmsSender,
  },
  lambdaEndpoint: {
    name: 'lambda-endpoint',
    placeholder: 'url',
    help: 'whoever runs the functions that topics call, by the Invoke API of AWS Lambda; {region} stands for the region of the function',
    default: '',
    why: 'only the operator knows where functions run',
    secret: true,
    parse: awsEndpointOf,
  },
  lambdaTimeoutSeconds: {
    name: 'lambda-timeout',
    placeholder: 'seconds',
    help: 'how long its answer is waited for, 1 to 900; local runners answer when the function has ended',
    default: 60,
    why: 'AWS answers at once; longer, and a runner that hangs holds its messages for as long after a crash',
    parse: (text) => wholeNumber(text, INVOCATION_SECONDS_MAX, 1),
  },
  lambdaAccessKeyId: accessKeyIdOf('lambda', 'local runners take requests without a signature'),
  lambdaSecretAccessKey: secretAccessKeyOf('lambda'),
  firehoseEndpoint: {
    name: 'firehose-endpoint',
    placeholder: 'url',
    help: 'Amazon Data Firehose, or what speaks its API; {region} stands for the region of the delivery stream',
    default: '',
    why: 'only the operator knows where delivery streams are',
    secret: true,
    parse: awsEndpointOf,
  },
  firehoseAccessKeyId: accessKeyIdOf(
    'firehose',
    'what stands in for Firehose may take requests without a signature',
  ),
  firehoseSecretAccessKey: secretAccessKeyOf('firehose'),
}

function accessKeyIdOf(service: string, why: string): Setting<string> {
  return {
    name: `${service}-access-key-id`,
    placeholder: 'id',
    help: 'key that its requests are signed with, instead of AWS_ACCESS_KEY_ID; without any they are not signed',
    default: '',
    why,
    parse: (text) => text,
  }
}

function secretAccessKeyOf(service: string): Setting<string> {
  return {
    name: `${service}-secret-access-key`,
    placeholder: 'secret',
    help: 'the secret of that key',
    default: '',
    why: 'as for the key',
    secret: true,
    parse: (text) => text,
  }
}

/** What is wrong with settings that are fine one by one. */
export function deliveryConflicts(settings: DeliveryConfig): readonly string[] {
  return [
    ...passwordsInTheOpen(settings),
    ...halfOf('--smtp-url and --smtp-from', settings.smtpUrl, settings.smtpFrom),
    ...halfOf(
      '--lambda-access-key-id and --lambda-secret-access-key',
      settings.lambdaAccessKeyId,
      settings.lambdaSecretAccessKey,
    ),
    ...halfOf(
      '--firehose-access-key-id and --firehose-secret-access-key',
      settings.firehoseAccessKeyId,
      settings.firehoseSecretAccessKey,
    ),
  ]
}

function passwordsInTheOpen(config: DeliveryConfig): readonly string[] {
  if (config.allowPlainPasswords || !wouldSendPlainPassword(config)) return []
  return [
    '--sms-url would send its password for everyone on the way to read; use ssmpp:// or https://, or give ' +
      '--allow-plain-passwords if the network up to there is closed',
  ]
}

function awsEndpointOf(text: string): string {
  if (text === '') return text
  // A place that is misspelt would be a name that is looked for in vain, at the first message.
  if (/[{}]/.test(text.replaceAll('{region}', '')))
    throw new RangeError('must have no braces but those of {region}')
  try {
    const { protocol, username, search, hash } = endpointUrl(text, 'us-east-1')
    if (/^https?:$/.test(protocol) && username === '' && search === '' && hash === '') return text
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
  throw new RangeError('must be a URL that begins with http:// or https://, without credentials and query')
}

function urlOf(schemes: readonly string[], text: string): string {
  if (text === '') return text
  const [scheme = ''] = text.split('://')
  // A gateway's URL has places to be filled in, which are fine in a path and in a query.
  const url = schemes.includes(scheme) && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.hostname === '' || !isDecodable(url.username) || !isDecodable(url.password))
    throw new RangeError(`must be a URL that begins with ${schemes.map((each) => `${each}://`).join(', ')}`)
  return text
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function parseFrom(text: string): string {
  if (text !== '' && parseSender(text) === undefined)
    throw new RangeError('must be a mail address, or a name and an address as in "Mill <mill@example.org>"')
  return text
}

function parseSmsSender(text: string): string {
  if (text !== '' && !isSmsSender(text))
    throw new RangeError('must be up to eleven letters and digits, or a number of up to 15 digits')
  return text
}
