import type { Range } from '../../base/range.ts'

/**
 * Every number SQS sets. Sources: the API reference of the operation named, else the developer guide's pages on queue
 * quotas (`quotas-queues`), message quotas (`quotas-messages`) and policy quotas (`quotas-policies`).
 */

/** Both ends belong to it. */
/** CreateQueue, `QueueName`. */
export const QUEUE_NAME_CHARACTERS_MAX = 80
/** QueueDeletedRecently and PurgeQueueInProgress. */
export const COOLDOWN_SECONDS = 60
/** CreateQueue, `DelaySeconds`; SendMessage, `DelaySeconds`. */
export const DELAY_SECONDS: Range = { min: 0, max: 900 }
/** CreateQueue, `MaximumMessageSize`. */
export const MAXIMUM_MESSAGE_SIZE_BYTES: Range = { min: 1024, max: 1_048_576 }
/** CreateQueue, `MessageRetentionPeriod`: one minute to 14 days. */
export const MESSAGE_RETENTION_SECONDS: Range = { min: 60, max: 1_209_600 }
/** CreateQueue, `ReceiveMessageWaitTimeSeconds`; ReceiveMessage, `WaitTimeSeconds`. */
export const WAIT_SECONDS: Range = { min: 0, max: 20 }
/** CreateQueue, ReceiveMessage and ChangeMessageVisibility, `VisibilityTimeout`: up to 12 hours. */
export const VISIBILITY_TIMEOUT_SECONDS: Range = { min: 0, max: 43_200 }
/** CreateQueue, `KmsDataKeyReusePeriodSeconds`: one minute to 24 hours. */
export const KMS_DATA_KEY_REUSE_SECONDS: Range = { min: 60, max: 86_400 }
/** KMS, CreateAlias and DescribeKey: no key id, ARN or alias is longer. */
export const KMS_KEY_ID_CHARACTERS_MAX = 2048
/** The text of the error for `maxReceiveCount`. */
export const MAX_RECEIVE_COUNT: Range = { min: 1, max: 1000 }
/** CreateQueue, `RedriveAllowPolicy`. */
export const SOURCE_QUEUE_ARNS_MAX = 10
/** quotas-policies. */
export const POLICY_BYTES_MAX = 8192
/** quotas-policies. */
export const POLICY_STATEMENTS_MAX = 20

/** AddPermission, "a maximum of seven actions per statement". */
export const PERMISSION_ACTIONS_MAX = 7
/** AddPermission, `Label`. */
export const PERMISSION_LABEL_CHARACTERS_MAX = 80
/** quotas-policies, "Principals". */
export const PERMISSION_PRINCIPALS_MAX = 50

/** quotas-queues, "Tags". */
export const TAGS_MAX = 50
/** sqs-queue-tags. */
export const TAG_KEY_CHARACTERS: Range = { min: 1, max: 128 }
/** sqs-queue-tags. */
export const TAG_VALUE_CHARACTERS: Range = { min: 0, max: 256 }

/** ListQueues and ListDeadLetterSourceQueues, `MaxResults`; also the page where it's left out. */
export const LIST_RESULTS: Range = { min: 1, max: 1000 }

/** StartMessageMoveTask, `MaxNumberOfMessagesPerSecond`. */
export const MESSAGES_PER_SECOND: Range = { min: 1, max: 500 }
/** ListMessageMoveTasks, `MaxResults`, which is the least where it's left out. No more tasks are kept for a queue. */
export const LISTED_MOVE_TASKS: Range = { min: 1, max: 10 }
/** sqs-dead-letter-queues, "Dead-letter queue redrive": tasks at work in one account and region. */
export const ACTIVE_MOVE_TASKS_MAX = 100

/** SendMessageBatch: all bodies and attributes of a request together. */
export const BATCH_BYTES_MAX = 1_048_576
/** TooManyEntriesInBatchRequest. */
export const BATCH_ENTRIES_MAX = 10
/** The text of InvalidBatchEntryId. */
export const BATCH_ENTRY_ID_CHARACTERS_MAX = 80

/** ReceiveMessage, `MaxNumberOfMessages`. */
export const RECEIVED_MESSAGES: Range = { min: 1, max: 10 }
/** Random bytes in a receipt handle: nobody guesses them. */
export const TAG_BYTES = 8

