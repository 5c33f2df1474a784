/** How an attribute of queues is edited. */
export interface EditableAttribute {
  readonly name: string
  readonly label: string
  readonly kind: 'seconds' | 'number' | 'choice' | 'text' | 'json'
  readonly choices?: readonly string[]
  readonly isFifoOnly?: true
}

/** What SetQueueAttributes takes, in the order in which people look for it. */
export const EDITABLE: readonly EditableAttribute[] = [
  { name: 'VisibilityTimeout', label: 'Visibility timeout', kind: 'seconds' },
  { name: 'MessageRetentionPeriod', label: 'Retention', kind: 'seconds' },
  { name: 'DelaySeconds', label: 'Delay', kind: 'seconds' },
  { name: 'ReceiveMessageWaitTimeSeconds', label: 'Receives wait for', kind: 'seconds' },
  { name: 'MaximumMessageSize', label: 'Largest message', kind: 'number' },
  {
    ...{
      name: 'ContentBasedDeduplication',
      label: 'Deduplicate by content',
      kind: 'choice',
      isFifoOnly: true,
    },
    choices: ['true', 'false'],
  },
  {
    ...{ name: 'DeduplicationScope', label: 'Deduplication scope', kind: 'choice', isFifoOnly: true },
    choices: ['queue', 'messageGroup'],
  },
  {
    ...{ name: 'FifoThroughputLimit', label: 'Throughput limit', kind: 'choice', isFifoOnly: true },
    choices: ['perQueue', 'perMessageGroupId'],
  },
  { name: 'RedrivePolicy', label: 'Redrive policy', kind: 'json' },
  { name: 'RedriveAllowPolicy', label: 'Redrive allow policy', kind: 'json' },
  { name: 'Policy', label: 'Access policy', kind: 'json' },
  {
    ...{ name: 'SqsManagedSseEnabled', label: 'Encryption with SQS keys', kind: 'choice' },
    choices: ['true', 'false'],
  },
  { name: 'KmsMasterKeyId', label: 'KMS key', kind: 'text' },
  { name: 'KmsDataKeyReusePeriodSeconds', label: 'KMS data key reuse', kind: 'seconds' },
]
