/** The candidate that `word` was probably meant to be, or null if none is near: two letters may differ, or a third. */
export function closestWord(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let fewest = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const edits = editDistance(word, candidate)
    if (edits < fewest) {
      fewest = edits
      best = candidate
    }
  }
  return best
}

/** What to add to a message about an unknown word, if a known one is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const closest = closestWord(word, known)
  return closest === null ? '' : ` (did you mean ${closest}?)`
}

/** How many letters must be put in, taken out or replaced to make one word the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const replaced = above[j]! + (a[i] === b[j] ? 0 : 1)
      row.push(Math.min(replaced, above[j + 1]! + 1, row[j]! + 1))
    }
    above = row
  }
  return above[b.length]!
}
