import type { ResourceAddress } from './commands.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { problemOfTagKeys, problemOfTags } from './tags.ts'

export async function addTags(
  ports: KinesisPorts,
  resource: ResourceAddress,
  tags: Readonly<Record<string, string>>,
): Promise<object> {
  await refuse(ports, resource, problemOfTags(resource, tags))
  await ask(ports, { service: 'kinesis', kind: 'tagResource', resource, tags })
  return {}
}

export async function removeTags(
  ports: KinesisPorts,
  resource: ResourceAddress,
  keys: readonly string[],
): Promise<object> {
  await refuse(ports, resource, problemOfTagKeys(resource, keys))
  await ask(ports, { service: 'kinesis', kind: 'untagResource', resource, keys })
  return {}
}

/** That a resource isn't there is told before what is wrong with the tags. */
async function refuse(
  ports: KinesisPorts,
  resource: ResourceAddress,
  problem: Error | undefined,
): Promise<void> {
  if (problem === undefined) return
  await ask(ports, { service: 'kinesis', kind: 'listTags', resource })
  throw problem
}
