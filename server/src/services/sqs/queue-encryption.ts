import type { Request } from '../../api/operation.ts'
import { DataKeyRefused, type DataKeyUse } from '../../core/data-keys.ts'
import type { SealReading } from '../../core/sealed-body.ts'
import type { QueueAddress } from './commands.ts'
import { keyRefusal } from './errors.ts'
import { KEY_CHANGES_MAX } from './limits.ts'
import type { ContentReader } from './message-content.ts'
import type { QueueEncryption, SqsPorts } from './ports.ts'
import { queueArn } from './queue-arn.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueKey } from './queue-settings.ts'

type Send<Reply> = (bodies: readonly Uint8Array[], keyId: string | undefined) => Promise<Reply | null>

/**
 * Sends messages, sealed where the queue has a key. `send` is given the bodies and the id of the key, if there is one; what it
 * answers is null where the queue has got another key by then, and all is done anew. Without a key there is nothing to wait for but that.
 */
export function sendSealed<Reply>(
  { encryption }: Pick<SqsPorts, 'encryption'>,
  queue: QueueAddress,
  bodies: readonly Uint8Array[],
  request: Request,
  send: Send<Reply>,
): Promise<Reply> {
  const sendNow = (): Promise<Reply | null> => {
    const key = encryption?.keyOf(queue) ?? null
    if (encryption === undefined || key === null) return send(bodies, undefined)
    const use = useOf(encryption, key, queue, request)
    return seal(encryption, use, bodies).then((sealed) => send(sealed, key.kmsMasterKeyId))
  }
  return sendNow().then((reply) => reply ?? sendAgain(sendNow))
}

async function sendAgain<Reply>(sendNow: () => Promise<Reply | null>): Promise<Reply> {
  for (let changes = 0; changes < KEY_CHANGES_MAX; changes++) {
    const reply = await sendNow()
    if (reply !== null) return reply
  }
  throw new Error('the key of the queue changed all the time')
}

/** Whoever sends must be able to decrypt too, as at AWS, where the service verifies what it got. */
async function seal(
  { seals }: QueueEncryption,
  use: DataKeyUse,
  bodies: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  const sealed = await refusedAsService(seals.seal(use, bodies))
  await refusedAsService(seals.check(use))
  return sealed
}

/** Refuses to read a queue whose own key does not let the messages be opened: before one of them is chosen. */
export async function checkQueueKey(
  { encryption }: Pick<SqsPorts, 'encryption'>,
  queue: QueueAddress,
  request: Request,
): Promise<void> {
  const key = encryption?.keyOf(queue) ?? null
  if (encryption === undefined || key === null) return
  await refusedAsService(encryption.seals.check(useOf(encryption, key, queue, request)))
}

/** What reads the messages of queues. */
export function readerOf({ readLanded, encryption }: SqsPorts): ContentReader {
  return encryption === undefined ? { readLanded } : { readLanded, seals: encryption.seals }
}

/** As whom and for how long keys are used to open what a queue holds, which may be sealed though the queue has no key now. */
export function sealReadingOf(
  { encryption }: Pick<SqsPorts, 'encryption'>,
  { accountId, region, name }: QueueAddress,
  request: Request,
): SealReading {
  const { kmsDataKeyReusePeriodSeconds } =
    encryption?.keyOf({ accountId, region, name }) ?? DEFAULT_QUEUE_SETTINGS
  const user = encryption?.userOf(request) ?? null
  return { accountId, region, reuseMs: kmsDataKeyReusePeriodSeconds * 1000, user }
}

function useOf(
  { userOf }: QueueEncryption,
  { kmsMasterKeyId, kmsDataKeyReusePeriodSeconds }: QueueKey,
  queue: QueueAddress,
  request: Request,
): DataKeyUse {
  const { accountId, region } = queue
  return {
    ...{ accountId, region, keyId: kmsMasterKeyId, reuseMs: kmsDataKeyReusePeriodSeconds * 1000 },
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    context: { 'aws:sqs:arn': queueArn(queue) },
    user: userOf(request),
  }
}

async function refusedAsService<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof DataKeyRefused ? keyRefusal(error) : error
  }
}
