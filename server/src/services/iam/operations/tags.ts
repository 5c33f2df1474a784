import type { Tag } from '../../../api/generated/iam.ts'
import { type Operation, operation } from '../../../api/operation.ts'
import { readTags } from '../check-input.ts'
import { type HolderInput, type HolderWords, holderOf, TAGGED } from '../holders.ts'
import { pageOfAll, pagesOf } from '../paging.ts'
import { ask, type IamPorts } from '../ports.ts'
import { renderTags } from '../render.ts'

type ListInput = HolderInput & {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** TagUser, UntagUser, ListUserTags, and the same of roles. */
export const tags: readonly ((ports: IamPorts) => Operation)[] = TAGGED.flatMap((holder) => [
  tag(holder),
  untag(holder),
  list(holder),
])

function tag(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<HolderInput & { readonly Tags: readonly Tag[] }, object>(
      `Tag${holder.word}`,
      async (input, { caller }) => {
        const given = readTags(input.Tags)
        await ask(ports, { service: 'iam', kind: 'tag', ...holderOf(holder, input, caller), tags: given })
        return {}
      },
    )
}

function untag(holder: HolderWords) {
  return (ports: IamPorts) =>
    operation<HolderInput & { readonly TagKeys: readonly string[] }, object>(
      `Untag${holder.word}`,
      async (input, { caller }) => {
        const keys = input.TagKeys
        await ask(ports, { service: 'iam', kind: 'untag', ...holderOf(holder, input, caller), keys })
        return {}
      },
    )
}

function list(holder: HolderWords) {
  const name = `List${holder.word}Tags`
  return (ports: IamPorts) =>
    operation<ListInput, object>(name, async (input, { caller }) => {
      const one = holderOf(holder, input, caller)
      const pages = pagesOf(ports, [name, one.accountId, one.name], input)
      const found = await ask(ports, { service: 'iam', kind: 'getHolder', ...one })
      const { page, end } = pageOfAll(renderTags(found.type === 'group' ? {} : found.tags), pages)
      return { Tags: page, ...end }
    })
}
