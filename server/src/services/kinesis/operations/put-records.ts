import type { PutRecordsInput, PutRecordsOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { encryptionType } from '../encryption-type.ts'
import type { KinesisPorts } from '../ports.ts'
import { putIntoStream } from '../put-into-stream.ts'
import { ShardMaps } from '../shard-map.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'PutRecords'

/** A shard whose throughput is used up fails its records alone. */
export const putRecords = (ports: KinesisPorts) => {
  const maps = new ShardMaps(ports)
  return operation<PutRecordsInput, PutRecordsOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const nameOf = (i: number) => `records.${i + 1}.member.data`
    const put = await putIntoStream(ports, maps, stream, input.Records, request, nameOf)
    return {
      FailedRecordCount: put.refused,
      Records: put.entries,
      ...encryptionType(put.isEncrypted),
    }
  })
}
