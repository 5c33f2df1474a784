import { expect, test } from 'vitest'
import iamModel from '../../models/iam.json' with { type: 'json' }
import stsModel from '../../models/sts.json' with { type: 'json' }
import type { ErrorShape } from '../src/api/service-error.ts'
import { SeededRandom } from '../src/base/random.ts'
import { AesSealer } from '../src/keys/aes-sealer.ts'
import { SealedTokens } from '../src/keys/session-tokens.ts'
import { awsManagedPolicies } from '../src/services/iam/aws-managed-policies.ts'
import * as iamErrors from '../src/services/iam/errors.ts'
import { Identities } from '../src/services/iam/identities.ts'
import { LastUses } from '../src/services/iam/last-uses.ts'
import { iam } from '../src/services/iam/service.ts'
import * as stsErrors from '../src/services/iam/sts-errors.ts'
import { sts } from '../src/services/iam/sts-service.ts'
import { TEST_TOKEN_KEY, TestCell } from '../src/services/sqs/test-cell.ts'
import { readDocument, rowsOf, section } from './document-tables.ts'

/** docs/compatibility.md says of everything that IAM and STS have how it stands; here that is held against the code. */
const document = section(readDocument('docs/compatibility.md'), 'IAM and STS')

const cell = new TestCell()
const random = new SeededRandom(1)
const sealer = new AesSealer(TEST_TOKEN_KEY, random)
const tokens = new SealedTokens(sealer)
const lastUses = new LastUses()
const rootKey = { accountId: '000000000000', accessKeyId: 'AKIAROOTROOTROOTROOT' }
const identities = new Identities({
  directory: () => null,
  sealer,
  tokens,
  lastUses,
  rootKey,
  report: () => {},
})
const services = {
  IAM: iam({ cell, random, tokenKey: TEST_TOKEN_KEY, sealer, lastUses, rootKey }, () => '/'),
  STS: sts({ cell, random, identities, tokens, now: () => 0 }),
}
const models = { IAM: iamModel, STS: stsModel }
const errors = { IAM: iamErrors, STS: stsErrors }

const listOf = (heading: string) => rowsOf(section(document, heading, '###')).slice(2)
const names = (rows: readonly (readonly string[])[]) => rows.map(([name]) => name!)
const sorted = (words: Iterable<string>) => [...new Set(words)].sort()

test.each(['IAM', 'STS'] as const)('every operation of %s is in the list, and all of them answer', (name) => {
  const rows = listOf(`${name} operations`)
  expect(names(rows)).toEqual(sorted(Object.keys(models[name].operations)))
  expect(names(rows)).toEqual(sorted(services[name].operations.keys()))
  for (const [operation, state] of rows) expect(['served', 'refused'], operation).toContain(state)
})

test.each(['IAM', 'STS'] as const)(
  'every error of %s is in the list, with its status and its state',
  (name) => {
    const rows = listOf(`${name} errors`)
    const declared: ErrorShape[] = Object.values(errors[name]).filter((each) => typeof each === 'object')
    const modelled = Object.values(models[name].shapes).flatMap((shape) =>
      'exception' in shape && 'error' in shape ? [shape.error.code] : [],
    )
    expect(names(rows)).toEqual(sorted([...modelled, ...declared.map(({ code }) => code)]))
    for (const [code, status, state] of rows) {
      const error = declared.find((each) => each.code === code)
      expect([state, status], code).toEqual(
        error === undefined ? ['never', '-'] : ['served', String(error.status)],
      )
    }
  },
)

test('the operations of STS that are refused are those that the list says', async () => {
  const refused = listOf('STS operations').filter(([, state]) => state === 'refused')
  expect(names(refused)).toEqual([
    ...['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'DecodeAuthorizationMessage'],
    ...['GetDelegatedAccessToken', 'GetWebIdentityToken'],
  ])
  for (const [name] of refused) {
    const run: (input: never, request: never) => Promise<object> = services.STS.operations.get(name!)!.run
    await expect(run({} as never, {} as never)).rejects.toMatchObject({ name: 'ServiceError' })
  }
})

test("AWS's managed policies that are here are in the list", () => {
  const arns = [...awsManagedPolicies().keys()].map((arn) => arn.replace('arn:aws:iam::aws:policy/', ''))
  expect(sorted(names(listOf('Managed policies of AWS')))).toEqual(sorted(arns))
})
