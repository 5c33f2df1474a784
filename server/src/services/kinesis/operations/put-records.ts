import type { PutRecordsInput } from '../../../api/generated/kinesis.ts'
import { type BulkList, operation, type Request } from '../../../api/operation.ts'
import type { PackedRecords } from '../packed-records.ts'
import { plainRecordsReader } from '../plain-records/plain-records.ts'
import type { KinesisPorts } from '../ports.ts'
import type { RecordsPut } from '../records-put.ts'
import { resolveStream } from '../stream-arn.ts'
import { StreamWriter } from '../stream-writer.ts'

const NAME = 'PutRecords'

interface PackedInput extends Omit<PutRecordsInput, 'Records'> {
  readonly Records: PackedRecords
}

/** A shard whose throughput is used up fails its records alone. */
export const putRecords = (ports: KinesisPorts) => {
  const writer = new StreamWriter(ports)
  const run = (input: PutRecordsInput | PackedInput, request: Request) => {
    const { Records } = input
    const stream = resolveStream(input, NAME, request)
    const nameOf = (i: number) => `records.${i + 1}.member.data`
    return writer.put(stream, Records, request, nameOf)
  }
  return operation<PutRecordsInput | PackedInput, RecordsPut>(NAME, run, { bulk: plainRecords })
}

const plainRecords: BulkList = {
  member: 'Records',
  standIn: '[{"Data":"","PartitionKey":"-"}]',
  read(body, at) {
    const found = plainRecordsReader()?.read(body, at) ?? null
    return found && { list: found.records, end: found.end }
  },
}
