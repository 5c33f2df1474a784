import type { ApiClient } from './api-client.ts'

/** How many messages a queue holds. */
export interface QueueCounts {
  readonly waiting: number
  readonly inFlight: number
  readonly delayed: number
}

export async function countsOf(client: ApiClient, QueueUrl: string): Promise<QueueCounts> {
  const answer = await client.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })
  const attributes = answer.part('Attributes')
  return {
    waiting: attributes.number('ApproximateNumberOfMessages'),
    inFlight: attributes.number('ApproximateNumberOfMessagesNotVisible'),
    delayed: attributes.number('ApproximateNumberOfMessagesDelayed'),
  }
}
