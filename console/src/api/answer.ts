/** What the server answered, read by name: whatever is missing or of another type is empty. */
export class Answer {
  readonly #members: ReadonlyMap<string, unknown>

  constructor(content: unknown) {
    this.#members = new Map(typeof content === 'object' && content !== null ? Object.entries(content) : [])
  }

  text(name: string): string {
    const value = this.#members.get(name)
    return typeof value === 'string' ? value : ''
  }

  /** Null where there is none. SQS writes the numbers of attributes as texts. */
  number(name: string): number | null {
    const value = this.#members.get(name)
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : null
  }

  flag(name: string): boolean {
    const value = this.#members.get(name)
    return value === true || value === 'true'
  }

  part(name: string): Answer {
    return new Answer(this.#members.get(name))
  }

  parts(name: string): readonly Answer[] {
    return this.#list(name).map((each) => new Answer(each))
  }

  texts(name: string): readonly string[] {
    return this.#list(name).filter((each) => typeof each === 'string')
  }

  /** The members that are texts. */
  entries(): readonly (readonly [name: string, value: string])[] {
    return [...this.#members].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    )
  }

  /** The members that are structures. */
  structures(): readonly (readonly [name: string, value: Answer])[] {
    return [...this.#members].map(([name, value]) => [name, new Answer(value)] as const)
  }

  #list(name: string): readonly unknown[] {
    const value = this.#members.get(name)
    return Array.isArray(value) ? value : []
  }
}
