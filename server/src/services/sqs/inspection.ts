import { compileModel } from '../../api/compile-model.ts'
import { sqsModel } from '../../api/generated/sqs-model.ts'
import type { ModelFile, Reference } from '../../api/model-file.ts'
import { type Operation, operation, type Service } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import { INSPECTION_ACCESS, refuseQueueAccess } from './access.ts'
import { InvalidRequest } from './errors.ts'
import { showMessages } from './operations/show-messages.ts'
import type { SqsPorts } from './ports.ts'
import { refuseInput } from './refuse-input.ts'

/** What `showMessages` takes and gives besides what ReceiveMessage does. */
const INPUT: Readonly<Record<string, Reference>> = {
  Region: { shape: 'String' },
  ShowInvisible: { shape: 'String' },
  ShowDelayed: { shape: 'String' },
  MaxResults: { shape: 'NullableInteger' },
  NextToken: { shape: 'Token' },
  Follow: { shape: 'String' },
}
const OUTPUT: Readonly<Record<string, Reference>> = { NextToken: { shape: 'Token' } }

/**
 * SQS as it looks to somebody who only wants to see what queues hold: its ReceiveMessage shows messages and receives none,
 * in both protocols, and it has no other operation.
 */
export function sqsInspection(ports: SqsPorts): Service {
  const model = compileModel('sqs', inspectionModel())
  const operations = new Map<string, Operation>()
  for (const name of model.operations.keys()) operations.set(name, refused(name))
  const show = showMessages(ports)
  operations.set(show.name, show)
  return {
    name: 'sqs',
    model,
    operations,
    refuseInput,
    access: INSPECTION_ACCESS,
    refuseAccess: refuseQueueAccess,
  }
}

function inspectionModel(): ModelFile {
  const { ReceiveMessageRequest: request, ReceiveMessageResult: result, ...shapes } = sqsModel.shapes
  return {
    ...sqsModel,
    shapes: {
      ...shapes,
      ReceiveMessageRequest: { type: 'structure', members: { ...request?.members, ...INPUT } },
      ReceiveMessageResult: { type: 'structure', members: { ...result?.members, ...OUTPUT } },
    },
  }
}

const refused = (name: string) =>
  operation<object, object>(name, async () => {
    throw new ServiceError(InvalidRequest, 'This endpoint only accepts ReceiveMessage calls')
  })