/** quotas-messages, "Message attributes". */
export const MESSAGE_ATTRIBUTES_MAX = 10
/** sqs-message-metadata, "Name" and "Type". */
export const ATTRIBUTE_NAME_CHARACTERS_MAX = 256
export const ATTRIBUTE_TYPE_CHARACTERS_MAX = 256
/** sqs-message-metadata, "Number". */
export const NUMBER_DIGITS_MAX = 38
/** SendMessage, `MessageGroupId`. */
export const GROUP_ID_CHARACTERS_MAX = 128
/** SendMessage, `MessageDeduplicationId`. */
export const DEDUPLICATION_ID_CHARACTERS_MAX = 128
/** ReceiveMessage, `ReceiveRequestAttemptId`. */
export const ATTEMPT_ID_CHARACTERS_MAX = 128
/** SendMessage, `MessageDeduplicationId`: "the 5-minute deduplication interval". */
export const DEDUPLICATION_INTERVAL_MS = 300_000
/** ReceiveMessage, `ReceiveRequestAttemptId`: "only for 5 minutes after a ReceiveMessage action". */
export const RECEIVE_ATTEMPT_INTERVAL_MS = 300_000
/** sqs-fair-queues-detailed: a tenant with more than this share is noisy, of what is in flight or of the time that takes. */
export const NOISY_PERCENT = 10
/** sqs-fair-queues-detailed: "at least 30 of its own messages in flight". */
export const NOISY_IN_FLIGHT_MIN = 30
/** sqs-fair-queues-detailed: quiet again once it "has not sent any messages for 5 consecutive minutes". */
export const QUIET_AFTER_MS = 300_000
/** quotas-queues and quotas-fifo, "Messages per queue (in flight)". */
export const IN_FLIGHT_MAX = 120_000

/** quotas-messages, "FIFO queues": API calls a second, of each action. With batches of ten these are 3,000 messages. */
export const FIFO_CALLS_PER_SECOND = 300
/** quotas-messages, "High throughput for FIFO queues": calls a second of each action, of a queue in one of these regions. */
const HIGH_THROUGHPUT_REGIONS: ReadonlyMap<string, number> = new Map([
  ...['us-east-1', 'us-west-2', 'eu-west-1'].map((region) => [region, 70_000] as const),
  ...['us-east-2', 'eu-central-1'].map((region) => [region, 19_000] as const),
  ...['ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1'].map(
    (region) => [region, 9000] as const,
  ),
  ...['eu-west-2', 'sa-east-1'].map((region) => [region, 4500] as const),
])
/** The same page: "All other AWS Regions". */
const HIGH_THROUGHPUT_ELSEWHERE = 2400
/** high-throughput-fifo: a partition, which a group never leaves, takes as many as a queue without high throughput. */
export const GROUP_CALLS_PER_SECOND = 300

export const highThroughputCallsPerSecond = (region: string): number =>
  HIGH_THROUGHPUT_REGIONS.get(region) ?? HIGH_THROUGHPUT_ELSEWHERE

/** Ours: AWS names no limit, and a trace header doesn't count towards a message's size. */
export const TRACE_HEADER_BYTES_MAX = 2048

/** Ours: names in one list of attributes asked for; AWS has fewer than 20 system attributes and 10 per message. */
export const ATTRIBUTE_NAMES_ASKED_MAX = 256

/** Ours: AWS does not say how much time consumers must have spent of late before shares of it say anything. */
export const PROCESSING_TIME_JUDGED_MS = 30_000

/** Ours: a receive out of order takes its messages from among so many that stand first. */
export const SHUFFLED_MESSAGES = 64

/** Ours: messages in one page of those that are only looked at; also the page where it's left out. */
export const SHOWN_MESSAGES: Range = { min: 1, max: 1000 }
/** Ours: stored bytes of one such page, unless its first message alone has more. */
export const SHOWN_BYTES_MAX = 8 * 1024 * 1024
/** Ours: commands that one such page may take, each of which looks at a bounded number of slots. */
export const SHOWN_COMMANDS_MAX = 50

/** Ours: how long what is to be pushed may wait. AWS tries functions for 23 days. */
export const INTERNAL_RETENTION_SECONDS = 24 * 86_400

/** Policies of queues that are kept ready to be asked about what lands. Ours: of more queues they are read anew when they change. */
export const LANDING_POLICIES_MAX = 4096

/** Ours: how often messages are sealed anew since the queue got another key at the same moment, before that is held for a defect. */
export const KEY_CHANGES_MAX = 100
