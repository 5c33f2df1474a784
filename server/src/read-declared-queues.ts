import { DEFAULT_REGION, isRegion } from './auth/region.ts'
import { ROOT_ACCOUNT_ID } from './auth/root-principal.ts'
import { suggestion } from './base/closest-word.ts'
import type { DeclaredQueue } from './config/config.ts'

const KEYS = ['name', 'account', 'region', 'attributes', 'tags']
/** The attributes whose value is a JSON document, which may be written as YAML. */
const DOCUMENTS = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy']

/**
 * The queues that a config file declares, as `queues: [{ name: orders, attributes: … }]`. Looks at the shape alone: which
 * attributes there are, and what may stand in them, is for SQS to say. Adds what is wrong to `problems`, by its path in
 * the file.
 */
export function readDeclaredQueues(
  value: unknown,
  place: string,
  problems: string[],
): readonly DeclaredQueue[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    problems.push(`${place} must be a list of queues, each like "- name: orders"`)
    return []
  }
  const queues = value.flatMap((each: unknown, i) => readQueue(each, `${place}[${i}]`, problems))
  const places = new Map<string, string>()
  for (const queue of queues) {
    const key = `${queue.name} (${queue.region}, ${queue.accountId})`
    const earlier = places.get(key)
    if (earlier === undefined) places.set(key, queue.place)
    else problems.push(`${queue.place}: ${key} is declared twice; see ${earlier}`)
  }
  return queues
}

function readQueue(value: unknown, place: string, problems: string[]): DeclaredQueue[] {
  if (!isMapping(value)) {
    problems.push(`${place} must be a queue, like "name: orders"`)
    return []
  }
  const known = problems.length
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) problems.push(`${place}.${key}: unknown key${suggestion(key, KEYS)}`)
  }
  const { name, account = ROOT_ACCOUNT_ID, region = DEFAULT_REGION } = value
  if (typeof name !== 'string' || name === '') {
    problems.push(`${place}.name must be the queue's name, in quotes if it looks like a number`)
  }
  if (typeof account !== 'string' || !/^\d{12}$/.test(account)) {
    problems.push(`${place}.account must be an account's twelve digits, in quotes`)
  }
  if (typeof region !== 'string' || !isRegion(region)) {
    problems.push(`${place}.region must be a region's name, like eu-west-1`)
  }
  const attributes = readTexts(value.attributes, `${place}.attributes`, DOCUMENTS, problems)
  const tags = readTexts(value.tags, `${place}.tags`, [], problems)
  if (problems.length > known) return []
  return [{ accountId: String(account), region: String(region), name: String(name), attributes, tags, place }]
}

/** Names with texts; numbers and truth values are written out, and what is a document becomes JSON. */
function readTexts(
  value: unknown,
  place: string,
  documents: readonly string[],
  problems: string[],
): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {}
  if (!isMapping(value)) {
    problems.push(`${place} must be names with values, like "Name: value"`)
    return {}
  }
  const texts: [string, string][] = []
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean') {
      texts.push([name, String(each)])
    } else if (isMapping(each) && documents.includes(name)) {
      texts.push([name, JSON.stringify(each)])
    } else {
      problems.push(`${place}.${name} must be a single value`)
    }
  }
  return Object.fromEntries(texts)
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
