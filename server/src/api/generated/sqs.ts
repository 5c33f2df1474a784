// Made from the service model by scripts/generate-model-types.mjs; not to be edited.
// Operations of sqs: what they take and give, by the names on the wire.

export interface AddPermissionRequest {
  readonly AWSAccountIds: readonly string[]
  readonly Actions: readonly string[]
  readonly Label: string
  readonly QueueUrl: string
}

export interface BatchResultErrorEntry {
  readonly Code: string
  readonly Id: string
  readonly Message?: string | undefined
  readonly SenderFault: boolean
}

export interface CancelMessageMoveTaskRequest {
  readonly TaskHandle: string
}

export interface CancelMessageMoveTaskResult {
  readonly ApproximateNumberOfMessagesMoved?: number | undefined
}

export interface ChangeMessageVisibilityBatchRequest {
  readonly Entries: readonly ChangeMessageVisibilityBatchRequestEntry[]
  readonly QueueUrl: string
}

export interface ChangeMessageVisibilityBatchRequestEntry {
  readonly Id: string
  readonly ReceiptHandle: string
  readonly VisibilityTimeout?: number | undefined
}

export interface ChangeMessageVisibilityBatchResult {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined
  readonly Successful?: readonly ChangeMessageVisibilityBatchResultEntry[] | undefined
}

export interface ChangeMessageVisibilityBatchResultEntry {
  readonly Id: string
}

export interface ChangeMessageVisibilityRequest {
  readonly QueueUrl: string
  readonly ReceiptHandle: string
  readonly VisibilityTimeout: number
}

export interface CreateQueueRequest {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly QueueName: string
  readonly tags?: { readonly [key: string]: string } | undefined
}

export interface CreateQueueResult {
  readonly QueueUrl?: string | undefined
}

export interface DeleteMessageBatchRequest {
  readonly Entries: readonly DeleteMessageBatchRequestEntry[]
  readonly QueueUrl: string
}

export interface DeleteMessageBatchRequestEntry {
  readonly Id: string
  readonly ReceiptHandle: string
}

export interface DeleteMessageBatchResult {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined
  readonly Successful?: readonly DeleteMessageBatchResultEntry[] | undefined
}

export interface DeleteMessageBatchResultEntry {
  readonly Id: string
}

export interface DeleteMessageRequest {
  readonly QueueUrl: string
  readonly ReceiptHandle: string
}

export interface DeleteQueueRequest {
  readonly QueueUrl: string
}

export interface GetQueueAttributesRequest {
  readonly AttributeNames?: readonly string[] | undefined
  readonly QueueUrl: string
}

export interface GetQueueAttributesResult {
  readonly Attributes?: { readonly [key: string]: string } | undefined
}

export interface GetQueueUrlRequest {
  readonly QueueName: string
  readonly QueueOwnerAWSAccountId?: string | undefined
}

export interface GetQueueUrlResult {
  readonly QueueUrl?: string | undefined
}

export interface ListDeadLetterSourceQueuesRequest {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly QueueUrl: string
}

export interface ListDeadLetterSourceQueuesResult {
  readonly NextToken?: string | undefined
  readonly queueUrls?: readonly string[] | undefined
}

export interface ListMessageMoveTasksRequest {
  readonly MaxResults?: number | undefined
  readonly SourceArn: string
}

export interface ListMessageMoveTasksResult {
  readonly Results?: readonly ListMessageMoveTasksResultEntry[] | undefined
}

export interface ListMessageMoveTasksResultEntry {
  readonly ApproximateNumberOfMessagesMoved?: number | undefined
  readonly ApproximateNumberOfMessagesToMove?: number | undefined
  readonly DestinationArn?: string | undefined
  readonly FailureReason?: string | undefined
  readonly MaxNumberOfMessagesPerSecond?: number | undefined
  readonly SourceArn?: string | undefined
  readonly StartedTimestamp?: number | undefined
  readonly Status?: string | undefined
  readonly TaskHandle?: string | undefined
}

export interface ListQueueTagsRequest {
  readonly QueueUrl: string
}

export interface ListQueueTagsResult {
  readonly Tags?: { readonly [key: string]: string } | undefined
}

export interface ListQueuesRequest {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly QueueNamePrefix?: string | undefined
}

