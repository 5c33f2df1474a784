import { hash } from 'node:crypto'
import { CLIENT, signedPost } from './signed-post.ts'
import { type Credentials, type Header, SigV4Signer } from './sigv4.ts'

export interface RecordToPut {
  /** Base64. */
  readonly data: string
  readonly partitionKey: string
}

/** Builds Kinesis requests as the bytes that go over the wire: HTTP/1.1, AWS JSON 1.1, signed; see `SqsRequests`. */
export class KinesisRequests {
  readonly #signer: SigV4Signer
  readonly #host: string

  constructor(host: string, credentials: Credentials, region: string, at: Date) {
    this.#signer = new SigV4Signer(credentials, region, 'kinesis', at)
    this.#host = host
  }

  createStream(name: string, shards: number): Buffer {
    return this.#request('CreateStream', { StreamName: name, ShardCount: shards })
  }

  describeStreamSummary(name: string): Buffer {
    return this.#request('DescribeStreamSummary', { StreamName: name })
  }

  registerConsumer(streamArn: string, name: string): Buffer {
    return this.#request('RegisterStreamConsumer', { StreamARN: streamArn, ConsumerName: name })
  }

  putRecord(stream: string, record: RecordToPut, explicitHashKey: string): Buffer {
    return this.#request('PutRecord', {
      ...{ StreamName: stream, Data: record.data, PartitionKey: record.partitionKey },
      ExplicitHashKey: explicitHashKey,
    })
  }

  putRecords(stream: string, records: readonly RecordToPut[]): Buffer {
    return this.#request('PutRecords', {
      StreamName: stream,
      Records: records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
    })
  }

  shardIterator(stream: string, shardId: string, type: 'TRIM_HORIZON' | 'LATEST'): Buffer {
    return this.#request('GetShardIterator', {
      ...{ StreamName: stream, ShardId: shardId, ShardIteratorType: type },
    })
  }

  getRecords(iterator: string, limit: number): Buffer {
    return this.#request('GetRecords', { ShardIterator: iterator, Limit: limit })
  }

  /** For HTTP/2: the fields of a SubscribeToShard, and its body. */
  subscribeToShard(
    consumerArn: string,
    shardId: string,
  ): { readonly fields: Readonly<Record<string, string>>; readonly body: string } {
    const body = JSON.stringify({
      ...{ ConsumerARN: consumerArn, ShardId: shardId, StartingPosition: { Type: 'LATEST' } },
    })
    const bodySha256 = hash('sha256', body)
    const signed: readonly Header[] = [
      ['content-type', 'application/x-amz-json-1.1'],
      ['host', this.#host],
      ['x-amz-content-sha256', bodySha256],
      ['x-amz-date', this.#signer.date],
      ['x-amz-target', 'Kinesis_20131202.SubscribeToShard'],
    ]
    const { host: authority, ...fields } = Object.fromEntries(signed)
    return {
      fields: {
        ...{ ':method': 'POST', ':path': '/', ':authority': authority! },
        ...fields,
        authorization: this.#signer.authorization(signed, bodySha256),
      },
      body,
    }
  }

  #request(operation: string, input: object): Buffer {
    return signedPost(this.#signer, this.#host, JSON.stringify(input), 'application/x-amz-json-1.1', [
      ['x-amz-target', `Kinesis_20131202.${operation}`],
      ['x-amz-user-agent', CLIENT],
    ])
  }
}
