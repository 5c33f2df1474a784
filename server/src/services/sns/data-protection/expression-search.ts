import {
  type CharacterSet,
  type Condition,
  ExpressionError,
  type Item,
  includes,
  parseExpression,
} from './expression.ts'
import type { Span } from './span.ts'

/**
 * Finds all that an expression matches, in one pass and without going back, so that no expression and no text takes longer than the
 * product of both. The automaton has a state for each character that an item may stand for, and is in all states at once that are
 * possible; of each it knows the earliest place where that can have begun. Where matches overlap they are one.
 *
 * ```
 *   EID-\d{2,3}      E → I → D → - → d → d → d
 *                                        └───┴── a match ends here
 * ```
 */
export class ExpressionSearch {
  /** How much work a character of the text may be. */
  readonly cost: number
  /** The last one stands for the place before a match. */
  readonly #states: readonly State[]
  /** By state: where its edges begin in the two below; one more for the end of the last. */
  readonly #firstEdge: Int32Array
  /** The state that the edge leads to, or MATCHED. */
  readonly #to: Int32Array
  readonly #conditions: readonly (readonly Condition[])[]
  /** 1 where there are any. */
  readonly #isConditional: Uint8Array
  /** By state and character, for the first 128 of these: 1 if the state takes it. */
  readonly #accepts: Uint8Array

  /** Throws `ExpressionError` for what is no expression, matches nothing at all, or costs more than `costMax`. */
  constructor(expression: string, costMax: number) {
    const builder = new Builder(costMax)
    const starts: Edge[] = []
    for (const items of parseExpression(expression)) builder.add(items, starts)
    this.cost = builder.edges
    this.#states = [...builder.states, { set: NOTHING, edges: starts }]
    const edges = this.#states.flatMap((state) => state.edges)
    this.#to = Int32Array.from(edges, ({ to }) => to)
    this.#conditions = edges.map(({ conditions }) => conditions)
    this.#isConditional = Uint8Array.from(edges, ({ conditions }) => (conditions.length > 0 ? 1 : 0))
    this.#firstEdge = new Int32Array(this.#states.length + 1)
    this.#accepts = new Uint8Array(this.#states.length * ASCII)
    for (const [i, state] of this.#states.entries()) {
      this.#firstEdge[i + 1] = this.#firstEdge[i]! + state.edges.length
      for (let code = 0; code < ASCII; code++) {
        if (includes(state.set, code)) this.#accepts[i * ASCII + code] = 1
      }
    }
  }

  find(text: string): readonly Span[] {
    const spans: Span[] = []
    // Looked up once: the loops below are what a hostile text makes long.
    const [states, firstEdge, targets, accepts] = [this.#states, this.#firstEdge, this.#to, this.#accepts]
    const [isConditional, conditions] = [this.#isConditional, this.#conditions]
    const start = states.length - 1
    // States are entered, and stand, in the order of their beginnings: who comes first began first.
    /** By state, the earliest beginning; NONE where it is not in that state. */
    let current = new Int32Array(states.length).fill(NONE)
    let next = new Int32Array(states.length).fill(NONE)
    let active = new Int32Array(states.length)
    let nextActive = new Int32Array(states.length)
    let count = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      // A match may begin anywhere; later than all that are under way.
      current[start] = at
      active[count++] = start
      let nextCount = 0
      let earliest = NONE
      for (let i = 0; i < count; i++) {
        const state = active[i]!
        const begun = current[state]!
        current[state] = NONE
        for (let edge = firstEdge[state]!, end = firstEdge[state + 1]!; edge < end; edge++) {
          const to = targets[edge]!
          if (to === MATCHED) {
            // The match ends before this character.
            if (begun < earliest && (isConditional[edge] === 0 || holds(conditions[edge]!, text, at)))
              earliest = begun
            continue
          }
          if (next[to] !== NONE) continue
          if (code < ASCII ? accepts[to * ASCII + code] === 0 : !includes(states[to]!.set, code)) continue
          if (isConditional[edge] === 1 && !holds(conditions[edge]!, text, at)) continue
          nextActive[nextCount++] = to
          next[to] = begun
        }
      }
      if (earliest !== NONE) note(spans, { start: earliest, end: at })
      ;[current, next] = [next, current]
      ;[active, nextActive] = [nextActive, active]
      count = nextCount
    }
    let earliest = NONE
    for (const state of active.subarray(0, count)) {
      for (let edge = firstEdge[state]!; edge < firstEdge[state + 1]!; edge++) {
        if (targets[edge] !== MATCHED || !holds(conditions[edge]!, text, text.length)) continue
        earliest = Math.min(earliest, current[state]!)
      }
    }
    if (earliest !== NONE) note(spans, { start: earliest, end: text.length })
    return spans
  }
}

const ASCII = 128
const NONE = 0x7fff_ffff
/** Stands for the end of a match in the place of a state. */
const MATCHED = -1
const NOTHING: CharacterSet = { ranges: [], isNegated: false }

interface Edge {
  readonly to: number
  /** What has to hold where it is gone along. */
  readonly conditions: readonly Condition[]
}

interface State {
  readonly set: CharacterSet
  readonly edges: Edge[]
}

/** Somewhere in an alternative, from where it goes on: the edges of a state, or those that a match begins with. */
interface Loose {
  readonly edges: Edge[]
  readonly conditions: readonly Condition[]
}

class Builder {
  readonly states: State[] = []
  edges = 0
  readonly #costMax: number