export interface ListQueuesResult {
  readonly NextToken?: string | undefined
  readonly QueueUrls?: readonly string[] | undefined
}

export interface Message {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly Body?: string | undefined
  readonly MD5OfBody?: string | undefined
  readonly MD5OfMessageAttributes?: string | undefined
  readonly MessageAttributes?: { readonly [key: string]: MessageAttributeValue } | undefined
  readonly MessageId?: string | undefined
  readonly ReceiptHandle?: string | undefined
}

export interface MessageAttributeValue {
  readonly BinaryListValues?: readonly Uint8Array[] | undefined
  readonly BinaryValue?: Uint8Array | undefined
  readonly DataType: string
  readonly StringListValues?: readonly string[] | undefined
  readonly StringValue?: string | undefined
}

export interface MessageSystemAttributeValue {
  readonly BinaryListValues?: readonly Uint8Array[] | undefined
  readonly BinaryValue?: Uint8Array | undefined
  readonly DataType: string
  readonly StringListValues?: readonly string[] | undefined
  readonly StringValue?: string | undefined
}

export interface PurgeQueueRequest {
  readonly QueueUrl: string
}

export interface ReceiveMessageRequest {
  readonly AttributeNames?: readonly string[] | undefined
  readonly MaxNumberOfMessages?: number | undefined
  readonly MessageAttributeNames?: readonly string[] | undefined
  readonly MessageSystemAttributeNames?: readonly string[] | undefined
  readonly QueueUrl: string
  readonly ReceiveRequestAttemptId?: string | undefined
  readonly VisibilityTimeout?: number | undefined
  readonly WaitTimeSeconds?: number | undefined
}

export interface ReceiveMessageResult {
  readonly Messages?: readonly Message[] | undefined
}

export interface RemovePermissionRequest {
  readonly Label: string
  readonly QueueUrl: string
}

export interface SendMessageBatchRequest {
  readonly Entries: readonly SendMessageBatchRequestEntry[]
  readonly QueueUrl: string
}

export interface SendMessageBatchRequestEntry {
  readonly DelaySeconds?: number | undefined
  readonly Id: string
  readonly MessageAttributes?: { readonly [key: string]: MessageAttributeValue } | undefined
  readonly MessageBody: string
  readonly MessageDeduplicationId?: string | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageSystemAttributes?: { readonly [key: string]: MessageSystemAttributeValue } | undefined
}

export interface SendMessageBatchResult {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined
  readonly Successful?: readonly SendMessageBatchResultEntry[] | undefined
}

export interface SendMessageBatchResultEntry {
  readonly Id: string
  readonly MD5OfMessageAttributes?: string | undefined
  readonly MD5OfMessageBody: string
  readonly MD5OfMessageSystemAttributes?: string | undefined
  readonly MessageId: string
  readonly SequenceNumber?: string | undefined
}

export interface SendMessageRequest {
  readonly DelaySeconds?: number | undefined
  readonly MessageAttributes?: { readonly [key: string]: MessageAttributeValue } | undefined
  readonly MessageBody: string
  readonly MessageDeduplicationId?: string | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageSystemAttributes?: { readonly [key: string]: MessageSystemAttributeValue } | undefined
  readonly QueueUrl: string
}

export interface SendMessageResult {
  readonly MD5OfMessageAttributes?: string | undefined
  readonly MD5OfMessageBody?: string | undefined
  readonly MD5OfMessageSystemAttributes?: string | undefined
  readonly MessageId?: string | undefined
  readonly SequenceNumber?: string | undefined
}

export interface SetQueueAttributesRequest {
  readonly Attributes: { readonly [key: string]: string }
  readonly QueueUrl: string
}

export interface StartMessageMoveTaskRequest {
  readonly DestinationArn?: string | undefined
  readonly MaxNumberOfMessagesPerSecond?: number | undefined
  readonly SourceArn: string
}

export interface StartMessageMoveTaskResult {
  readonly TaskHandle?: string | undefined
}

export interface TagQueueRequest {
  readonly QueueUrl: string
  readonly Tags: { readonly [key: string]: string }
}

export interface UntagQueueRequest {
  readonly QueueUrl: string
  readonly TagKeys: readonly string[]
}
