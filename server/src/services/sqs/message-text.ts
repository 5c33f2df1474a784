import { ServiceError } from '../../api/service-error.ts'
import { digestMemory } from '../../digests/digest-memory.ts'
import { InvalidMessageContents, invalidParameter, missingParameter } from './errors.ts'
import {
  ATTEMPT_ID_CHARACTERS_MAX,
  DEDUPLICATION_ID_CHARACTERS_MAX,
  GROUP_ID_CHARACTERS_MAX,
} from './limits.ts'

/** With the `u` flag a surrogate matches only where it stands alone; one test over the whole text is the fast way. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be found.
const FORBIDDEN = /[\0-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]/u

export const ALLOWED_CHARACTERS = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF'

/** A text of so many UTF-16 units has at most three times as many bytes. */
export const BYTES_PER_UNIT_MAX = 3

const IDENTIFIER = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]+$/

/** Whether the text has only characters that XML 1.0 allows, which is what SQS takes in bodies and attributes. */
export function isMessageText(text: string): boolean {
  return isPlain(text) || !FORBIDDEN.test(text)
}

/** Whether it is ASCII and allowed, which most are and which takes a third of the time to see; unless it is long. */
function isPlain(text: string): boolean {
  const memory = digestMemory()
  if (memory === null || text.length > (memory.to - memory.from) / BYTES_PER_UNIT_MAX) return false
  const bytes = memory.bytes.write(text, memory.from)
  // Whatever is not ASCII has more bytes than units.
  return bytes === text.length && memory.isPlain(memory.from, bytes)
}

export function checkMessageBody(body: string): void {
  if (body === '') throw missingParameter('MessageBody')
  if (isMessageText(body)) return
  throw new ServiceError(
    InvalidMessageContents,
    `Invalid characters found. Valid unicode characters are ${ALLOWED_CHARACTERS}`,
  )
}

/** Standard queues take a group id too: it names the tenant in fair queues. */
export function checkMessageGroupId(groupId: string): void {
  checkIdentifier('MessageGroupId', groupId, GROUP_ID_CHARACTERS_MAX)
}

export function checkMessageDeduplicationId(deduplicationId: string): void {
  checkIdentifier('MessageDeduplicationId', deduplicationId, DEDUPLICATION_ID_CHARACTERS_MAX)
}

export function checkReceiveRequestAttemptId(attemptId: string): void {
  checkIdentifier('ReceiveRequestAttemptId', attemptId, ATTEMPT_ID_CHARACTERS_MAX)
}

/** For a parameter that only queues of the other kind take. */
export function notForThisQueueType(parameter: string, value: string | number): ServiceError {
  return invalidParameter(
    parameter,
    value,
    'The request include parameter that is not valid for this queue type.',
  )
}

function checkIdentifier(parameter: string, value: string, charactersMax: number): void {
  if (value.length <= charactersMax && IDENTIFIER.test(value)) return
  throw invalidParameter(
    parameter,
    value,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to ${charactersMax} in length.`,
  )
}
