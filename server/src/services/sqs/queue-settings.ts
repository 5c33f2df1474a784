/** A queue's settings, as its owner may choose them; `attributes.ts` gives each its wire name, default and range. */
export interface QueueSettings {
  readonly delaySeconds: number
  readonly maximumMessageSizeBytes: number
  readonly messageRetentionSeconds: number
  readonly receiveWaitSeconds: number
  readonly visibilityTimeoutSeconds: number
  /** The access policy as its owner wrote it, or an empty string. */
  readonly policy: string
  readonly redrivePolicy: RedrivePolicy | null
  readonly redriveAllowPolicy: RedriveAllowPolicy | null
  /** Empty where no key is named. */
  readonly kmsMasterKeyId: string
  readonly kmsDataKeyReusePeriodSeconds: number
  readonly sqsManagedSseEnabled: boolean
  /** The last three say something of FIFO queues alone. */
  readonly contentBasedDeduplication: boolean
  readonly deduplicationScope: 'queue' | 'messageGroup'
  /** Which of AWS's limits holds where they are kept; nothing here needs one. */
  readonly fifoThroughputLimit: 'perQueue' | 'perMessageGroupId'
}

/** Which key of KMS a queue has, and for how long its data keys are reused. */
export type QueueKey = Pick<QueueSettings, 'kmsMasterKeyId' | 'kmsDataKeyReusePeriodSeconds'>

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string
  readonly maxReceiveCount: number
}

export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue'
  /** Only with `byQueue`; at most 10. */
  readonly sourceQueueArns: readonly string[]
}

export const DEFAULT_QUEUE_SETTINGS: QueueSettings = {
  delaySeconds: 0,
  maximumMessageSizeBytes: 1_048_576,
  messageRetentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  visibilityTimeoutSeconds: 30,
  policy: '',
  redrivePolicy: null,
  redriveAllowPolicy: null,
  kmsMasterKeyId: '',
  kmsDataKeyReusePeriodSeconds: 300,
  sqsManagedSseEnabled: true,
  contentBasedDeduplication: false,
  deduplicationScope: 'queue',
  fifoThroughputLimit: 'perQueue',
}
