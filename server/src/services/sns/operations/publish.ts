import type { PublishInput, PublishResponse } from '../../../api/generated/sns.ts'
import { operation, type Request } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { formatUuid, toUuid, UUID_BYTES } from '../../../base/uuid.ts'
import type { TopicAddress } from '../commands.ts'
import { invalidParameter } from '../errors.ts'
import { parseContent, prepareMessage, refuseDeduplicationId } from '../message-to-publish.ts'
import { isPlatformEndpointArn, resolvePlatformEndpoint } from '../platform-arn.ts'
import { platformOf } from '../platform-attributes.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { publishAll } from '../publishing.ts'
import { checkRecipient, prepareText } from '../text-to-publish.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'Publish'

export const publish = (ports: SnsPorts) =>
  operation<PublishInput, PublishResponse>(NAME, async (input, request) => {
    checkOneTarget(input)
    if (input.TargetArn !== undefined && isPlatformEndpointArn(input.TargetArn)) {
      return publishToEndpoint(ports, input, input.TargetArn, request)
    }
    if (input.PhoneNumber !== undefined) return publishToPhone(ports, input, input.PhoneNumber, request)
    const topic = targetOf(input, request)
    const prepare = () => [prepareMessage(input, topic, ports, request)]
    const [outcome] = await publishAll(ports, topic, prepare, request)
    if ('error' in outcome!) throw new ServiceError(outcome.error, outcome.message)
    return outcome!
  })

/**
 * No platform is spoken to: the message is answered as AWS answers, and counted. A disabled endpoint comes before what is
 * wrong with the message.
 */
async function publishToEndpoint(
  ports: SnsPorts,
  input: PublishInput,
  arn: string,
  request: Request,
): Promise<PublishResponse> {
  const endpoint = resolvePlatformEndpoint('TargetArn', arn, NAME, request)
  await ask(ports, { service: 'sns', kind: 'checkPlatformEndpoint', ...endpoint })
  refuseDeduplicationId(input.MessageDeduplicationId)
  parseContent(input, platformOf(endpoint.application.name))
  await ask(ports, { service: 'sns', kind: 'publishToPlatformEndpoint', ...endpoint })
  return { MessageId: formatUuid(toUuid(ports.random.bytes(UUID_BYTES))) }
}

/** The message waits for the gateway, durably, when this is answered. */
async function publishToPhone(
  ports: SnsPorts,
  input: PublishInput,
  name: string,
  request: Request,
): Promise<PublishResponse> {
  checkRecipient(name)
  refuseDeduplicationId(input.MessageDeduplicationId)
  const { id, bytes } = prepareText(parseContent(input), ports, request)
  const { accountId, region } = request.caller
  await ask(ports, {
    ...{
      service: 'sns',
      kind: 'publishText',
      accountId,
      region,
      name,
      message: { body: 0 },
      bodies: [bytes],
    },
  } as const)
  return { MessageId: formatUuid(id) }
}

function checkOneTarget({ TopicArn, TargetArn, PhoneNumber }: PublishInput): void {
  const given = [TopicArn, TargetArn, PhoneNumber].filter((each) => each !== undefined)
  if (given.length > 1) {
    throw invalidParameter('Only one of TopicArn, TargetArn or PhoneNumber may be given')
  }
}

/** A topic may also be named by `TargetArn`. */
function targetOf({ TopicArn, TargetArn }: PublishInput, request: Request): TopicAddress {
  if (TargetArn === undefined && TopicArn === undefined) {
    throw invalidParameter('TopicArn or TargetArn', 'no value for required parameter')
  }
  return resolveTopic(
    TopicArn === undefined ? 'TargetArn' : 'TopicArn',
    (TopicArn ?? TargetArn)!,
    NAME,
    request,
  )
}
