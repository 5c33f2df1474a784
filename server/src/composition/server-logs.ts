import type { Clock } from '../base/time.ts'
import { DataKeyRefused } from '../core/data-keys.ts'
import type { QueueDifference } from '../declared-queues.ts'
import type { DeliveryLog } from '../delivery/deliverer.ts'
import type { RequestLog } from '../http/request-log.ts'
import type { Logger } from '../observe/logger.ts'
import { Seldom } from '../observe/seldom.ts'

/** What is set back was changed by somebody, who will want to know. */
export function logDeclared(differences: readonly QueueDifference[], logger: Logger): void {
  for (const { queue, isMissing, attributes, tags } of differences) {
    const { name, region, accountId } = queue
    if (isMissing) {
      logger.info({ queue: name, region, accountId }, 'created a declared queue')
      continue
    }
    for (const changed of attributes) {
      const { name: attribute, from, to } = changed
      const message = 'set an attribute to what the config file declares'
      logger.warn({ queue: name, region, accountId, attribute, from, to }, message)
    }
    for (const { name: tag, from, to } of tags) {
      logger.warn(
        { queue: name, region, accountId, tag, from, to },
        'set a tag to what the config file declares',
      )
    }
  }
}

/** What is lost for good is worth a line; attempts are many. */
export function deliveryLogOf(logger: Logger): DeliveryLog {
  return {
    attempted: (line) => {
      const isLost = line.ending === 'discarded' || line.ending === 'not redriven'
      logger[isLost ? 'info' : 'debug']({ ...line }, 'attempted a delivery')
    },
    failed: (error) => logger.error({ error }, 'a delivery failed by a defect'),
  }
}

/** Tells of messages that can't be read to be pushed; of a key that can't be used seldom, however much waits for it. */
export function unreadPushLogOf(
  logger: Pick<Logger, 'warn' | 'error'>,
  clock: Clock,
): (error: unknown) => void {
  const seldom = new Seldom(clock)
  return (error) => {
    if (!(error instanceof DataKeyRefused)) {
      logger.error({ error }, 'a message can not be read to be delivered')
      return
    }
    const { message: reason } = error
    const unsaid = seldom.unsaid(reason)
    if (unsaid === null) return
    logger.warn(
      { reason, ...(unsaid > 0 && { triesMeanwhile: unsaid }) },
      'messages wait to be pushed: the key that they are sealed under can not be used',
    )
  }
}

export function requestLogOf(logger: Logger): RequestLog {
  const levelOf = (status: number) => (status < 400 ? 'debug' : status < 500 ? 'info' : 'warn')
  return {
    wants: (status) => logger.isLevelEnabled(levelOf(status)),
    answered: (line) => logger[levelOf(line.status)]({ ...line }, 'answered'),
    lost: (reason, requestId) => logger.debug({ requestId, reason }, 'a client was lost'),
    misconfigured: (what) => logger.warn({}, what),
    failed: (error, requestId) => logger.error({ requestId, error }, 'a request failed by a defect'),
  }
}
