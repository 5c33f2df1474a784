import { compileModel } from '../../api/compile-model.ts'
import { kinesisModel } from '../../api/generated/kinesis-model.ts'
import type { Operation, Service } from '../../api/operation.ts'
import { getRecords } from './operations/get-records.ts'
import { getShardIterator } from './operations/get-shard-iterator.ts'
import { putRecord } from './operations/put-record.ts'
import { putRecords } from './operations/put-records.ts'
import { subscribeToShard } from './operations/subscribe-to-shard.ts'
import type { KinesisPorts } from './ports.ts'
import { refuseInput } from './refuse-input.ts'

/** The operations, in the order of their names. */
const OPERATIONS: readonly ((ports: KinesisPorts) => Operation)[] = [
  getRecords,
  getShardIterator,
  putRecord,
  putRecords,
  subscribeToShard,
]

/** Amazon Kinesis Data Streams: streams of every account and region that callers belong to. */
export function kinesis(ports: KinesisPorts): Service {
  const operations = OPERATIONS.map((declare) => declare(ports))
  return {
    name: 'kinesis',
    model: compileModel('kinesis', kinesisModel),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    refuseInput,
  }
}
