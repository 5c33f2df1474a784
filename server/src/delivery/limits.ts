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
