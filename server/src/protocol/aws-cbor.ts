import { Buffer } from 'node:buffer'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { cborReaders, cborWriters } from './cbor-leaves.ts'
import { serializationError } from './errors.ts'
import type { RpcDialect, RpcForm } from './rpc-form.ts'
import { mediaType, type TargetForm } from './target-protocol.ts'

const form: RpcForm = {
  leafReaders: cborReaders,
  leafWriters: cborWriters,
  parse: parseMap,
  spell: encodeCbor,
}

const CBOR_1_1: RpcDialect = {
  form,
  contentType: 'application/x-amz-cbor-1.1',
  eventContentType: 'application/x-amz-cbor-1.1',
  hasNamespaces: false,
  serializationTextMember: 'message',
}

/**
 * AWS JSON 1.1 with CBOR for JSON, which the SDKs for Java speak to Kinesis unless they are told not to. AWS has no page on it:
 * it is what `SdkCborGenerator` of both SDKs writes and their unmarshallers read.
 */
export const awsCbor: TargetForm = {
  protocol: 'aws-cbor',
  form,
  dialectOf: (contentType) => (mediaType(contentType) === CBOR_1_1.contentType ? CBOR_1_1 : undefined),
}

/** Of a copy, since blobs are views of what they were read from and outlive the body. */
function parseMap(body: Uint8Array): unknown {
  const value = decodeCbor(Buffer.from(body))
  if (typeof value !== 'object' || value === null) throw serializationError('')
  return value
}
