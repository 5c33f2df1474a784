import { malformedQueryString } from './errors.ts'
import type { SignedHeaders } from './signature-claim.ts'
import type { FieldSource, SignedHeaderList } from './signed-headers.ts'

/**
 * The canonical form of a request, which the signature is made over:
 *
 * ```
 *   method \n path \n query \n (name:value \n for each signed header) \n signed headers \n hex SHA-256 of the body
 * ```
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

const PLAIN_PATH = /^(?:\/[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*)+$/
const RESERVED = /[^A-Za-z0-9\-._~/]/g
const QUERY_ESCAPES = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g
const UNRESERVED = /^[A-Za-z0-9\-._~]$/
const WIDE_SPACE = /[ \t]{2,}|\t/g
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g
const PRESIGNED_SIGNATURE = 'X-Amz-Signature'

/**
 * The path as it stands on the wire, without dot segments and empty segments, every reserved character encoded once
 * more: all services but S3 encode twice.
 */
export function canonicalPath(path: string): string {
  if (path === '/' || PLAIN_PATH.test(path)) return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  const slash = segments.length > 0 && path.endsWith('/') ? '/' : ''
  return `/${segments.join('/')}${slash}`.replace(RESERVED, encodeByte)
}

/** The query without its signature, each name and value in its one canonical encoding, sorted by name, then by value. */
export function canonicalQuery(query: string): string {
  if (query === '') return ''
  const parameters: { readonly name: string; readonly value: string }[] = []
  for (const parameter of query.split('&')) {
    if (parameter === '') continue
    const equals = parameter.indexOf('=')
    const name = canonicalComponent(equals < 0 ? parameter : parameter.slice(0, equals))
    if (name === PRESIGNED_SIGNATURE) continue
    parameters.push({ name, value: equals < 0 ? '' : canonicalComponent(parameter.slice(equals + 1)) })
  }
  parameters.sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
  return parameters.map(({ name, value }) => `${name}=${value}`).join('&')
}

/**
 * The lines of the signed headers. Throws if a header that has to be signed isn't: any `x-amz-*` could change what the
 * request means.
 */
export function canonicalHeaders(
  { names, values, areCanonical = false }: SignedHeaders,
  signed: SignedHeaderList,
): string {
  const { sources, lines } = signed.fieldsIn(names)
  return lines?.of(values, areCanonical) ?? linesOfAny(values, sources, signed)
}

function linesOfAny(
  values: readonly string[],
  sources: readonly FieldSource[],
  { names }: SignedHeaderList,
): string {
  let lines = ''
  for (let i = 0; i < sources.length; i++) lines += `${names[i]}:${canonicalValueAt(sources[i]!, values)}\n`
  return lines
}

/** The values of a field that came several times are joined, those of one that did not come are empty. */
function canonicalValueAt(source: FieldSource, values: readonly string[]): string {
  if (typeof source === 'number') return canonicalValue(values[source]!)
  return source.map((at) => canonicalValue(values[at]!)).join(',')
}

function canonicalValue(value: string): string {
  return value.replace(WIDE_SPACE, ' ').replace(OUTER_SPACE, '')
}

function canonicalComponent(text: string): string {
  return text.replace(QUERY_ESCAPES, (matched, at: number) => {
    if (matched.length === 3) {
      const character = String.fromCharCode(Number.parseInt(matched.slice(1), 16))
      return UNRESERVED.test(character) ? character : matched.toUpperCase()
    }
    if (matched === '%') throw malformedQueryString(text.slice(at, at + 3))
    // The Query protocol reads a plus sign as a space, so it is signed as one.
    return matched === '+' ? '%20' : encodeByte(matched)
  })
}

/** Strings from the wire hold one byte in each character. */
function encodeByte(character: string): string {
  const byte = character.charCodeAt(0)
  return `%${byte < 16 ? '0' : ''}${byte.toString(16).toUpperCase()}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
