import type {
  Bounds,
  Constraint,
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
    const checks = this.#constraints ? checksOf(shape) : []
    switch (shape.kind) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return inOrder([...checks.map(whole), this.#elements(shape)])
      case 'map':
        return inOrder([...checks.map(whole), this.#keys(shape), this.#values(shape)])
      case 'string':
      case 'blob':
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
      case 'boolean':
      case 'timestamp':
      case 'eventStream':
        return inOrder(checks.map(whole))
      default:
        return shape satisfies never
    }
  }

  /** What single values break is told of the list or map as a whole; structures in it are told one by one. */
  #elements(shape: ListShape): Finder | undefined {
    if (!isSingle(shape.element)) return eachElement(shape, this.finder(shape.element))
    return this.#parts('element', shape.element, (list, breaks) => Array.isArray(list) && list.some(breaks))
  }

  #keys(shape: MapShape): Finder | undefined {
    return this.#parts('key', shape.key, (map, breaks) => Object.keys(map ?? {}).some(breaks))
  }

  #values(shape: MapShape): Finder | undefined {
    if (!isSingle(shape.value)) return eachValue(shape, this.finder(shape.value))
    return this.#parts('value', shape.value, (map, breaks) => Object.values(map ?? {}).some(breaks))
  }

  #parts(
    part: 'element' | 'key' | 'value',
    shape: Shape,
    some: (whole: unknown, breaks: (value: unknown) => boolean) => boolean,
  ): Finder | undefined {
    const checks = this.#constraints ? checksOf(shape) : []
    if (checks.length === 0) return undefined
    const breaks = (value: unknown) => checks.some(({ isMet }) => !isMet(value))
    const constraints = checks.map(({ constraint }) => constraint).sort(patternsLast)
    return (value, search) => {
      if (some(value, breaks)) search.add({ kind: 'parts', part, value, constraints })
    }
  }

  #structure(shape: StructureShape): Finder | undefined {
    const members = shape.members
      .map((member) => ({
        ...{ name: member.name, member, finder: this.finder(member.shape) },
        isRequired: member.required,
      }))
      .filter(({ finder, isRequired }) => finder !== undefined || isRequired)
    if (members.length === 0) return undefined
    const steps: Finder[] = shape.required.map((member) => (value, search) => {
      if (memberOf(value, member.name) === undefined) atMember(member, value, search, missing)
    })
    for (const { member, name, finder } of members) {
      if (finder === undefined) continue
      steps.push((value, search) => {
        if (memberOf(value, name) !== undefined) atMember(member, value, search, finder)
      })
    }
    return (value, search) => {
      if (search.keepsNames) {
        for (const step of steps) step(value, search)
        return
      }
      // A glance asks each member once. A request may have hundreds of structures.
      for (let i = 0; i < members.length; i++) {
        const { name, finder, isRequired } = members[i]!
        const member = memberOf(value, name)
        if (member !== undefined) finder?.(member, search)
        else if (isRequired) search.hasFound = true
      }
    }
  }
}

interface Check {
  readonly constraint: Constraint
  readonly isMet: (value: unknown) => boolean
}

/** What the shape asks of a value as a whole. */
function checksOf(shape: Shape): readonly Check[] {
  switch (shape.kind) {
    case 'structure':
    case 'boolean':
    case 'timestamp':
    case 'eventStream':
      return []
    case 'string':
      return [...patternOf(shape), ...lengthsOf(shape), ...choicesOf(shape)]
    case 'list':
    case 'map':
    case 'blob':
      return lengthsOf(shape)
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return rangeOf(shape)
    default:
      return shape satisfies never
  }
}

/** The greatest first, as AWS tells them where it tells both. */
function lengthsOf({ min, max }: Bounds): Check[] {
  const checks: Check[] = []
  if (max !== undefined)
    checks.push({ constraint: { kind: 'tooLong', max }, isMet: (value) => lengthOf(value) <= max })
  if (min !== undefined)
    checks.push({ constraint: { kind: 'tooShort', min }, isMet: (value) => lengthOf(value) >= min })
  return checks
}

function rangeOf({ min, max }: Bounds): Check[] {
  const checks: Check[] = []
  if (max !== undefined)
    checks.push({ constraint: { kind: 'tooLarge', max }, isMet: (value) => Number(value) <= max })
  if (min !== undefined)
    checks.push({ constraint: { kind: 'tooSmall', min }, isMet: (value) => Number(value) >= min })
  return checks
}

function patternOf({ pattern, max = Number.POSITIVE_INFINITY }: StringShape): Check[] {
  if (pattern === undefined) return []
  // The models' patterns are Java's: `\\p{Print}` is the one class of theirs that JavaScript lacks. A part of an ARN ends at the
  // next colon, as it does in every ARN there is: were it any text, a long one that is none would keep the server busy.
  const translated = pattern.replaceAll('\\p{Print}', '[\\x20-\\x7E]').replaceAll('.*:', '[^:]*:')
  const matcher = new RegExp(`^(?:${translated})$`, 'u')
  // What is too long is told so, and needn't be gone through.
  const isMet = (value: unknown) => lengthOf(value) > max || matcher.test(String(value))
  return [{ constraint: { kind: 'pattern', pattern }, isMet }]
}

function choicesOf({ choices }: StringShape): Check[] {
  if (choices === undefined) return []
  const known = new Set<unknown>(choices)
  return [{ constraint: { kind: 'choice', choices }, isMet: (value) => known.has(value) }]
}

/** As AWS tells them of parts. */
function patternsLast(a: Constraint, b: Constraint): number {
  return Number(a.kind === 'pattern') - Number(b.kind === 'pattern')
}

function isSingle(shape: Shape): boolean {
  return shape.kind !== 'structure' && shape.kind !== 'list' && shape.kind !== 'map'
}

function whole({ constraint, isMet }: Check): Finder {
  return (value, search) => {
    if (!isMet(value)) search.add({ ...constraint, value })
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

function eachValue(shape: MapShape, finder: Finder | undefined): Finder | undefined {
  if (finder === undefined) return undefined
  return (map, search) => {
    const wrapper = search.isFlattened ? '' : 'entry'
    let position = 0
    for (const [name, entry] of Object.entries(map ?? {})) {
      atEntry(name, [wrapper, String(++position), shape.valueName], entry, search, finder)
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
  return isObject(value) ? value[name] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Characters as AWS counts them (UTF-16 units), bytes, elements or entries. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return value.length
  return Object.keys(value ?? {}).length
}
