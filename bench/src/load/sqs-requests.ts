import { CLIENT, signedPost } from './signed-post.ts'
import { type Credentials, SigV4Signer } from './sigv4.ts'

/**
 * Builds SQS requests as the bytes that go over the wire: HTTP/1.1, AWS JSON 1.0, signed. They carry the headers that
 * `@aws-sdk/client-sqs` sends, so that the server parses and verifies as much as for a real client. What one instance
 * signs is accepted for 15 minutes.
 */
export class SqsRequests {
  readonly #signer: SigV4Signer
  readonly #host: string

  constructor(host: string, credentials: Credentials, region: string, at: Date) {
    this.#signer = new SigV4Signer(credentials, region, 'sqs', at)
    this.#host = host
  }

  /** `policy` is the queue's, if it is to have one. `sealed`: with a key of KMS, the one that needs no set-up. */
  createQueue(name: string, { policy, sealed = false }: { policy?: string; sealed?: boolean } = {}): Buffer {
    const Attributes = {
      ...(name.endsWith('.fifo') && { FifoQueue: 'true' }),
      ...(policy !== undefined && { Policy: policy }),
      ...(sealed && { KmsMasterKeyId: 'alias/aws/sqs' }),
    }
    return this.#request('CreateQueue', JSON.stringify({ QueueName: name, Attributes }))
  }

  queueAttributes(queueUrl: string): Buffer {
    return this.#request(
      'GetQueueAttributes',
      JSON.stringify({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    )
  }

  sendMessage(queueUrl: string, body: string): Buffer {
    return this.#request('SendMessage', JSON.stringify({ QueueUrl: queueUrl, MessageBody: body }))
  }

  sendMessageBatch(queueUrl: string, bodies: readonly string[]): Buffer {
    const entries = bodies.map((body, i) => ({ Id: `entry-${i}`, MessageBody: body }))
    return this.#request('SendMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries: entries }))
  }

  /** To a FIFO queue: the messages numbered from `first` on, which go to the groups in turn. */
  sendFifoMessageBatch(queueUrl: string, bodies: readonly string[], first: number, groups: number): Buffer {
    const entries = bodies.map((body, i) => ({
      Id: `entry-${i}`,
      MessageBody: body,
      MessageGroupId: `group-${(first + i) % groups}`,
      MessageDeduplicationId: `message-${first + i}`,
    }))
    return this.#request('SendMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries: entries }))
  }

  receiveMessages(queueUrl: string, limit: number, waitSeconds: number): Buffer {
    const input = { QueueUrl: queueUrl, MaxNumberOfMessages: limit, WaitTimeSeconds: waitSeconds }
    return this.#request('ReceiveMessage', JSON.stringify(input))
  }

  deleteMessageBatch(queueUrl: string, receiptHandles: readonly string[]): Buffer {
    const entries = receiptHandles.map((handle, i) => ({ Id: `entry-${i}`, ReceiptHandle: handle }))
    return this.#request('DeleteMessageBatch', JSON.stringify({ QueueUrl: queueUrl, Entries: entries }))
  }

  #request(operation: string, body: string): Buffer {
    return signedPost(this.#signer, this.#host, body, 'application/x-amz-json-1.0', [
      ['x-amz-target', `AmazonSQS.${operation}`],
      ['x-amz-user-agent', CLIENT],
      ['x-amzn-query-mode', 'true'],
    ])
  }
}
