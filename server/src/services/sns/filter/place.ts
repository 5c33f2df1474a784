import { type Scalar, toScalar } from './scalar.ts'

/**
 * What a message has in one place that policies look at. A body is taken apart into places once, only where policies look:
 *
 * ```
 *   {"a": {"b": 1, "c": [2, 3, {"d": 4}, {"d": 5}]}}
 *
 *   a ─ b   values 1
 *     └ c   values 2, 3; elements:  ─ d  values 4
 *                                   ─ d  values 5
 * ```
 */
export interface Place {
  /** The values that are here, in an array or alone. */
  readonly values: ReadonlySet<Scalar>
  readonly fields: ReadonlyMap<string, Place>
  /** The objects and arrays in an array that is here; all that a policy asks for below has to be in one of them. */
  readonly elements: readonly Place[]
  /** There is something here, even where it has no values that could be looked at. */
  readonly isTaken: boolean
}

/** Names that lead on to places that are looked at. */
export interface PathNode {
  readonly children: ReadonlyMap<string, PathNode>
}

const NO_VALUES: ReadonlySet<Scalar> = new Set()
const NO_FIELDS: ReadonlyMap<string, Place> = new Map()
const NO_ELEMENTS: readonly Place[] = []

export const NOWHERE: Place = {
  values: NO_VALUES,
  fields: NO_FIELDS,
  elements: NO_ELEMENTS,
  isTaken: false,
}

/** The place of an attribute: it's there, whatever its values. */
export function attributePlace(values: Iterable<Scalar>): Place {
  return { ...NOWHERE, values: new Set(values), isTaken: true }
}

export function placeOf(fields: ReadonlyMap<string, Place>): Place {
  return { ...NOWHERE, fields }
}

/** The places of a body below the top, so far as `paths` leads to them. A point in a field's name counts as a level. */
export function takeApart(body: object, paths: PathNode): Place {
  const place = new GrowingPlace()
  addValue(place, body, paths)
  return place
}

/** Most places have one value and nothing else, and there may be very many: they hold only what they need. */
class GrowingPlace implements Place {
  readonly isTaken = false
  #values: Set<Scalar> | null = null
  #fields: Map<string, GrowingPlace> | null = null
  #elements: GrowingPlace[] | null = null

  get values(): ReadonlySet<Scalar> {
    return this.#values ?? NO_VALUES
  }

  get fields(): ReadonlyMap<string, Place> {
    return this.#fields ?? NO_FIELDS
  }

  get elements(): readonly Place[] {
    return this.#elements ?? NO_ELEMENTS
  }

  get isEmpty(): boolean {
    return this.#values === null && this.#fields === null && this.#elements === null
  }

  addValue(value: Scalar): void {
    this.#values ??= new Set()
    this.#values.add(value)
  }

  addElement(element: GrowingPlace): void {
    this.#elements ??= []
    this.#elements.push(element)
  }

  field(name: string): GrowingPlace {
    this.#fields ??= new Map()
    let field = this.#fields.get(name)
    if (field === undefined) {
      field = new GrowingPlace()
      this.#fields.set(name, field)
    }
    return field
  }
}

/** The depth of the recursion is the body's, which is limited. */
function addValue(place: GrowingPlace, value: unknown, paths: PathNode): void {
  const scalar = toScalar(value)
  if (scalar !== undefined) place.addValue(scalar)
  else if (Array.isArray(value)) addElements(place, value, paths)
  else if (paths.children.size > 0 && typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) addField(place, name, inner, paths)
  }
}

function addElements(place: GrowingPlace, elements: readonly unknown[], paths: PathNode): void {
  for (const element of elements) {
    const scalar = toScalar(element)
    if (scalar !== undefined) {
      place.addValue(scalar)
      continue
    }
    const below = new GrowingPlace()
    addValue(below, element, paths)
    if (!below.isEmpty) place.addElement(below)
  }
}

function addField(place: GrowingPlace, name: string, value: unknown, paths: PathNode): void {
  const steps = name.includes('.') ? name.split('.') : [name]
  let node: PathNode | undefined = paths
  for (const step of steps) {
    node = node.children.get(step)
    if (node === undefined) return
  }
  let field = place
  for (const step of steps) field = field.field(step)
  addValue(field, value, node)
}
