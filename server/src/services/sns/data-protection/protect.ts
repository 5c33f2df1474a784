import type { DataIdentifier } from './managed-identifier.ts'
import { namesPrincipal } from './principal-list.ts'
import type { ProtectionOperation, Statement } from './protection-policy.ts'
import { mergeSpans, replaceSpans, type Span } from './span.ts'

/** What a message says: by protocol, the default under the empty name. */
export type Texts = ReadonlyMap<string, string>

/** What an audit found of one kind. */
export interface Finding {
  readonly name: string
  readonly count: number
}

/** What was asked to be known of a message; without findings where none were found. */
export type AuditReport = readonly Finding[]

export interface InboundOutcome {
  /** What is published instead; the same where nothing was found. */
  readonly texts: Texts
  readonly isDenied: boolean
  /** Null where the message was not audited, or nobody wants to know. */
  readonly report: AuditReport | null
}

/**
 * What a policy makes of a message that somebody publishes. It is audited as it came, and then refused or changed. `draw`
 * gives a number from 0 to 99.
 */
export function protectInbound(
  statements: readonly Statement[],
  principal: string,
  texts: Texts,
  draw: () => number,
): InboundOutcome {
  const applicable = statements.filter(({ principals }) => namesPrincipal(principals, principal))
  const search = new Search()
  let report: AuditReport | null = null
  for (const { identifiers, operation } of applicable) {
    if (operation.kind !== 'audit' || draw() >= operation.sampleRate) continue
    const findings = search.count(identifiers, texts)
    if (findings.length > 0 ? operation.reportsFindings : operation.reportsNoFindings) report = findings
  }
  const isDenied = applicable.some(
    ({ identifiers, operation }) =>
      operation.kind === 'deny' && [...texts.values()].some((text) => search.has(identifiers, text)),
  )
  if (isDenied) return { texts, isDenied, report }
  const changed = deidentify(applicable, texts, search)
  // Nothing is left to be said.
  const isEmptied = [...changed].some(([protocol, text]) => text === '' && texts.get(protocol) !== '')
  return { texts: isEmptied ? texts : changed, isDenied: isEmptied, report }
}

/** What a subscriber gets. */
export interface OutboundOutcome {
  /** The same map where it's the message as it is. */
  readonly texts: Texts
  /** The protocols, the default under the empty name, by which the message must not be delivered. */
  readonly deniedTo: readonly string[]
}

/** What a policy makes of a message for those whom a principal subscribed. */
export function protectOutbound(
  statements: readonly Statement[],
  principal: string,
  texts: Texts,
  search: Search,
): OutboundOutcome {
  const applicable = statements.filter(({ principals }) => namesPrincipal(principals, principal))
  const changed = deidentify(applicable, texts, search)
  const denies = applicable.filter(({ operation }) => operation.kind === 'deny')
  const deniedTo = [...texts].flatMap(([protocol, text]) => {
    const isDenied = denies.some(({ identifiers }) => search.has(identifiers, text))
    return isDenied || (changed.get(protocol) === '' && text !== '') ? [protocol] : []
  })
  return { texts: changed, deniedTo }
}

/** Looks for each thing in each text once, however many statements ask. */
export class Search {
  readonly #found = new Map<DataIdentifier, Map<string, readonly Span[]>>()

  has(identifiers: readonly DataIdentifier[], text: string): boolean {
    return identifiers.some((identifier) => this.find(identifier, text).length > 0)
  }

  find(identifier: DataIdentifier, text: string): readonly Span[] {
    let byText = this.#found.get(identifier)
    if (byText === undefined) {
      byText = new Map()
      this.#found.set(identifier, byText)
    }
    let spans = byText.get(text)
    if (spans === undefined) {
      spans = identifier.find(text)
      byText.set(text, spans)
    }
    return spans
  }

  count(identifiers: readonly DataIdentifier[], texts: Texts): AuditReport {
    return identifiers.flatMap((identifier) => {
      let count = 0
      for (const text of texts.values()) count += this.find(identifier, text).length
      return count === 0 ? [] : [{ name: identifier.name, count }]
    })
  }
}

/** The statements in their order, each on what the one before has left. */
function deidentify(statements: readonly Statement[], texts: Texts, search: Search): Texts {
  let changed: Texts = texts
  for (const { identifiers, operation } of statements) {
    const replace = replacementOf(operation)
    if (replace === null) continue
    const next = new Map(changed)
    let isChanged = false
    for (const [protocol, text] of changed) {
      const spans = mergeSpans(identifiers.flatMap((identifier) => search.find(identifier, text)))
      if (spans.length === 0) continue
      next.set(protocol, replaceSpans(text, spans, replace))
      isChanged = true
    }
    if (isChanged) changed = next
  }
  return changed
}

function replacementOf(operation: ProtectionOperation): ((found: string) => string) | null {
  switch (operation.kind) {
    case 'mask':
      // A character for each that a reader would have seen.
      return (found) => operation.character.repeat([...found].length)
    case 'redact':
      return () => ''
    case 'audit':
    case 'deny':
      return null
    default:
      return operation satisfies never
  }
}
