import type { Request } from '../../api/operation.ts'
import type { ConsumerName, ResourceAddress, StreamAddress } from './commands.ts'
import { accessDenied, consumerNotFound, invalidArgument, streamNotFound } from './errors.ts'

const ARN = /^arn:aws:kinesis:([^:]*):(\d{12}):stream\/([^/:]+)(?:\/consumer\/([^/:]+):(\d{1,12}))?$/

export function streamArn({ region, accountId, name }: StreamAddress): string {
  return `arn:aws:kinesis:${region}:${accountId}:stream/${name}`
}

export function consumerArn(stream: StreamAddress, { name, createdSecond }: NamedConsumer): string {
  return `${streamArn(stream)}/consumer/${name}:${createdSecond}`
}

interface NamedConsumer {
  readonly name: string
  /** Since the epoch. */
  readonly createdSecond: number
}

/** Of a consumer that was named by its ARN. */
export function resourceArn({ stream, consumer }: ResourceAddress): string {
  if (consumer === null) return streamArn(stream)
  return consumerArn(stream, { name: consumer.name, createdSecond: consumer.created ?? 0 })
}

/** How the parameters of a request name a stream. */
export interface StreamReference {
  readonly StreamName?: string | undefined
  readonly StreamARN?: string | undefined
}

/**
 * The stream of the caller's account that a request names: by name in the region that it was sent to, by ARN in any region.
 * Whether it's there is for the cell to say.
 */
export function resolveStream(
  { StreamName, StreamARN }: StreamReference,
  action: string,
  request: Request,
): StreamAddress {
  if (StreamARN !== undefined) {
    const stream = parseStreamArn(StreamARN, action, request)
    if (StreamName === undefined || StreamName === stream.name) return stream
    throw invalidArgument(`StreamARN ${StreamARN} and StreamName ${StreamName} name different streams.`)
  }
  if (StreamName === undefined) throw invalidArgument('Either StreamName or StreamARN should be provided.')
  const { accountId, region } = request.caller
  return { accountId, region, name: StreamName }
}

/** The stream or consumer that an ARN names. */
export function resolveResource(arn: string, action: string, request: Request): ResourceAddress {
  const resource = parseArn(arn)
  if (resource === null) {
    const name = arn.slice(arn.indexOf('stream/') + 'stream/'.length)
    throw streamNotFound({ name, accountId: request.caller.accountId })
  }
  if (!request.isPermitted && resource.stream.accountId !== request.caller.accountId) {
    throw accessDenied(request.caller.principalArn, action, arn)
  }
  return resource
}

/** How the parameters of a request name a consumer. */
export interface ConsumerReference {
  readonly StreamARN?: string | undefined
  readonly ConsumerName?: string | undefined
  readonly ConsumerARN?: string | undefined
}

/** The consumer that a request names by its ARN, by its stream and its name, or by all that. */
export function resolveConsumer(
  { StreamARN, ConsumerName, ConsumerARN }: ConsumerReference,
  action: string,
  request: Request,
): { readonly stream: StreamAddress; readonly consumer: ConsumerName } {
  if (ConsumerARN !== undefined) {
    const { stream, consumer } = resolveResource(ConsumerARN, action, request)
    // The model's pattern lets none through that names a stream alone, so it's one that nobody can have.
    if (consumer === null) throw consumerNotFound(ConsumerARN, request.caller)
    const isSame =
      (StreamARN === undefined || StreamARN === streamArn(stream)) &&
      (ConsumerName === undefined || ConsumerName === consumer.name)
    if (isSame) return { stream, consumer }
    throw invalidArgument(`ConsumerARN ${ConsumerARN} conflicts with the given StreamARN or ConsumerName.`)
  }
  if (StreamARN === undefined || ConsumerName === undefined) {
    throw invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.')
  }
  return {
    stream: parseStreamArn(StreamARN, action, request),
    consumer: { name: ConsumerName, created: null },
  }
}

function parseStreamArn(arn: string, action: string, request: Request): StreamAddress {
  const { stream, consumer } = resolveResource(arn, action, request)
  if (consumer === null) return stream
  throw streamNotFound({ name: arn.slice(arn.indexOf(stream.name)), accountId: stream.accountId })
}

function parseArn(arn: string): ResourceAddress | null {
  const parts = ARN.exec(arn)
  if (parts === null) return null
  const [, region, accountId, name, consumer, created] = parts
  const stream = { accountId: accountId!, region: region!, name: name! }
  if (consumer === undefined) return { stream, consumer: null }
  return { stream, consumer: { name: consumer, created: Number(created) } }
}
