import type { Step } from '../../../core/service-state.ts'
import type { SqsCommand } from '../commands.ts'
import { queueArn } from '../queue-arn.ts'
import { withoutPermission, withPermission } from '../queue-policy.ts'
import type { SqsContext } from './context.ts'
import { EVENT, type SqsEvent } from './events.ts'
import type { Queue } from './queue.ts'
import { existingQueue } from './queue-decisions.ts'

export function addPermission(
  context: SqsContext,
  command: SqsCommand<'addPermission'>,
  step: Step<SqsEvent>,
): null {
  const queue = existingQueue(context, command.queue)
  return setPolicy(
    queue,
    withPermission(queue.settings.policy, command.permission, queueArn(queue.address)),
    step,
  )
}

export function removePermission(
  context: SqsContext,
  command: SqsCommand<'removePermission'>,
  step: Step<SqsEvent>,
): null {
  const queue = existingQueue(context, command.queue)
  return setPolicy(queue, withoutPermission(queue.settings.policy, command.label), step)
}

function setPolicy(queue: Queue, policy: string, step: Step<SqsEvent>): null {
  const settings = { ...queue.settings, policy }
  step.emit({ kind: EVENT.queueChanged, queue: queue.number, settings, tags: null })
  return null
}
