/**
 * An output that writes itself as JSON in less time than it would take to make its members and then write these. In every other form, and for whoever
 * looks into it, there are the members.
 */
export abstract class SelfWritten<Output extends object = object> {
  /** The output as its operation's type has it. */
  abstract members(): Output
  /**
   * The members as AWS JSON, character for character what would be made of them; null where that is no shorter way. Bytes are lent: their
   * memory may be that of the next output.
   */
  abstract json(): string | Uint8Array | null
}

/** An output, whichever kind it is, as its operation's type has it. */
export function membersOf(output: object): object {
  return output instanceof SelfWritten ? output.members() : output
}
