// Derives models/*.json from Amazon's service models, as botocore ships them:
//
//   node scripts/derive-models.mjs FILE...        each FILE named after its service, e.g. sqs.json
//
// Only what a server needs is kept: shapes, constraints, errors and places on the wire; no prose, no client settings.
// models/additions/SERVICE.json adds what Amazon's current models leave out, such as the names of SQS's Query protocol.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MODELS = join(dirname(fileURLToPath(import.meta.url)), '..', 'models')

const METADATA_KEPT = [
  'apiVersion',
  'awsQueryCompatible',
  'jsonVersion',
  'protocols',
  'serviceId',
  'signingName',
  'targetPrefix',
  'xmlNamespace',
]
const SHAPE_KEPT = [
  'type',
  'required',
  'min',
  'max',
  'pattern',
  'enum',
  'flattened',
  'payload',
  'error',
  'exception',
  'eventstream',
  'event',
  'union',
]
const REFERENCE_KEPT = ['shape', 'flattened', 'location', 'locationName', 'streaming', 'eventpayload']

const byKey = ([a], [b]) => (a < b ? -1 : 1)

function pick(source, keys) {
  return Object.fromEntries(keys.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]))
}

function mapValues(object, change) {
  return Object.fromEntries(
    Object.entries(object)
      .map(([key, value]) => [key, change(value, key)])
      .sort(byKey),
  )
}

function derive(source, additions) {
  return {
    metadata: { ...pick(source.metadata, METADATA_KEPT), ...additions.metadata },
    operations: mapValues(source.operations, deriveOperation),
    shapes: mapValues(source.shapes, (shape, name) => deriveShape(shape, name, additions)),
  }
}

function deriveOperation(operation) {
  return {
    http: pick(operation.http, ['method', 'requestUri', 'responseCode']),
    ...(operation.input && { input: operation.input.shape }),
    ...(operation.output && { output: operation.output.shape }),
    errors: (operation.errors ?? []).map((error) => error.shape).sort(),
  }
}

function deriveShape(shape, name, additions) {
  const derived = pick(shape, SHAPE_KEPT)
  if (shape.members !== undefined) {
    const names = additions.members?.[name] ?? {}
    derived.members = mapValues(shape.members, (member, memberName) => reference(member, names[memberName]))
  }
  if (shape.member !== undefined) derived.member = reference(shape.member, additions.elements?.[name])
  if (shape.key !== undefined) {
    const [keyName, valueName] = additions.entries?.[name] ?? []
    derived.key = reference(shape.key, keyName)
    derived.value = reference(shape.value, valueName)
  }
  return derived
}

function reference(source, queryName) {
  return { ...pick(source, REFERENCE_KEPT), ...(queryName !== undefined && { queryName }) }
}

/** One operation and one shape a line: small, and readable in a diff. */
function write(model) {
  const section = (name) =>
    `"${name}": {\n${Object.entries(model[name])
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n}`
  return `{\n${['metadata', 'operations', 'shapes'].map(section).join(',\n')}\n}\n`
}

/** An addition that matches nothing is a mistake, or Amazon's model has changed. */
function checkAdditions(source, additions) {
  for (const [shape, members] of Object.entries(additions.members ?? {})) {
    for (const member of Object.keys(members)) {
      if (source.shapes[shape]?.members?.[member] === undefined)
        throw new Error(`no member ${shape}.${member}`)
    }
  }
  for (const shape of [...Object.keys(additions.elements ?? {}), ...Object.keys(additions.entries ?? {})]) {
    if (source.shapes[shape] === undefined) throw new Error(`no shape ${shape}`)
  }
}

for (const file of process.argv.slice(2)) {
  const source = JSON.parse(readFileSync(file, 'utf8'))
  const additionsFile = join(MODELS, 'additions', basename(file))
  const additions = existsSync(additionsFile) ? JSON.parse(readFileSync(additionsFile, 'utf8')) : {}
  checkAdditions(source, additions)
  writeFileSync(join(MODELS, basename(file)), write(derive(source, additions)))
}
