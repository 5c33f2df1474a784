import type { Caller } from '../../api/operation.ts'
import type { OneHolder } from './commands.ts'

/** Users, groups and roles have the same operations for their policies, but for the words in names. */
export interface HolderWords {
  readonly type: OneHolder['type']
  /** As in the names of operations. */
  readonly word: 'User' | 'Group' | 'Role'
  /** The member that names it. */
  readonly member: keyof HolderInput
}

/** Which of them is there, the model of the operation says. */
export interface HolderInput {
  readonly UserName?: string
  readonly GroupName?: string
  readonly RoleName?: string
}

export const HOLDERS: readonly HolderWords[] = [
  { type: 'user', word: 'User', member: 'UserName' },
  { type: 'group', word: 'Group', member: 'GroupName' },
  { type: 'role', word: 'Role', member: 'RoleName' },
]

/** Those that can have tags. */
export const TAGGED: readonly HolderWords[] = HOLDERS.filter(({ type }) => type !== 'group')

export function holderOf(
  { type, member }: HolderWords,
  input: HolderInput,
  { accountId }: Caller,
): OneHolder {
  return { accountId, type, name: input[member] ?? '' }
}
