import { Buffer, isUtf8 } from 'node:buffer'
import { ServiceError } from '../api/service-error.ts'
import { MalformedInput, MalformedQueryString, requestEntityTooLarge } from './errors.ts'
import { FORM_BYTES_MAX, FORM_NAME_PARTS_MAX, FORM_PARAMETERS_MAX, FORM_POSITION_MAX } from './limits.ts'

/**
 * A form's parameters as the tree that the dots in their names draw: `Entry.2.Id=x` is the value `x` at `Entry`, `2`,
 * `Id`. Names come from clients, so they are only ever keys of a `Map`.
 */
export class FormNode {
  value: string | undefined
  readonly children = new Map<string, FormNode>()

  child(name: string): FormNode | undefined {
    return this.children.get(name)
  }

  /** The children `1`, `2` … in order. Where numbers are left out, the rest moves up. */
  numbered(): readonly FormNode[] {
    return [...this.children]
      .map(([name, node]) => ({ position: positionOf(name), node }))
      .sort((a, b) => a.position - b.position)
      .map(({ node }) => node)
  }
}

/** Parses the query string and, of a form that was posted, the body as one form. Throws ServiceError. */
export function parseForm(query: string, body: Uint8Array): FormNode {
  // Nobody has been asked yet who it is: what a form says decides what its signature has to be for.
  if (body.length > FORM_BYTES_MAX) throw requestEntityTooLarge(FORM_BYTES_MAX)
  if (!isUtf8(body)) throw malformedQueryString()
  const root = new FormNode()
  const room = addParameters(root, query, FORM_PARAMETERS_MAX)
  addParameters(root, Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), room)
  return root
}

/** Returns how many more parameters there may be. */
function addParameters(root: FormNode, text: string, room: number): number {
  let left = room
  let begin = 0
  while (begin < text.length) {
    const separator = text.indexOf('&', begin)
    const end = separator === -1 ? text.length : separator
    if (end > begin) {
      if (left === 0) throw new ServiceError(MalformedInput, 'The request has too many parameters')
      left--
      addParameter(root, text.slice(begin, end))
    }
    begin = end + 1
  }
  return left
}

function addParameter(root: FormNode, parameter: string): void {
  const equals = parameter.indexOf('=')
  const name = decode(equals === -1 ? parameter : parameter.slice(0, equals))
  const value = equals === -1 ? '' : decode(parameter.slice(equals + 1))
  const parts = name.split('.', FORM_NAME_PARTS_MAX + 1)
  if (parts.length > FORM_NAME_PARTS_MAX) {
    throw new ServiceError(MalformedInput, 'The name of a parameter has too many parts')
  }
  let node = root
  for (const part of parts) {
    let child = node.children.get(part)
    if (child === undefined) {
      child = new FormNode()
      node.children.set(part, child)
    }
    node = child
  }
  // Two values for one name would let what is signed, or checked, differ from what is done.
  if (node.value !== undefined && node.value !== value) {
    throw new ServiceError(MalformedInput, `The parameter ${name} is given more than once`)
  }
  node.value = value
}

/** Most have nothing to decode, and to find that out is cheaper than to decode them. */
function decode(text: string): string {
  // Several times as fast as to replace them one by one.
  const spaced = text.includes('+') ? text.split('+').join(' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw malformedQueryString()
  }
}

function malformedQueryString(): ServiceError {
  return new ServiceError(MalformedQueryString, 'The query string contains a syntax error')
}

function positionOf(name: string): number {
  const position = /^[1-9]\d{0,5}$/.test(name) ? Number(name) : Number.POSITIVE_INFINITY
  if (position > FORM_POSITION_MAX) {
    throw new ServiceError(MalformedInput, `Expected a position in a list, found ${name.slice(0, 100)}`)
  }
  return position
}
