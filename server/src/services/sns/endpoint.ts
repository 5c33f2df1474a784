import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameter, invalidParameter } from './errors.ts'
import { ENDPOINT_CHARACTERS_MAX } from './limits.ts'
import type { Protocol } from './subscription-settings.ts'

const QUEUE_ARN = /^arn:aws:sqs:[a-z0-9-]{1,32}:(\d{12}):[A-Za-z0-9_-]{1,80}(\.fifo)?$/

/** What an endpoint has to look like, and how AWS says that it does not. */
const FORMS: Readonly<Record<Protocol, { readonly form: RegExp; readonly refusal: string }>> = {
  application: {
    form: /^arn:aws:sns:[a-z0-9-]+:\d{12}:endpoint\/[A-Z_]+\/[\w.-]+\/[0-9a-f-]{36}$/,
    refusal: 'Invalid parameter: Application endpoint arn invalid',
  },
  email: { form: /^[^\s@]+@[^\s@]+$/, refusal: 'Invalid parameter: Email address' },
  'email-json': { form: /^[^\s@]+@[^\s@]+$/, refusal: 'Invalid parameter: Email address' },
  firehose: {
    form: /^arn:aws:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[\w.-]{1,64}$/,
    refusal: 'Invalid parameter: Firehose endpoint ARN',
  },
  http: {
    form: /^http:\/\/[^\s/]+/i,
    refusal: 'Invalid parameter: Endpoint must match the specified protocol',
  },
  https: {
    form: /^https:\/\/[^\s/]+/i,
    refusal: 'Invalid parameter: Endpoint must match the specified protocol',
  },
  lambda: {
    form: /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w$:-]{1,200}$/,
    refusal: 'Invalid parameter: Lambda endpoint ARN',
  },
  sms: { form: /^\+?(?:[-. ]?\d){5,20}$/, refusal: '' },
  sqs: { form: QUEUE_ARN, refusal: 'Invalid parameter: SQS endpoint ARN' },
}

/** Refuses an endpoint that can't be one of its protocol, or not of a topic of this kind. */
export function checkEndpoint(protocol: Protocol, endpoint: string, isFifoTopic: boolean): void {
  const { form, refusal } = FORMS[protocol]
  if (endpoint.length > ENDPOINT_CHARACTERS_MAX || !form.test(endpoint)) {
    throw new ServiceError(
      InvalidParameter,
      protocol === 'sms' ? `Invalid SMS endpoint: ${endpoint}` : refusal,
    )
  }
  if (isFifoTopic && protocol !== 'sqs') {
    throw invalidParameter('Invalid parameter: Endpoint', 'Please use FIFO SQS queue')
  }
  if (!isFifoTopic && protocol === 'sqs' && endpoint.endsWith('.fifo')) {
    throw invalidParameter(
      'Invalid parameter: Endpoint',
      'FIFO SQS Queues can not be subscribed to standard SNS topics',
    )
  }
}

/** Whether whoever has the endpoint is to be asked first. */
export function needsConfirmation(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'https' || protocol === 'email' || protocol === 'email-json'
}

/** The account of a queue that is an endpoint. */
export function queueOwner(endpoint: string): string | undefined {
  return QUEUE_ARN.exec(endpoint)?.[1]
}
