import { parseJsonObject } from '../../base/json-object.ts'
import { invalidParameter } from './errors.ts'
import { PROTOCOLS } from './subscription-settings.ts'

/**
 * What a message says to each protocol; that of the empty name is the default. Without a structure, all get the same. With
 * `json`, the message is an object with texts by protocol, of which `default` must be one; what is no text, or for no
 * protocol, is passed over. What goes to one push platform alone needs no default if it has a text for that.
 */
export function parseMessageTexts(
  message: string,
  structure: string | undefined,
  platform?: string,
): ReadonlyMap<string, string> {
  if (structure === undefined || structure === '') return new Map([['', message]])
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  const document = parseJsonObject(message)
  if (document === null) throw invalidParameter('Message Structure - JSON message body failed to parse')
  const texts = new Map<string, string>()
  const members = new Map(Object.entries(document))
  const fallback = members.get('default')
  const hasOwn = platform !== undefined && typeof members.get(platform) === 'string'
  if (typeof fallback === 'string') texts.set('', fallback)
  else if (!hasOwn) {
    throw invalidParameter('Message Structure - No default entry in JSON message body')
  }
  for (const protocol of PROTOCOLS) {
    const text = members.get(protocol)
    if (typeof text === 'string') texts.set(protocol, text)
  }
  return texts
}
