import { Buffer, isUtf8 } from 'node:buffer'
import { parseRest, readBulkInput } from './bulk-input.ts'
import { serializationError } from './errors.ts'
import { jsonReaders, jsonWriters } from './json-leaves.ts'
import type { RpcDialect, RpcForm } from './rpc-form.ts'
import { mediaType, type TargetForm } from './target-protocol.ts'

const form: RpcForm = {
  leafReaders: jsonReaders,
  leafWriters: jsonWriters,
  parse: parseObject,
  bulk: { read: readBulkInput, parseRest },
  spell: (value) => JSON.stringify(value),
  spellItself: (output) => output.json(),
}

const JSON_1_0: RpcDialect = {
  form,
  contentType: 'application/x-amz-json-1.0',
  eventContentType: 'application/json',
  hasNamespaces: true,
  serializationTextMember: 'message',
}

const JSON_1_1: RpcDialect = {
  form,
  contentType: 'application/x-amz-json-1.1',
  eventContentType: 'application/json',
  hasNamespaces: false,
  serializationTextMember: 'Message',
}

/**
 * AWS JSON 1.0 and 1.1: the body is a JSON object. The versions differ in their content type, in whether an error's `__type`
 * has a namespace, and in what the text of a SerializationException is called.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export const awsJson: TargetForm = {
  protocol: 'json',
  form,
  dialectOf(contentType, model) {
    if (contentType === JSON_1_0.contentType) return JSON_1_0
    if (contentType === JSON_1_1.contentType) return JSON_1_1
    const type = mediaType(contentType)
    if (type === JSON_1_0.contentType) return JSON_1_0
    if (type === JSON_1_1.contentType) return JSON_1_1
    if (type !== 'application/json') return undefined
    return model?.jsonVersion === '1.0' ? JSON_1_0 : JSON_1_1
  },
}

/** The body's JSON object. A body that isn't JSON at all is refused without a text, as AWS does. */
function parseObject(body: Uint8Array): unknown {
  if (!isUtf8(body)) throw serializationError('')
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw serializationError('')
  }
  if (typeof value !== 'object' || value === null) throw serializationError('')
  return value
}
