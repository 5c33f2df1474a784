import type {
  Bounds,
  ListShape,
  MapShape,
  Member,
  Reason,
  Shape,
  StringShape,
  StructureShape,
  Violation,
} from './model.ts'

/** Finds what is wrong with a parsed input, in the order of the model; an empty list where nothing is. */
export type FindViolations = (input: object) => readonly Violation[]

/** AWS lists no more than this many, and the list goes into an error text. */
const VIOLATIONS_MAX = 10

/** Compiles the check of an input shape. Without `constraints`, only missing members are looked for. */
export function compileFindViolations(shape: StructureShape, constraints: boolean): FindViolations {
  const finder = new Compiler(constraints).finder(shape)
  if (finder === undefined) return () => []
  return (input) => {
    const glance = new Search(false)
    finder(input, glance)
    if (!glance.hasFound) return glance.found
    const search = new Search(true)
    finder(input, search)
    return search.found
  }
}

/** Looks at one value. There is one per shape, and none for a shape with which nothing can be wrong. */
type Finder = (value: unknown, search: Search) => void

/**
 * What was found, and the names that lead to where the search is now. Most inputs are right, and keeping the names took
 * most of the time: so a first search only asks whether there is anything, and a second one says what and where.
 */
class Search {
  readonly keepsNames: boolean
  hasFound = false
  readonly found: Violation[] = []
  readonly path: string[] = []
  readonly queryPath: string[] = []
  /** Whether the list or map that is looked at next is flattened; only a member can be. */
  isFlattened = false

  constructor(keepsNames: boolean) {
    this.keepsNames = keepsNames
  }

  add(reason: Reason): void {
    this.hasFound = true
    if (!this.keepsNames || this.found.length === VIOLATIONS_MAX) return
    const queryPath = this.queryPath.filter((name) => name !== '').join('.')
    this.found.push({ path: this.path.join('.'), queryPath, ...reason })
  }
}

class Compiler {
  readonly #constraints: boolean
  readonly #finders = new Map<Shape, Finder | undefined>()

  constructor(constraints: boolean) {
    this.#constraints = constraints
  }

  finder(shape: Shape): Finder | undefined {
    if (this.#finders.has(shape)) return this.#finders.get(shape)
    // While a recursive shape is being compiled, inner places refer to it through this indirection.
    this.#finders.set(shape, (value, search) => this.#finders.get(shape)?.(value, search))
    const finder = this.#compile(shape)
    this.#finders.set(shape, finder)
    return finder
  }

  #compile(shape: Shape): Finder | undefined {
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return inOrder([this.#lengths(shape), eachElement(shape, this.finder(shape.element))])
      case 'map':
        return inOrder([
          this.#lengths(shape),
          eachEntry(shape, this.finder(shape.key), this.finder(shape.value)),
        ])
      case 'string':
        return inOrder([this.#lengths(shape), this.#pattern(shape), this.#choices(shape)])
      case 'blob':
        return this.#lengths(shape)
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
        return this.#range(shape)
      case 'boolean':
      case 'timestamp':
      case 'eventStream':
        return undefined
      default:
        return shape satisfies never
    }
  }

  #structure(shape: StructureShape): Finder | undefined {
    const steps: Finder[] = shape.required.map((member) => (value, search) => {
      if (memberOf(value, member.name) === undefined) atMember(member, value, search, missing)
    })
    for (const member of shape.members) {
      const finder = this.finder(member.shape)
      if (finder === undefined) continue
      steps.push((value, search) => {
        if (memberOf(value, member.name) !== undefined) atMember(member, value, search, finder)
      })
    }
    return inOrder(steps)
  }

  #lengths({ min, max }: Bounds): Finder | undefined {
    if (!this.#constraints || (min === undefined && max === undefined)) return undefined
    return (value, search) => {
      const length = lengthOf(value)
      if (min !== undefined && length < min) search.add({ kind: 'tooShort', value, min })
      if (max !== undefined && length > max) search.add({ kind: 'tooLong', value, max })
    }
  }

  #range({ min, max }: Bounds): Finder | undefined {
    if (!this.#constraints || (min === undefined && max === undefined)) return undefined
    return (value, search) => {
      if (min !== undefined && Number(value) < min) search.add({ kind: 'tooSmall', value, min })
      if (max !== undefined && Number(value) > max) search.add({ kind: 'tooLarge', value, max })
    }
  }

  #pattern({ pattern }: StringShape): Finder | undefined {
    if (!this.#constraints || pattern === undefined) return undefined
    // The models' patterns are Java's; this is the one class of theirs that JavaScript lacks.
    const whole = new RegExp(`^(?:${pattern.replaceAll('\\p{Print}', '[\\x20-\\x7E]')})$`, 'u')
    return (value, search) => {
      if (!whole.test(String(value))) search.add({ kind: 'pattern', value, pattern })
    }
  }

  #choices({ choices }: StringShape): Finder | undefined {
    if (!this.#constraints || choices === undefined) return undefined
    const known = new Set<unknown>(choices)
    return (value, search) => {
      if (!known.has(value)) search.add({ kind: 'choice', value, choices })
    }
  }
}

const missing: Finder = (_, search) => search.add({ kind: 'missing' })

function inOrder(steps: readonly (Finder | undefined)[]): Finder | undefined {
  const present = steps.filter((step) => step !== undefined)
  if (present.length < 2) return present[0]
  return (value, search) => {
    for (const step of present) step(value, search)
  }
}

function atMember(member: Member, parent: unknown, search: Search, look: Finder): void {
  if (!search.keepsNames) {
    look(memberOf(parent, member.name), search)
    return
  }
  search.path.push(member.name)
  search.queryPath.push(member.queryName)
  search.isFlattened = member.flattened
  look(memberOf(parent, member.name), search)
  search.path.pop()
  search.queryPath.pop()
}

function eachElement(shape: ListShape, finder: Finder | undefined): Finder | undefined {
  if (finder === undefined) return undefined
  return (value, search) => {
    if (!Array.isArray(value)) return
    if (!search.keepsNames) {
      for (const element of value) finder(element, search)
      return
    }
    const wrapper = search.isFlattened ? '' : shape.elementName
    for (let i = 0; i < value.length; i++) {
      const position = String(i + 1)
      atEntry(position, [wrapper, position], value[i], search, finder)
    }
  }
}

function eachEntry(shape: MapShape, key: Finder | undefined, value: Finder | undefined): Finder | undefined {
  if (key === undefined && value === undefined) return undefined
  return (map, search) => {
    const wrapper = search.isFlattened ? '' : 'entry'
    let position = 0
    for (const [name, entry] of Object.entries(map ?? {})) {
      const at = [wrapper, String(++position)]
      if (key !== undefined) atEntry(name, [...at, shape.keyName], name, search, key)
      if (value !== undefined) atEntry(name, [...at, shape.valueName], entry, search, value)
    }
  }
}

function atEntry(
  name: string,
  queryNames: readonly string[],
  value: unknown,
  search: Search,
  look: Finder,
): void {
  if (!search.keepsNames) {
    look(value, search)
    return
  }
  search.path.push(name, 'member')
  search.queryPath.push(...queryNames)
  search.isFlattened = false
  look(value, search)
  search.path.length -= 2
  search.queryPath.length -= queryNames.length
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** Characters as AWS counts them (UTF-16 units), bytes, elements or entries. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length
  return Object.keys(value ?? {}).length
}
