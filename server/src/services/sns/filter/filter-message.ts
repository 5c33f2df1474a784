import { NESTING_MAX } from './limits.ts'
import { attributePlace, type PathNode, type Place, placeOf, takeApart } from './place.ts'
import { cutNumber, type Scalar, toScalar } from './scalar.ts'

/** A message attribute as it was published. Bytes where the type is `Binary`. */
export interface FilterAttribute {
  readonly name: string
  readonly type: string
  readonly value: string | Uint8Array
}

/** A message as filters see it. The attributes are read, and the body parsed, once and only if a policy asks for them. */
export class FilterMessage {
  readonly #attributes: readonly FilterAttribute[]
  readonly #text: string
  #attributePlace: Place | undefined
  #body: object | null | undefined

  /** `body` is the published message: of a message with one text for each protocol, the text of the subscription's. */
  constructor(attributes: readonly FilterAttribute[], body: string) {
    this.#attributes = attributes
    this.#text = body
  }

  /** Null without attributes: then no policy is satisfied that looks at them. */
  attributes(): Place | null {
    if (this.#attributes.length === 0) return null
    this.#attributePlace ??= placeOf(new Map(this.#attributes.flatMap(readAttribute)))
    return this.#attributePlace
  }

  /** Null if the body is no JSON object: then no policy is satisfied that looks at it. */
  body(paths: PathNode): Place | null {
    if (this.#body === undefined) this.#body = parseObject(this.#text)
    return this.#body === null ? null : takeApart(this.#body, paths)
  }
}

/** Attributes of type Binary are not looked at. */
function readAttribute({ name, type, value }: FilterAttribute): readonly [string, Place][] {
  if (typeof value !== 'string' || type.startsWith('Binary')) return []
  return [[name, attributePlace(readValues(type, value))]]
}

/** None if the value is not what the type says. */
function readValues(type: string, value: string): readonly Scalar[] {
  if (type.endsWith('.Array')) {
    const parsed = parseJson(value)
    if (!Array.isArray(parsed)) return []
    return parsed.map(toScalar).filter((scalar) => scalar !== undefined)
  }
  if (!type.startsWith('Number')) return [value]
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return Number.isNaN(number) ? [] : [cutNumber(number)]
}

function parseObject(text: string): object | null {
  const parsed = nestsTooDeep(text) ? undefined : parseJson(text)
  return typeof parsed === 'object' && !Array.isArray(parsed) ? parsed : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is told by its having no value: it's what the publisher sent, and no error of anyone's.
    return undefined
  }
}

/** Counts brackets outside of strings. What is no JSON may be counted wrong: it is refused in either case. */
function nestsTooDeep(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i)
        break
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (++depth > NESTING_MAX) return true
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth--
        break
    }
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) i++
    else if (code === QUOTE) return i
  }
  return text.length
}
