/** The header fields of one request: names in lower case, each as often as it came, and the values beside them. */
export class HeaderFields {
  /** May be the very same array for request after request of a connection. */
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** Whether it is known that no value has a space at an end, two in a row, or a tab: such values are signed as they are. */
  readonly areCanonical: boolean

  constructor(names: readonly string[], values: readonly string[], areCanonical = false) {
    this.names = names
    this.values = values
    this.areCanonical = areCanonical
  }

  /** Takes names and values in turn, as `http.IncomingMessage.rawHeaders` has them. */
  static fromRaw(rawHeaders: readonly string[]): HeaderFields {
    const names: string[] = []
    const values: string[] = []
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      names.push(rawHeaders[i]!.toLowerCase())
      values.push(rawHeaders[i + 1]!)
    }
    return new HeaderFields(names, values)
  }

  /** The first value under a name in lower case. */
  get(name: string): string | undefined {
    const at = this.names.indexOf(name)
    return at < 0 ? undefined : this.values[at]
  }
}
