/** What a server answered, read by name: it came over the wire and may be anything. */
export class Answer {
  readonly #content: unknown

  constructor(content: unknown) {
    this.#content = content
  }

  /** Empty where there is none. */
  text(name: string): string {
    const value = this.#member(name)
    return typeof value === 'string' ? value : ''
  }

  /** 0 where there is none. SQS writes numbers as texts in attributes. */
  number(name: string): number {
    const number = Number(this.#member(name) ?? 0)
    return Number.isFinite(number) ? number : 0
  }

  /** False where there is none. */
  flag(name: string): boolean {
    return this.#member(name) === true
  }

  part(name: string): Answer {
    return new Answer(this.#member(name))
  }

  list(name: string): readonly Answer[] {
    const value = this.#member(name)
    return Array.isArray(value) ? value.map((each) => new Answer(each)) : []
  }

  texts(name: string): readonly string[] {
    const value = this.#member(name)
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
  }

  /** As it came; undefined where there is none. */
  raw(name: string): unknown {
    return this.#member(name)
  }

  #member(name: string): unknown {
    if (typeof this.#content !== 'object' || this.#content === null) return undefined
    return Object.hasOwn(this.#content, name) ? Reflect.get(this.#content, name) : undefined
  }
}
