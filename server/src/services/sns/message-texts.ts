import { invalidParameter } from './errors.ts'
import { parseObject } from './json-object.ts'
import { PROTOCOLS } from './subscription-settings.ts'

/**
 * What a message says to each protocol; that of the empty name is the default. Without a structure, all get the same. With
 * `json`, the message is an object with texts by protocol, of which `default` must be one; what is no text, or for no
 * protocol, is passed over.
 */
export function parseMessageTexts(
  message: string,
  structure: string | undefined,
): ReadonlyMap<string, string> {
  if (structure === undefined || structure === '') return new Map([['', message]])
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  const document = parseObject(message)
  if (document === null) throw invalidParameter('Message Structure - JSON message body failed to parse')
  const texts = new Map<string, string>()
  const fallback = document.get('default')
  if (typeof fallback !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body')
  }
  texts.set('', fallback)
  for (const protocol of PROTOCOLS) {
    const text = document.get(protocol)
    if (typeof text === 'string') texts.set(protocol, text)
  }
  return texts
}
