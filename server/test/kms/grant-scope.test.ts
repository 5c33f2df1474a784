import { expect, test } from 'vitest'
import { type GrantedUse, isWithinGrant } from '../../src/services/kms/grant-scope.ts'
import { GRANT, keyNamed, START } from './key-life.ts'

const USER = 'arn:aws:iam::000000000000:user/a'
const CONTEXT = { tenant: '7', purpose: 'orders' }

const grantOf = (constraints: object = {}, operations: readonly string[] = ['Decrypt', 'DescribeKey']) => ({
  ...{ ...GRANT, grantee: USER, operations, createdAt: START, key: keyNamed('k1') },
  constraints: { equals: null, subset: null, ...constraints },
})
const use = (changes: Partial<GrantedUse> = {}): GrantedUse => ({
  ...{ operation: 'Decrypt', principals: new Set([USER]), context: CONTEXT, ...changes },
})

test('a grant lets its grantee do its operations, and nobody anything else', () => {
  expect(isWithinGrant(grantOf(), use())).toBe(true)
  expect(isWithinGrant(grantOf(), use({ operation: 'Encrypt' }))).toBe(false)
  expect(isWithinGrant(grantOf(), use({ principals: new Set([`${USER}b`]) }))).toBe(false)
  const session = new Set(['arn:aws:sts::000000000000:assumed-role/b/s', USER])
  expect(isWithinGrant(grantOf(), use({ principals: session }))).toBe(true)
})

test.each<[string, object, boolean]>([
  ['the same in another order', { purpose: 'orders', tenant: '7' }, true],
  ['less', { tenant: '7' }, false],
  ['more', { ...CONTEXT, more: '' }, false],
  ['another value', { ...CONTEXT, tenant: '8' }, false],
  ['another letter case', { Tenant: '7', purpose: 'orders' }, false],
  ['nothing', {}, false],
])('an encryption context that must be equal may be %s: %j, %s', (_, context, expected) => {
  const asked = use({ context: { ...context } })
  expect(isWithinGrant(grantOf({ equals: CONTEXT }), asked)).toBe(expected)
})

test.each<[object, boolean]>([
  [CONTEXT, true],
  [{ ...CONTEXT, more: '' }, true],
  [{ tenant: '7' }, true],
  [{ tenant: '8' }, false],
  [{}, false],
])('a context of which a part is asked for may be %j: %s', (context, expected) => {
  const asked = use({ context: { ...context } })
  expect(isWithinGrant(grantOf({ subset: { tenant: '7' } }), asked)).toBe(expected)
})

test('both constraints count, and neither for what has no context', () => {
  const both = grantOf({ equals: CONTEXT, subset: { more: '' } })
  expect(isWithinGrant(both, use())).toBe(false)
  expect(isWithinGrant(both, use({ operation: 'DescribeKey', context: {} }))).toBe(true)
})

test('what every object inherits is no part of a context', () => {
  expect(isWithinGrant(grantOf({ subset: { toString: String(Object.prototype.toString) } }), use())).toBe(
    false,
  )
})
