/**
 * What a request says about itself, by condition key: `aws:sourceip`, `sns:protocol`. condition-keys.ts lists those that all services have.
 * Keys are asked for in lower case, the tag's key in `aws:principaltag/team` too. Undefined, or no values, where the request lacks it.
 */
export interface RequestContext {
  get(key: string): readonly string[] | undefined
}

/** A context of what is known beforehand, by keys in any case. Of two that are the same but for case the later one counts. */
export function contextOf(
  entries: Iterable<readonly [key: string, values: string | readonly string[]]>,
): RequestContext {
  return new Map(
    Array.from(entries, ([key, values]) => [
      key.toLowerCase(),
      typeof values === 'string' ? [values] : values,
    ]),
  )
}

/** What the first one lacks, the second one is asked for. */
export function contextWithin(first: RequestContext, second: RequestContext): RequestContext {
  return { get: (key) => first.get(key) ?? second.get(key) }
}