  constructor(costMax: number) {
    this.#costMax = costMax
  }

  add(items: readonly Item[], starts: Edge[]): void {
    let loose: readonly Loose[] = [{ edges: starts, conditions: [] }]
    for (const item of items) {
      loose =
        item.kind === 'condition'
          ? loose.map(({ edges, conditions }) => ({ edges, conditions: [...conditions, item.condition] }))
          : this.#repeated(item, loose)
    }
    if (loose.some(({ edges }) => edges === starts)) throw new ExpressionError('it matches the empty text')
    this.#connect(loose, MATCHED)
  }

  #repeated(item: Item & { readonly kind: 'character' }, before: readonly Loose[]): readonly Loose[] {
    const { min, max } = item
    let loose = before
    for (let i = 0; i < min; i++) loose = [this.#state(item, loose)]
    if (max === Number.POSITIVE_INFINITY) {
      const again = min === 0 ? this.#state(item, loose) : loose[0]!
      this.#connect([again], this.states.length - 1)
      return min === 0 ? [...loose, again] : loose
    }
    // From each of those that may follow it can go on behind the last one.
    const exits = [...loose]
    for (let i = min; i < max; i++) {
      loose = [this.#state(item, loose)]
      exits.push(...loose)
    }
    return exits
  }

  #state(item: Item & { readonly kind: 'character' }, before: readonly Loose[]): Loose {
    const state: State = { set: item.set, edges: [] }
    this.states.push(state)
    this.#connect(before, this.states.length - 1)
    return { edges: state.edges, conditions: [] }
  }

  #connect(from: readonly Loose[], to: number): void {
    this.edges += from.length
    if (this.edges > this.#costMax) throw new ExpressionError('it is too complicated')
    for (const { edges, conditions } of from) edges.push({ to, conditions })
  }
}

function holds(conditions: readonly Condition[], text: string, at: number): boolean {
  for (const condition of conditions) {
    switch (condition) {
      case 'start':
        if (at !== 0) return false
        break
      case 'end':
        if (at !== text.length) return false
        break
      case 'word boundary':
      case 'no word boundary': {
        const isBoundary = isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at))
        if (isBoundary !== (condition === 'word boundary')) return false
        break
      }
      default:
        condition satisfies never
    }
  }
  return true
}

/** False beyond the ends, where there is no code. */
function isWord(code: number): boolean {
  return (
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
  )
}

/** Keeps few where many end one after the other. */
function note(spans: Span[], span: Span): void {
  let start = span.start
  while (spans.length > 0 && spans.at(-1)!.end > start) start = Math.min(start, spans.pop()!.start)
  spans.push({ start, end: span.end })
}
