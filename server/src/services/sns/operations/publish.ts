import type { PublishInput, PublishResponse } from '../../../api/generated/sns.ts'
import { operation, type Request } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import type { TopicAddress } from '../commands.ts'
import { invalidParameter } from '../errors.ts'
import { prepareMessage } from '../message-to-publish.ts'
import type { SnsPorts } from '../ports.ts'
import { publishAll } from '../publishing.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'Publish'

export const publish = (ports: SnsPorts) =>
  operation<PublishInput, PublishResponse>(NAME, async (input, request) => {
    const topic = targetOf(input, request)
    const message = prepareMessage(input, topic, ports, request)
    const [outcome] = await publishAll(ports, topic, [message])
    if ('error' in outcome!) throw new ServiceError(outcome.error, outcome.message)
    return outcome!
  })

/** A topic may also be named by `TargetArn`. */
function targetOf({ TopicArn, TargetArn, PhoneNumber }: PublishInput, request: Request): TopicAddress {
  const given = [TopicArn, TargetArn, PhoneNumber].filter((each) => each !== undefined)
  if (given.length > 1) {
    throw invalidParameter('Only one of TopicArn, TargetArn or PhoneNumber may be given')
  }
  if (PhoneNumber !== undefined) throw refusePhoneNumber(PhoneNumber)
  if (TargetArn === undefined && TopicArn === undefined) {
    throw invalidParameter('TopicArn or TargetArn', 'no value for required parameter')
  }
  if (TargetArn?.split(':')[5]?.startsWith('endpoint/')) {
    throw invalidParameter('TargetArn', 'No endpoint found for the target arn specified')
  }
  return resolveTopic(
    TopicArn === undefined ? 'TargetArn' : 'TopicArn',
    (TopicArn ?? TargetArn)!,
    NAME,
    request,
  )
}

function refusePhoneNumber(phoneNumber: string): ServiceError {
  if (!/^\+\d{5,15}$/.test(phoneNumber)) {
    return invalidParameter('PhoneNumber', `${phoneNumber} is not valid to publish to`)
  }
  return invalidParameter('PhoneNumber', 'this server has no gateway for text messages')
}
