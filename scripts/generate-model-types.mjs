// Writes TypeScript for each service that is in server/src/services, as SERVICE/service.ts or in another's folder as
// SERVICE-service.ts, from models/SERVICE.json:
//
//   server/src/api/generated/SERVICE.ts         an interface for each structure that operations take or give
//   server/src/api/generated/SERVICE-model.ts   the model as a constant, so that the pure folders need no file
//
//   node scripts/generate-model-types.mjs                  writes what has changed
//   node scripts/generate-model-types.mjs --check          writes nothing; exit code 1 if something would change
//   node scripts/generate-model-types.mjs --out DIR NAME...   writes the named services to a directory
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..')
const MODELS = join(ROOT, 'models')
const SERVICES = join(ROOT, 'server/src/services')
const GENERATED = join(ROOT, 'server/src/api/generated')
const HEADING = '// Made from the service model by scripts/generate-model-types.mjs; not to be edited.\n'

/** The interfaces of a service: wire names, blobs as bytes, times as milliseconds since the epoch. */
function interfacesOf(service, model) {
  const inputs = reachable(model, (operation) => operation.input)
  const outputs = reachable(model, (operation) => operation.output)
  const structures = [...new Set([...inputs, ...outputs])].sort()
  const blocks = structures
    .filter((name) => model.shapes[name].type === 'structure')
    .map((name) =>
      model.shapes[name].eventstream ? unionOf(model, name) : interfaceOf(model, name, !inputs.has(name)),
    )
  return `${HEADING}// Operations of ${service}: what they take and give, by the names on the wire.\n\n${blocks.join('\n')}`
}

function interfaceOf(model, name, isAnswer) {
  const { members, required = [] } = model.shapes[name]
  const lines = Object.entries(members).map(([memberName, member]) => {
    // AWS leaves an empty list or map out of an answer, also where the model requires it.
    const leftOut = isAnswer && ['list', 'map'].includes(model.shapes[member.shape].type)
    const type = typeOf(model, member.shape, [])
    return required.includes(memberName) && !leftOut
      ? `  readonly ${propertyName(memberName)}: ${type}\n`
      : `  readonly ${propertyName(memberName)}?: ${type} | undefined\n`
  })
  return lines.length === 0
    ? `export type ${name} = object\n`
    : `export interface ${name} {\n${lines.join('')}}\n`
}

/** What an event stream yields: an object with one member, the event. Its errors are thrown. */
function unionOf(model, name) {
  const events = Object.entries(model.shapes[name].members)
    .filter(([, member]) => !model.shapes[member.shape].exception)
    .map(([memberName, member]) => `{ readonly ${propertyName(memberName)}: ${member.shape} }`)
  return `export type ${name} = ${events.join(' | ')}\n`
}

function typeOf(model, name, within) {
  const shape = model.shapes[name]
  if (within.includes(name)) throw new Error(`${name} refers to itself without a structure between`)
  const inner = [...within, name]
  switch (shape.type) {
    case 'structure':
      return shape.eventstream ? `AsyncIterable<${name}>` : name
    case 'list': {
      const element = typeOf(model, shape.member.shape, inner)
      return `readonly ${element.includes(' ') ? `(${element})` : element}[]`
    }
    case 'map':
      return `{ readonly [key: string]: ${typeOf(model, shape.value.shape, inner)} }`
    case 'blob':
      return 'Uint8Array'
    case 'boolean':
      return 'boolean'
    case 'string':
      return 'string'
    case 'timestamp':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return 'number'
    default:
      throw new Error(`${name}: unknown type ${shape.type}`)
  }
}

function propertyName(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
}

/** The names of all shapes that the inputs (or outputs) of operations lead to. */
function reachable(model, rootOf) {
  const seen = new Set()
  const visit = (name) => {
    if (name === undefined || seen.has(name)) return
    const shape = model.shapes[name]
    if (shape === undefined) throw new Error(`no shape ${name}`)
    if (shape.exception) return
    seen.add(name)
    for (const member of Object.values(shape.members ?? {})) visit(member.shape)
    for (const part of [shape.member, shape.key, shape.value]) visit(part?.shape)
  }
  for (const operation of Object.values(model.operations)) visit(rootOf(operation))
  return seen
}

function constantOf(service, text) {
  const name = `${service.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}Model`
  return `${HEADING}import type { ModelFile } from '../model-file.ts'\n\nexport const ${name}: ModelFile = ${text.trimEnd()}\n`
}

function generate(service) {
  const text = readFileSync(join(MODELS, `${service}.json`), 'utf8')
  return [
    [`${service}.ts`, interfacesOf(service, JSON.parse(text))],
    [`${service}-model.ts`, constantOf(service, text)],
  ]
}

function isServed(service) {
  return (
    existsSync(join(SERVICES, service, 'service.ts')) ||
    readdirSync(SERVICES).some((folder) => existsSync(join(SERVICES, folder, `${service}-service.ts`)))
  )
}

const args = process.argv.slice(2)
const isCheck = args[0] === '--check'
const isElsewhere = args[0] === '--out'
const directory = isElsewhere ? args[1] : GENERATED
const services = isElsewhere
  ? args.slice(2)
  : readdirSync(MODELS)
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length))
      .filter(isServed)
      .sort()

const stale = services
  .flatMap(generate)
  .map(([file, text]) => [join(directory, file), text])
  .filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text)
if (isCheck) {
  for (const [path] of stale) process.stderr.write(`${path} is stale: run npm run models\n`)
  process.exitCode = stale.length === 0 ? 0 : 1
} else {
  mkdirSync(directory, { recursive: true })
  for (const [path, text] of stale) writeFileSync(path, text)
}
