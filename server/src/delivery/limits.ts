/** How long an endpoint may take for one attempt, in milliseconds: AWS's limit for HTTP and HTTPS. */
export const ATTEMPT_MS_MAX = 15_000

/** What is read of an answer before its connection is dropped; nobody reads what is in it. */
export const ANSWER_BYTES_MAX = 64 * 1024

/** Requests under way at once to one HTTP endpoint that answers. */
export const ATTEMPTS_PER_ENDPOINT_MAX = 16

/** Requests under way at once to all HTTP endpoints. */
export const ATTEMPTS_MAX = 1_024

/** Endpoints whose health is remembered while nothing is under way to them. */
export const REMEMBERED_ENDPOINTS_MAX = 16_384

/** How long a connection to an endpoint stays open unused, in milliseconds, and how many do. */
export const IDLE_CONNECTION_MS_MAX = 20_000
export const IDLE_CONNECTIONS_MAX = 256

/** As AWS: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export const ENDPOINT_CHARACTERS_MAX = 2_048

/** How long the relay may take for one mail, in milliseconds, from finding a connection on. */
export const EMAIL_MS_MAX = 60_000

/** Connections to the relay, each with one mail under way. */
export const RELAY_CONNECTIONS_MAX = 4

/** Of a text message, its parts together: https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html */
export const SMS_CHARACTERS_MAX = 1_600

/** How much of a topic's display name stands before its text messages. */
export const TOPIC_PREFIX_CHARACTERS_MAX = 10

/** Text messages, or parts of them, on which the gateway's answer is awaited. */
export const SMS_UNDER_WAY_MAX = 16

/** How long an SMPP gateway may take to answer, in milliseconds, and how often an idle one is asked whether it is there. */
export const SMPP_ANSWER_MS_MAX = 15_000
export const SMPP_ENQUIRE_MS = 30_000

/** How long what was written may take to go out before an SMPP connection is cut, in milliseconds. */
export const SMPP_LEAVE_MS = 1_000

/** Attempts under way at once for one subscription whose endpoint answers. */
export const ATTEMPTS_PER_SOURCE_MAX = 16

/** How much a subscription may catch up on that its throttle policy allowed and that was not used, in milliseconds. */
export const SPACING_ARREARS_MS_MAX = 100

/** Of one receive. */
export const TAKEN_AT_ONCE_MAX = 10

/** Sources that are named at once. */
export const SOURCES_PER_QUESTION = 256

/** How long before a message could be taken again its attempt is given up, in milliseconds. */
export const ATTEMPT_MARGIN_MS = 5_000

/** How long a message is given to one attempt, in seconds: longer than any attempt takes that found a connection. */
export const HIDDEN_SECONDS = { http: 30, email: 90, sms: 40, firehose: 30 } as const

/** By how much that is longer for a function than its answer is waited for, in seconds. */
export const INVOCATION_MARGIN_SECONDS = 10

/** Attempts under way at once by email and to functions; over what a relay or runner takes at a time there would only be waiting. */
export const MAILS_UNDER_WAY_MAX = 8
export const INVOCATIONS_MAX = 256

/** Of the event of an asynchronous call: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export const INVOCATION_BYTES_MAX = 1_048_576

/** How long a function's answer may be waited for, in seconds: the longest that AWS lets a function run. */
export const INVOCATION_SECONDS_MAX = 900

/** Of Amazon Data Firehose, before base64: https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const FIREHOSE_RECORD_BYTES_MAX = 1_024_000
export const FIREHOSE_BATCH_BYTES_MAX = 4_194_304
export const FIREHOSE_BATCH_RECORDS_MAX = 500

/** Attempts under way at once to delivery streams. */
export const FIREHOSE_RECORDS_UNDER_WAY_MAX = 1_024
