import type { Range } from '../../base/range.ts'

// What Amazon SNS limits, with the page of its documentation that says so; API pages by the operation's name.

/** CreateTopic, `Name`, the suffix of FIFO topics included. */
export const TOPIC_NAME_CHARACTERS: Range = { min: 1, max: 256 }
/** CreateTopic. */
export const STANDARD_TOPICS_MAX = 100_000
export const FIFO_TOPICS_MAX = 1_000
/** sns-quotas, "Subscriptions per FIFO topic". */
export const FIFO_SUBSCRIPTIONS_MAX = 100
/** sns-quotas, "Subscriptions per standard topic". */
export const SUBSCRIPTIONS_MAX = 12_500_000
/** Subscribe: "Confirmation tokens are valid for two days". */
export const TOKEN_LIFETIME_MS = 172_800_000

/** sns-attribute, `DisplayName`. */
export const DISPLAY_NAME_CHARACTERS_MAX = 100
/** sns-access-policy: the size of a topic's policy. */
export const POLICY_BYTES_MAX = 30_720
/** CreateTopic, `DataProtectionPolicy`. */
export const DATA_PROTECTION_POLICY_CHARACTERS_MAX = 30_720
/** sns-message-data-protection-operations, `SampleRate`. */
export const AUDIT_SAMPLE_RATE: Range = { min: 0, max: 99 }
/** sns-message-data-protection-custom-data-identifiers. */
export const CUSTOM_IDENTIFIERS_MAX = 10
export const CUSTOM_IDENTIFIER_NAME_CHARACTERS_MAX = 128
export const CUSTOM_EXPRESSION_CHARACTERS_MAX = 200
/** Ours, where AWS says "too complicated": the work that all expressions of a policy may be for one character of a message. */
export const CUSTOM_IDENTIFIERS_COST_MAX = 256
/** Ours: how often messages are held anew against a policy, or subscribers, that changed meanwhile. */
export const PROTECTION_CHANGES_MAX = 16
/** KMS, CreateAlias and DescribeKey: no key id, ARN or alias is longer. */
export const KMS_KEY_ID_CHARACTERS_MAX = 2048
/** SetTopicAttributes, `…SuccessFeedbackSampleRate`. */
export const SAMPLE_PERCENT: Range = { min: 0, max: 100 }

/** TagLimitExceededException. */
export const TAGS_MAX = 50
/** sns-tags. */
export const TAG_KEY_CHARACTERS: Range = { min: 1, max: 128 }
export const TAG_VALUE_CHARACTERS: Range = { min: 0, max: 256 }

/** ListTopics, ListSubscriptions and ListSubscriptionsByTopic: "up to 100". */
export const PAGE_ITEMS = 100

/** Publish, `Message`; PublishBatch, all messages together. */
export const MESSAGE_BYTES_MAX = 262_144
/** Publish, `Subject`: "less than 100 characters long", where AWS takes 100. */
export const SUBJECT_CHARACTERS_MAX = 100
/** TooManyEntriesInBatchRequestException. */
export const BATCH_ENTRIES_MAX = 10
/** The text of InvalidBatchEntryId. */
export const BATCH_ENTRY_ID_CHARACTERS_MAX = 80
/** The text of ParameterValueInvalid: "less than 256 bytes". */
export const ATTRIBUTE_NAME_BYTES_MAX = 256
/** sns-message-attributes: as in SQS. */
export const ATTRIBUTE_TYPE_CHARACTERS_MAX = 256
/** sns-message-attributes, "Raw message delivery": SQS takes no more, and a message with more is discarded. */
export const RAW_ATTRIBUTES_MAX = 10
/** Publish, `MessageGroupId` and `MessageDeduplicationId`. */
export const GROUP_ID_CHARACTERS_MAX = 128
export const DEDUPLICATION_ID_CHARACTERS_MAX = 128
/** Publish, `MessageDeduplicationId`: "the 5 minute minimum deduplication interval". */
export const DEDUPLICATION_INTERVAL_MS = 300_000

/** message-archiving-and-replay-topic-owner, `MessageRetentionPeriod`. */
export const ARCHIVE_RETENTION_DAYS: Range = { min: 1, max: 365 }
/** Ours: AWS has a limit (ReplayLimitExceededException) and does not say which. Of an account and region. */
export const ACTIVE_REPLAYS_MAX = 100

/** CreatePlatformApplication, `Name`. */
export const PLATFORM_NAME_CHARACTERS_MAX = 256
/** CreatePlatformEndpoint, `CustomUserData`: "less than 2KB", where AWS takes 2,048 bytes. */
export const CUSTOM_USER_DATA_BYTES_MAX = 2048
/** Ours: AWS names a limit to tokens of Apple's platforms alone. */
export const DEVICE_TOKEN_BYTES_MAX = 4096

/** sms_publish-to-phone: "The total size limit for a single SMS publish action is 1,600 characters". */
export const TEXT_CHARACTERS_MAX = 1600
/** sms-sandbox: "You can add up to 10 destination phone numbers". */
export const SANDBOX_NUMBERS_MAX = 10
/** sns-sms-sandbox-verifying-phone-numbers: "you can't delete the phone number for 24 hours" after it was verified. */
export const SANDBOX_NUMBER_KEPT_MS = 86_400_000
/** Ours: how long a one-time password is good for, and how often it may be guessed. */
export const SANDBOX_CODE_LIFETIME_MS = 900_000
export const SANDBOX_GUESSES_MAX = 5

/** Ours: a trace header doesn't count towards a message's size, and SQS keeps none that is longer. */
export const TRACE_HEADER_BYTES_MAX = 2048
/** Ours: AWS names no limit to endpoints. */
export const ENDPOINT_CHARACTERS_MAX = 2048
/** Ours: attributes of one message that is not delivered raw; AWS names none beside the message's size. */
export const MESSAGE_ATTRIBUTES_MAX = 256

/** Ours: of the token that confirms a subscription. */
export const CONFIRMATION_TOKEN_BYTES = 64

/** For how long SNS reuses a data key. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export const DATA_KEY_REUSE_MS = 300_000
/** Ours: how often messages are sealed anew since keys changed at the same moment, before that is held for a defect. */
export const KEY_CHANGES_MAX = 100
/** Ours: topics of which a front remembers under which keys their messages are to be sealed. */
export const SEALED_TOPICS_MAX = 4096
/** Ours: how often that is offered before the cell is asked again. */
export const REMEMBERED_SEALS_USES_MAX = 1000

/** Ours: when a message that can't be opened, since its key can't be used, is looked at again to be pushed. */
export const UNOPENED_RETRY_SECONDS = 60
