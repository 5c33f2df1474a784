import { CLIENT, signedPost } from './signed-post.ts'
import { type Credentials, SigV4Signer } from './sigv4.ts'

const VERSION = '2010-03-31'

/** Builds SNS requests as `SqsRequests` does those of SQS: AWS Query, with the headers that `@aws-sdk/client-sns` sends. */
export class SnsRequests {
  readonly #signer: SigV4Signer
  readonly #host: string

  constructor(host: string, credentials: Credentials, region: string, at: Date) {
    this.#signer = new SigV4Signer(credentials, region, 'sns', at)
    this.#host = host
  }

  createTopic(name: string): Buffer {
    return this.#request('CreateTopic', { Name: name })
  }

  /** Subscribes a queue, to all messages or to those whose attribute `customer` is the one given. */
  subscribe(topicArn: string, queueArn: string, customer: string | null): Buffer {
    return this.#request('Subscribe', {
      Endpoint: queueArn,
      Protocol: 'sqs',
      TopicArn: topicArn,
      ...(customer !== null && {
        'Attributes.entry.1.key': 'FilterPolicy',
        'Attributes.entry.1.value': JSON.stringify({ customer: [customer] }),
      }),
    })
  }

  publish(topicArn: string, message: string, customer: string | null): Buffer {
    return this.#request('Publish', {
      Message: message,
      TopicArn: topicArn,
      ...(customer !== null && {
        'MessageAttributes.entry.1.Name': 'customer',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': customer,
      }),
    })
  }

  publishBatch(topicArn: string, messages: readonly string[]): Buffer {
    const fields: Record<string, string> = { TopicArn: topicArn }
    for (const [i, message] of messages.entries()) {
      fields[`PublishBatchRequestEntries.member.${i + 1}.Id`] = `entry-${i}`
      fields[`PublishBatchRequestEntries.member.${i + 1}.Message`] = message
    }
    return this.#request('PublishBatch', fields)
  }

  #request(action: string, fields: Readonly<Record<string, string>>): Buffer {
    const body = new URLSearchParams({ ...fields, Action: action, Version: VERSION }).toString()
    return signedPost(this.#signer, this.#host, body, 'application/x-www-form-urlencoded', [
      ['x-amz-user-agent', CLIENT],
    ])
  }
}
