import type { PutRecordInput, PutRecordOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import type { StreamAddress } from '../commands.ts'
import { encryptionType } from '../encryption-type.ts'
import { invalidArgument, ProvisionedThroughputExceeded } from '../errors.ts'
import type { KinesisPorts } from '../ports.ts'
import { parseSequenceNumber, secondOf } from '../sequence-number.ts'
import { resolveStream } from '../stream-arn.ts'
import { StreamWriter } from '../stream-writer.ts'

const NAME = 'PutRecord'

export const putRecord = (ports: KinesisPorts) => {
  const writer = new StreamWriter(ports)
  return operation<PutRecordInput, PutRecordOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    // Whether the stream is there comes before what else may be wrong.
    await writer.maps.of(stream)
    checkOrdering(input.SequenceNumberForOrdering, stream, ports.now())
    const put = await writer.put(stream, [input], request, () => 'data')
    const { SequenceNumber, ShardId, ErrorMessage } = put.entries()[0]!
    if (ErrorMessage !== undefined) throw new ServiceError(ProvisionedThroughputExceeded, ErrorMessage)
    return { SequenceNumber: SequenceNumber!, ShardId: ShardId!, ...encryptionType(put.isEncrypted) }
  })
}

/**
 * A record's number is greater than all before in its shard, whatever it is to come after; so the number is only checked, as AWS
 * does it: for its layout, and for not being of the future.
 */
function checkOrdering(after: string | undefined, { name, accountId }: StreamAddress, now: number): void {
  if (after === undefined) return
  const { text, version, second } = parseSequenceNumber(after)
  if (version !== null && second <= secondOf(now)) return
  throw invalidArgument(
    `ExclusiveMinimumSequenceNumber ${text} used in PutRecord on stream ${name} under account ${accountId} is invalid.`,
  )
}
