import type {
  RegisterStreamConsumerInput,
  RegisterStreamConsumerOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { renderConsumer } from '../listed-consumer.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { problemOfTags } from '../tags.ts'

const NAME = 'RegisterStreamConsumer'

export const registerStreamConsumer = (ports: KinesisPorts) =>
  operation<RegisterStreamConsumerInput, RegisterStreamConsumerOutput>(NAME, async (input, request) => {
    const stream = resolveStream({ StreamARN: input.StreamARN }, NAME, request)
    const { ConsumerName: name, Tags: tags = {} } = input
    const problem = problemOfTags({ stream, consumer: { name, created: null } }, tags)
    if (problem !== undefined) throw problem
    const consumer = await ask(ports, {
      ...{ service: 'kinesis', kind: 'registerConsumer', stream, name, tags, settleMs: ports.transitionMs },
    } as const)
    return { Consumer: renderConsumer(stream, consumer) }
  })
