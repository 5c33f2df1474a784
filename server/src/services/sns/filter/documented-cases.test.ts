import { expect, test } from 'vitest'
import { type FilterAttribute, FilterMessage } from './filter-message.ts'
import { parseFilterPolicy } from './filter-policy.ts'
import { satisfiesPolicy } from './satisfies-policy.ts'

/**
 * What the developer guide says of filter policies, case by case: a policy, a message, and whether it's delivered. Attributes are
 * written by their values: texts are String, numbers Number, arrays String.Array, bytes Binary.
 */
type Value = string | number | readonly unknown[] | Uint8Array | FilterAttribute
type Attributes = Readonly<Record<string, Value>>
type Case<Message> = readonly [policy: unknown, message: Message, isDelivered: boolean]

const BYTES = new Uint8Array([1, 2, 3])
const typed = (type: string, value: string): FilterAttribute => ({ name: '', type, value })

const byAttributes: readonly Case<Attributes>[] = [
  // String values: exact
  [{ interests: ['rugby', 'tennis'] }, { interests: 'rugby' }, true],
  [{ interests: ['rugby', 'tennis'] }, { interests: 'tennis' }, true],
  [{ interests: ['rugby', 'tennis'] }, { interests: 'baseball' }, false],
  [{ interests: ['rugby', 'tennis'] }, { interests: 'Rugby' }, false],
  [{ interests: ['rugby', 'tennis'] }, { interests: 'rugby ' }, false],
  [{ interests: ['rugby', 'tennis'] }, { interests: 'rug' }, false],
  [{ interests: ['rugby', 'tennis'] }, { interests: ['rugby', 'tennis'] }, true],
  [{ interests: ['rugby', 'tennis'] }, { interests: ['baseball', 'tennis'] }, true],
  [{ interests: ['rugby', 'tennis'] }, { interests: ['baseball'] }, false],
  [{ interests: ['rugby', 'tennis'] }, { interests: [] }, false],
  [{ interests: ['rugby', 'tennis'] }, { other: 'rugby' }, false],
  [{ interests: ['rugby'] }, { Interests: 'rugby' }, false],
  [{ interests: ['rugby'] }, { interests: 'rugby', other: 'x' }, true],
  [{ interests: ['say "hi"'] }, { interests: 'say "hi"' }, true],
  [{ interests: ['a\\b'] }, { interests: 'a\\b' }, true],
  [{ interests: ['日本'] }, { interests: '日本' }, true],
  [{ interests: ['😀'] }, { interests: '😀' }, true],
  [{ interests: ['🏉'] }, { interests: '😀' }, false],
  // Anything-but
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: 'baseball' }, true],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: 'football' }, true],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: ['rugby', 'baseball'] }, true],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: 'rugby' }, false],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: ['rugby'] }, false],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: ['rugby', 'tennis'] }, false],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { other: 'football' }, false],
  [{ interests: [{ 'anything-but': 'rugby' }] }, { interests: 'tennis' }, true],
  [{ interests: [{ 'anything-but': 'rugby' }] }, { interests: 'rugby' }, false],
  [{ interests: [{ 'anything-but': 'rugby' }] }, { interests: 'Rugby' }, true],
  [{ interests: [{ 'anything-but': 'rugby' }] }, { interests: 100 }, true],
  [{ interests: [{ 'anything-but': 'rugby' }, { exists: false }] }, { other: 'x' }, true],
  [{ interests: [{ 'anything-but': 'rugby' }, { exists: false }] }, { interests: 'rugby' }, false],
  [{ interests: [{ 'anything-but': 'a' }, { 'anything-but': 'b' }] }, { interests: 'a' }, true],
  // Anything-but with a prefix
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, { event: 'data-entry' }, true],
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, { event: 'order-cancelled' }, false],
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, { event: 'order_number' }, true],
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, { event: ['order-1', 'x'] }, true],
  [{ event: [{ 'anything-but': { prefix: 'order-' } }] }, { event: 7 }, true],
  [{ event: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, { event: 'bcd' }, false],
  [{ event: [{ 'anything-but': { prefix: ['a', 'b'] } }] }, { event: 'cd' }, true],
  // Anything-but with a suffix, a wildcard, and without case
  [{ file: [{ 'anything-but': { suffix: '.txt' } }] }, { file: 'a.png' }, true],
  [{ file: [{ 'anything-but': { suffix: '.txt' } }] }, { file: 'a.txt' }, false],
  [{ file: [{ 'anything-but': { suffix: ['.txt', '.md'] } }] }, { file: 'a.md' }, false],
  [{ file: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, { file: 'x/src/y' }, true],
  [{ file: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, { file: 'x/lib/y' }, false],
  [{ env: [{ 'anything-but': { wildcard: 'test-*' } }] }, { env: 'prod-us' }, true],
  [{ env: [{ 'anything-but': { wildcard: 'test-*' } }] }, { env: 'test-staging' }, false],
  [{ env: [{ 'anything-but': { wildcard: ['a*', '*z'] } }] }, { env: 'xyz' }, false],
  [{ env: [{ 'anything-but': { 'equals-ignore-case': 'Prod' } }] }, { env: 'PROD' }, false],
  [{ env: [{ 'anything-but': { 'equals-ignore-case': ['Prod', 'Test'] } }] }, { env: 'tesT' }, false],
  [{ env: [{ 'anything-but': { 'equals-ignore-case': ['Prod', 'Test'] } }] }, { env: 'dev' }, true],
  // Equals-ignore-case
  [{ interests: [{ 'equals-ignore-case': 'tennis' }] }, { interests: 'TENNIS' }, true],
  [{ interests: [{ 'equals-ignore-case': 'tennis' }] }, { interests: 'Tennis' }, true],
  [{ interests: [{ 'equals-ignore-case': 'TeNNiS' }] }, { interests: 'tennis' }, true],
  [{ interests: [{ 'equals-ignore-case': 'tennis' }] }, { interests: 'tennis2' }, false],
  [{ interests: [{ 'equals-ignore-case': 'ÄÖ' }] }, { interests: 'äö' }, true],
  [{ interests: [{ 'equals-ignore-case': 'tennis' }] }, { interests: ['golf', 'TENNIS'] }, true],
  // Prefix and suffix
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'baseball' }, true],
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'basketball' }, true],
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'bas' }, true],
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'ba' }, false],
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'rugby' }, false],
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'Baseball' }, false],
  [{ interests: [{ prefix: '' }] }, { interests: 'anything' }, true],
  [{ interests: [{ prefix: '1' }] }, { interests: 100 }, false],
  [{ interests: [{ suffix: 'ball' }] }, { interests: 'baseball' }, true],
  [{ interests: [{ suffix: 'ball' }] }, { interests: 'ball' }, true],
  [{ interests: [{ suffix: 'ball' }] }, { interests: 'balls' }, false],
  [{ interests: [{ suffix: 'ball' }] }, { interests: ['golf', 'football'] }, true],
  [{ interests: [{ suffix: 'ball' }, { prefix: 'ten' }] }, { interests: 'tennis' }, true],
  // Wildcards
  [{ event: [{ wildcard: '*-error' }] }, { event: 'system-error' }, true],
  [{ event: [{ wildcard: '*-error' }] }, { event: 'system-warning' }, false],
  [{ event: [{ wildcard: '*-error' }] }, { event: '-error' }, true],
  [{ event: [{ wildcard: 'log-*-2025.txt' }] }, { event: 'log-app-2025.txt' }, true],
  [{ event: [{ wildcard: 'log-*-2025.txt' }] }, { event: 'log-2025.txt' }, false],
  [{ event: [{ wildcard: '*/src/*.js' }] }, { event: 'app/src/index.js' }, true],
  [{ event: [{ wildcard: '*/src/*.js' }] }, { event: 'app/lib/index.js' }, false],
  [{ event: [{ wildcard: '*/src/*.js' }] }, { event: 'app/src/index.ts' }, false],
  [{ event: [{ wildcard: '*' }] }, { event: 'anything' }, true],
  [{ event: [{ wildcard: '*' }] }, { event: 5 }, false],
  [{ event: [{ wildcard: 'a*a' }] }, { event: 'a' }, false],
  [{ event: [{ wildcard: 'a*a' }] }, { event: 'aa' }, true],
  [{ event: [{ wildcard: 'ab*bc' }] }, { event: 'abc' }, false],
  [{ event: [{ wildcard: '*ab*ab*' }] }, { event: 'abab' }, true],
  [{ event: [{ wildcard: '*aba*aba*' }] }, { event: 'ababa' }, false],
  [{ event: [{ wildcard: '*aab*' }] }, { event: 'aaab' }, true],
  [{ event: [{ wildcard: 'plain' }] }, { event: 'plain' }, true],
  [{ event: [{ wildcard: 'plain' }] }, { event: 'plainer' }, false],
  [{ event: [{ wildcard: 'a\\*b' }] }, { event: 'a*b' }, true],
  [{ event: [{ wildcard: 'a\\*b' }] }, { event: 'axb' }, false],
  [{ event: [{ wildcard: 'a\\\\*' }] }, { event: 'a\\b' }, true],
  [{ env: ['prod', { wildcard: 'staging-*' }] }, { env: 'staging-us' }, true],
  [{ env: ['prod', { wildcard: 'staging-*' }] }, { env: 'prod' }, true],
  [{ env: ['prod', { wildcard: 'staging-*' }] }, { env: 'product' }, false],
  // Addresses
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.0' }, true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.255' }, true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.1.1.0' }, false],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.1.0' }, false],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: 'host' }, false],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0' }, false],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.256' }, false],
  [{ ip: [{ cidr: '10.0.0.0/0' }] }, { ip: '192.168.0.1' }, true],
  [{ ip: [{ cidr: '10.0.0.7/32' }] }, { ip: '10.0.0.7' }, true],
  [{ ip: [{ cidr: '10.0.0.7/32' }] }, { ip: '10.0.0.8' }, false],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '::a00:0' }, false],
  [{ ip: [{ cidr: '2001:db8:1234:1a00::/64' }] }, { ip: '2001:db8:1234:1a00::1' }, true],
  [{ ip: [{ cidr: '2001:db8:1234:1a00::/64' }] }, { ip: '2001:0DB8:1234:1a00:0:0:0:ffff' }, true],
  [{ ip: [{ cidr: '2001:db8:1234:1a00::/64' }] }, { ip: '2001:db8:1234:1a01::' }, false],
  [{ ip: [{ cidr: '::1/128' }] }, { ip: '0:0:0:0:0:0:0:1' }, true],
  [{ ip: [{ cidr: '::/0' }] }, { ip: '::1::2' }, false],
  // Numbers
  [{ price: [301.5] }, { price: 301.5 }, true],
  [{ price: [301.5] }, { price: typed('Number', '3.015e2') }, true],
  [{ price: [301.5] }, { price: typed('Number', '301.500') }, true],
  [{ price: [301.5] }, { price: '301.5' }, false],
  [{ price: ['301.5'] }, { price: 301.5 }, false],
  [{ price: [{ numeric: ['=', 301.5] }] }, { price: 301.5 }, true],
  [{ price: [{ numeric: ['=', 301.5] }] }, { price: typed('Number', '3.015e2') }, true],
  [{ price: [{ numeric: ['=', 301.5] }] }, { price: 301.51 }, false],
  [{ price: [{ numeric: ['=', 301.5] }] }, { price: '301.5' }, false],
  [{ price: [{ numeric: ['<', 0] }] }, { price: -1 }, true],
  [{ price: [{ numeric: ['<', 0] }] }, { price: 0 }, false],
  [{ price: [{ numeric: ['<=', 0] }] }, { price: 0 }, true],
  [{ price: [{ numeric: ['>', 0] }] }, { price: 0 }, false],
  [{ price: [{ numeric: ['>', 0] }] }, { price: 0.00001 }, true],
  [{ price: [{ numeric: ['>=', 0] }] }, { price: 0 }, true],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: 150 }, true],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: 0 }, false],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: 150.5 }, false],
  [{ price: [{ numeric: ['>=', 1, '<', 2] }] }, { price: 1 }, true],
  [{ price: [{ numeric: ['>=', 1, '<', 2] }] }, { price: 2 }, false],
  [{ price: [{ numeric: ['>', 0] }] }, { price: [-1, 5] }, true],
  [{ price: [{ numeric: ['>', 0] }] }, { price: typed('Number.Array', '[-1, 5]') }, true],
  [{ price: [{ numeric: ['>', 0] }] }, { price: typed('Number', 'much') }, false],
  [{ price: [{ numeric: ['>', 0] }] }, { price: 1e9 }, true],
  [{ price: [{ numeric: ['>', 0] }] }, { price: 1e9 + 1 }, false],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: 101 }, true],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: 100.1 }, true],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: 100 }, false],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: typed('Number.Array', '[100, 50]') }, true],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: typed('Number.Array', '[100, 500]') }, false],
  [{ price: [{ 'anything-but': 100 }] }, { price: typed('Number', '1e2') }, false],
  // Five digits after the point
  [{ price: [0.12345] }, { price: 0.12345 }, true],
  [{ price: [0.12345] }, { price: 0.123459 }, true],
  [{ price: [0.12345] }, { price: 0.12346 }, false],
  [{ price: [{ numeric: ['=', 0.123456] }] }, { price: 0.12345 }, true],
  [{ price: [{ numeric: ['>', 0.12345] }] }, { price: 0.123459 }, false],
  [{ price: [{ numeric: ['<', 0.00001] }] }, { price: typed('Number', '0.00000999') }, true],
  [{ price: [0] }, { price: typed('Number', '1e-7') }, true],
  [{ price: [0] }, { price: typed('Number', '-0') }, true],
  [{ price: [999999999.99999] }, { price: typed('Number', '999999999.999991') }, true],
  [{ price: [999999999.99999] }, { price: typed('Number', '999999999.99998') }, false],
  [{ price: [0.3] }, { price: 0.1 + 0.2 }, true],
  // Numbers beyond the range are only compared as they are.
  [{ account: [123456789012] }, { account: 123456789012 }, true],
  [{ account: [123456789012] }, { account: 123456789013 }, false],
  // Keys: exists
  [{ store: [{ exists: true }] }, { store: 'fans', interests: ['a', 'b'] }, true],
  [{ store: [{ exists: true }] }, { interests: ['a', 'b'] }, false],
  [{ store: [{ exists: true }] }, { store: 99 }, true],
  [{ store: [{ exists: true }] }, { store: ['a'] }, true],
  [{ store: [{ exists: true }] }, { store: [] }, false],
  [{ store: [{ exists: true }] }, { store: BYTES }, false],
  [{ store: [{ exists: false }] }, { interests: ['a', 'b'] }, true],
  [{ store: [{ exists: false }] }, { store: 'fans', interests: 'a' }, false],
  [{ store: [{ exists: false }] }, { store: [], interests: 'a' }, false],
  [{ store: [{ exists: false }] }, { store: BYTES }, true],
  [{ store: [{ exists: false }] }, {}, false],
  [{ store: ['a', { exists: false }] }, { store: 'a' }, true],
  [{ store: ['a', { exists: false }] }, { store: 'b' }, false],
  [{ store: ['a', { exists: false }] }, { other: 'b' }, true],
  [{ store: [{ exists: false }], price: [{ exists: false }] }, { x: '1' }, true],
  // null, true and false, which only arrays have
  [{ attr1: [null, { 'anything-but': 'whatever' }] }, {}, false],
  [{ flag: [true] }, { flag: [true] }, true],
  [{ flag: [true] }, { flag: [false] }, false],
  [{ flag: [true] }, { flag: 'true' }, false],
  [{ flag: [null] }, { flag: [null] }, true],
  [{ flag: [null] }, { flag: 'null' }, false],
  [{ flag: ['true'] }, { flag: [true] }, false],
  [{ flag: ['x'] }, { flag: [{ x: 'x' }, ['x']] }, false],
  [{ flag: ['x'] }, { flag: typed('String.Array', 'x') }, false],
  [{ flag: ['x'] }, { flag: typed('String.Array', '"x"') }, false],
  [{ flag: [{ exists: false }] }, { flag: typed('String.Array', 'x') }, false],
  [{ flag: [{ 'anything-but': 'x' }] }, { flag: typed('String.Array', '[') }, false],
  [{ flag: ['x'] }, { flag: typed('String.custom', 'x') }, true],
  [{ flag: ['x'] }, { flag: BYTES }, false],
  // AND, OR
  [{ interests: ['rugby'], price: [{ numeric: ['>', 100] }] }, { interests: 'rugby', price: 101 }, true],
  [{ interests: ['rugby'], price: [{ numeric: ['>', 100] }] }, { interests: 'rugby', price: 100 }, false],
  [{ interests: ['rugby'], price: [{ numeric: ['>', 100] }] }, { interests: 'golf', price: 101 }, false],
  [{ interests: ['rugby'], price: [{ numeric: ['>', 100] }] }, { price: 101 }, false],
  [{ interests: ['rugby', 5, { prefix: 'b' }] }, { interests: 5 }, true],
  [{ s: ['x'], $or: [{ m: ['a', 'b'] }, { n: ['c'] }] }, { s: 'x', m: 'b' }, true],
  [{ s: ['x'], $or: [{ m: ['a', 'b'] }, { n: ['c'] }] }, { s: 'x', n: 'c' }, true],
  [{ s: ['x'], $or: [{ m: ['a', 'b'] }, { n: ['c'] }] }, { s: 'x', n: 'd' }, false],
  [{ s: ['x'], $or: [{ m: ['a', 'b'] }, { n: ['c'] }] }, { n: 'c' }, false],
  [{ $or: [{ m: ['a'], t: ['y'] }, { n: ['c'] }] }, { m: 'a' }, false],
  [{ $or: [{ m: ['a'], t: ['y'] }, { n: ['c'] }] }, { m: 'a', t: 'y' }, true],
  [{ $or: [{ m: [{ exists: false }] }, { n: ['c'] }] }, { x: 'y' }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'], $or: [{ c: ['3'] }, { d: ['4'] }] }] }, { b: '2', d: '4' }, true],
  [{ $or: [{ a: ['1'] }, { b: ['2'], $or: [{ c: ['3'] }, { d: ['4'] }] }] }, { d: '4' }, false],
  [{ $or: ['x'] }, { $or: 'x' }, true],
  [{ $or: [{ prefix: 'x' }, { suffix: 'y' }] }, { $or: 'xa' }, true],
  [{ $or: [{ prefix: 'x' }, { suffix: 'y' }] }, { $or: 'a' }, false],
  [{ $or: [{ prefix: 'x' }] }, { $or: 'xx' }, true],
  // An attribute's name is only a name.
  [{ 'a.b': ['x'] }, { 'a.b': 'x' }, true],
  [{ __proto__x: ['x'] }, { __proto__x: 'x' }, true],
  [{ constructor: [{ exists: true }] }, { x: 'y' }, false],
  [{ toString: [{ exists: false }] }, { x: 'y' }, true],
  // The empty policy
  [{}, {}, true],
  [{}, { a: 'b' }, true],
]

const byBody: readonly Case<unknown>[] = [
  // Leaves
  [{ interests: ['rugby', 'tennis'] }, { interests: 'rugby' }, true],
  [{ interests: ['rugby', 'tennis'] }, { interests: 'baseball' }, false],
  [{ interests: ['rugby'] }, { interests: ['rugby', 'baseball'] }, true],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: ['rugby', 'baseball'] }, true],
  [{ interests: [{ 'anything-but': ['rugby', 'tennis'] }] }, { interests: ['rugby'] }, false],
  [{ interests: [{ 'anything-but': 'x' }] }, { interests: null }, true],
  [{ interests: [{ 'anything-but': 'x' }] }, { interests: {} }, false],
  [{ interests: [{ 'equals-ignore-case': 'TENNIS' }] }, { interests: 'tennis' }, true],
  [{ interests: [{ prefix: 'bas' }] }, { interests: 'baseball' }, true],
  [{ interests: [{ suffix: 'ball' }] }, { interests: 'baseball' }, true],
  [{ type: [{ wildcard: '*_event' }] }, { type: 'click_event' }, true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.255' }, true],
  [{ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.1.1.0' }, false],
  [{ price: [{ numeric: ['=', 301.5] }] }, { price: 3.015e2 }, true],
  [{ price: [301.5] }, { price: 301.5 }, true],
  [{ price: [301.5] }, { price: '301.5' }, false],
  [{ price: [{ numeric: ['<', 0] }] }, { price: -1 }, true],
  [{ price: [{ numeric: ['>', 0, '<=', 150] }] }, { price: [151, 100] }, true],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: [100, 50] }, true],
  [{ price: [{ 'anything-but': [100, 500] }] }, { price: 100 }, false],
  [{ flag: [true] }, { flag: true }, true],
  [{ flag: [true] }, { flag: false }, false],
  [{ flag: [true] }, { flag: 'true' }, false],
  [{ flag: [false] }, { flag: false }, true],
  [{ flag: [false] }, { flag: 0 }, false],
  [{ flag: [null] }, { flag: null }, true],
  [{ flag: [null] }, { other: 1 }, false],
  [{ flag: [null] }, { flag: [] }, false],
  [{ flag: [''] }, { flag: '' }, true],
  // Exists looks at leaves.
  [{ store: [{ exists: true }] }, { store: 'fans' }, true],
  [{ store: [{ exists: true }] }, { other: 'fans' }, false],
  [{ store: [{ exists: true }] }, { store: null }, false],
  [{ store: [{ exists: true }] }, { store: '' }, false],
  [{ store: [{ exists: true }] }, { store: 0 }, true],
  [{ store: [{ exists: true }] }, { store: false }, true],
  [{ store: [{ exists: true }] }, { store: {} }, false],
  [{ store: [{ exists: true }] }, { store: { a: 1 } }, false],
  [{ store: [{ exists: true }] }, { store: [] }, false],
  [{ store: [{ exists: true }] }, { store: [null, 'a'] }, true],
  [{ store: [{ exists: false }] }, { other: 'fans' }, true],
  [{ store: [{ exists: false }] }, { store: 'fans' }, false],
  [{ store: [{ exists: false }] }, { store: null }, false],
  [{ store: [{ exists: false }] }, { store: { a: 1 } }, true],
  [{ store: [{ exists: false }] }, { store: [] }, true],
  [{ store: [{ exists: false }] }, {}, true],
  [{ a: { b: [{ exists: false }] } }, { a: [{ c: 1 }, { b: 1 }] }, false],
  [{ a: { b: [{ exists: false }], c: [1] } }, { a: [{ c: 1 }, { d: 1 }] }, true],
  [{ a: { b: [{ exists: false }] } }, { a: 'x' }, true],
  // Nested keys
  [{ a: { b: ['x'] } }, { a: { b: 'x' } }, true],
  [{ a: { b: ['x'] } }, { a: { b: 'y' } }, false],
  [{ a: { b: ['x'] } }, { a: 'x' }, false],
  [{ a: { b: ['x'] } }, { b: 'x' }, false],
  [{ a: ['x'] }, { a: { b: 'x' } }, false],
  [{ a: { b: { c: ['x'] }, d: ['y'] } }, { a: { b: { c: 'x' }, d: 'y' } }, true],
  [{ a: { b: { c: ['x'] }, d: ['y'] } }, { a: { b: { c: 'x' } } }, false],
  [{ o: { key: [{ prefix: 'auto-' }, 'h'], n: [{ exists: false }] } }, { o: { key: 'auto-1' } }, true],
  [{ o: { key: [{ prefix: 'auto-' }, 'h'], n: [{ exists: false }] } }, { o: { key: 'h' } }, true],
  [
    { o: { key: [{ prefix: 'auto-' }, 'h'], n: [{ exists: false }] } },
    { o: { key: 'auto-1', n: 'e' } },
    false,
  ],
  [{ o: { key: [{ prefix: 'auto-' }] }, t: [{ exists: false }] }, { o: { key: 'auto-1' }, t: 'e' }, false],
  // A point in a name is a level.
  [{ 'o.n': ['v'] }, { o: { n: 'v' } }, true],
  [{ 'o.n': ['v'] }, { 'o.n': 'v' }, true],
  [{ 'o.n': ['v'] }, { o: { n: 'w' } }, false],
  [{ o: { n: ['v'] } }, { 'o.n': 'v' }, true],
  [{ 'o.n.t': ['v'] }, { o: { n: { t: 'v' } } }, true],
  [{ 'o.n.t': ['v'] }, { 'o.n.t': 'v' }, true],
  [{ 'o.n.t': ['v'] }, { 'o.n': { t: 'v' } }, true],
  [{ 'o.n.t': ['v'] }, { o: { 'n.t': 'v' } }, true],
  [{ 'o.n.t': ['v'] }, { o: { n: { t: 'w' } } }, false],
  [{ 'o.n': ['v'] }, { 'o.n': 'w', o: { n: 'v' } }, true],
  [{ a: { b: [1], c: [2] } }, { 'a.b': 1, a: [{ c: 2 }] }, true],
  [{ '.a': ['v'] }, { '': { a: 'v' } }, true],
  [{ '': ['v'] }, { '': 'v' }, true],
  // Arrays
  [{ h: { to: ['q1'] } }, { h: { to: ['q3'] } }, false],
  [{ h: { to: ['q1'] } }, { h: { to: ['q1'] } }, true],
  [{ h: { to: ['q1'] } }, { h: { to: ['q1', 'q2'] } }, true],
  [{ r: { e: ['c'], k: ['a'] } }, { r: [{ e: 'c', k: 'a' }] }, true],
  [
    { r: { e: ['c'], k: ['a'] } },
    {
      r: [
        { e: 'c', k: 'a' },
        { e: 'd', k: 'h' },
      ],
    },
    true,
  ],
  [
    { r: { e: ['c'], k: ['a'] } },
    {
      r: [
        { e: 'd', k: 'h' },
        { e: 'c', k: 'a' },
      ],
    },
    true,
  ],
  [
    { r: { e: ['c'], k: ['a'] } },
    {
      r: [
        { e: 'c', k: 'h' },
        { e: 'd', k: 'a' },
      ],
    },
    false,
  ],
  [{ r: { e: ['c'], k: ['a'] } }, { r: [[{ e: 'c', k: 'a' }]] }, true],
  [{ r: { e: ['c'], k: ['a'] } }, { r: [[{ e: 'c' }, { k: 'a' }]] }, false],
  [{ r: { e: ['c'] }, s: { k: ['a'] } }, { r: [{ e: 'd' }, { e: 'c' }], s: [{ k: 'a' }, { k: 'b' }] }, true],
  [{ r: { e: { x: [1], y: [2] }, k: ['a'] } }, { r: [{ e: [{ x: 1 }, { y: 2 }], k: 'a' }] }, false],
  [{ r: { e: { x: [1], y: [2] }, k: ['a'] } }, { r: [{ e: [{ x: 0 }, { x: 1, y: 2 }], k: 'a' }] }, true],
  [
    { r: { e: { x: [1] }, k: ['a'] } },
    {
      r: [
        { e: [{ x: 1 }], k: 'b' },
        { e: [{ x: 0 }], k: 'a' },
      ],
    },
    false,
  ],
  [{ r: ['x'] }, { r: [['y', ['x']]] }, true],
  [{ r: ['x'] }, { r: [{ r: 'x' }] }, false],
  [{ r: [1], 'r.x': [2] }, { r: [1, { x: 2 }] }, true],
  [{ r: { k: ['a'] } }, { r: [] }, false],
  [
    { r: { s3: { object: { key: [{ prefix: 'auto-' }] } } } },
    { r: [{ s3: { object: [[{ key: 'auto-1' }]] } }] },
    true,
  ],
  // $or
  [{ $or: [{ m: ['c'] }, { n: ['e'] }], d: { s: ['S'] } }, { m: 'c', d: { s: 'S' } }, true],
  [{ $or: [{ m: ['c'] }, { n: ['e'] }], d: { s: ['S'] } }, { n: 'e', d: { s: 'S' } }, true],
  [{ $or: [{ m: ['c'] }, { n: ['e'] }], d: { s: ['S'] } }, { m: 'e', d: { s: 'S' } }, false],
  [{ d: { s: ['S'], $or: [{ a: ['1'] }, { b: ['2'] }] } }, { d: { s: 'S', b: '2' } }, true],
  [{ d: { s: ['S'], $or: [{ a: ['1'] }, { b: ['2'] }] } }, { d: { s: 'S' }, b: '2' }, false],
  [{ d: { $or: [{ a: ['1'] }, { b: { c: ['2'] } }] } }, { d: { b: { c: '2' } } }, true],
  [
    { $or: [{ a: ['1'] }, { b: ['2'] }], c: { $or: [{ d: ['3'] }, { e: ['4'] }] } },
    { b: '2', c: { d: '3' } },
    true,
  ],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }], c: { $or: [{ d: ['3'] }, { e: ['4'] }] } }, { b: '2', c: {} }, false],
  [{ $or: { a: ['1'] } }, { $or: { a: '1' } }, true],
  [{ $or: { a: ['1'], b: ['2'] } }, { $or: { a: '1' } }, false],
  // Names that objects of JavaScript have from the start
  [{ constructor: { name: ['Object'] } }, { a: 1 }, false],
  [{ toString: [{ exists: false }] }, { a: 1 }, true],
  [{ length: [1] }, { a: [1] }, false],
  // The empty policy
  [{}, { a: 1 }, true],
]

/** Bodies that are no JSON objects, or that `JSON.stringify` would not write. */
const byText: readonly (readonly [policy: string, body: string, isDelivered: boolean])[] = [
  ['{"a":["x"]}', 'a plain text', false],
  ['{"a":["x"]}', '"a"', false],
  ['{"a":["x"]}', '["a","x"]', false],
  ['{"a":["x"]}', '[{"a":"x"}]', false],
  ['{"a":["x"]}', 'null', false],
  ['{"a":["x"]}', '', false],
  ['{"a":["x"]}', '{"a":"x"', false],
  ['{"a":["x"]}', '{"a":"x"} ', true],
  ['{"a":["x"]}', '{"a":"\\u0078"}', true],
  ['{"\\u0061":["x"]}', '{"a":"x"}', true],
  ['{"a":["x"]}', '{"a":"y","a":"x"}', true],
  ['{"a":["x"]}', '{"a":"x","a":"y"}', false],
  ['{"a":["y"],"a":["x"]}', '{"a":"x"}', true],
  ['{"a":[{"exists":false}]}', 'a plain text', false],
  ['{"a":[{"exists":false}]}', '{}', true],
  ['{}', 'a plain text', true],
  ['{"__proto__":["x"]}', '{"__proto__":"x"}', true],
  ['{"__proto__":["x"]}', '{"a":"x"}', false],
  ['{"__proto__":{"a":["x"]}}', '{"__proto__":{"a":"x"}}', true],
  ['{"a":["x"]}', '{"__proto__":{"a":"x"}}', false],
  ['{"a":[1e400]}', '{"a":1e400}', true],
  ['{"a":[{"numeric":[">",0]}]}', '{"a":1e400}', false],
]

test.each(byAttributes)('by attributes: %j and %j: %s', (policy, attributes, isDelivered) => {
  const message = new FilterMessage(toAttributes(attributes), '{"body": "is not looked at"}')
  expect(satisfiesPolicy(parseFilterPolicy(JSON.stringify(policy), 'MessageAttributes'), message)).toBe(
    isDelivered,
  )
})

test.each(byBody)('by body: %j and %j: %s', (policy, body, isDelivered) => {
  const message = new FilterMessage([], JSON.stringify(body))
  expect(satisfiesPolicy(parseFilterPolicy(JSON.stringify(policy), 'MessageBody'), message)).toBe(isDelivered)
})

test.each(byText)('by the body as it was sent: %s and %s: %s', (policy, body, isDelivered) => {
  const message = new FilterMessage([{ name: 'a', type: 'String', value: 'x' }], body)
  expect(satisfiesPolicy(parseFilterPolicy(policy, 'MessageBody'), message)).toBe(isDelivered)
})

test('there are two hundred and fifty cases and more', () => {
  expect(byAttributes.length + byBody.length + byText.length).toBeGreaterThanOrEqual(250)
})

function toAttributes(attributes: Attributes): readonly FilterAttribute[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === 'string') return { name, type: 'String', value }
    if (typeof value === 'number') return { name, type: 'Number', value: String(value) }
    if (value instanceof Uint8Array) return { name, type: 'Binary', value }
    if ('type' in value) return { name, type: value.type, value: value.value }
    return { name, type: 'String.Array', value: JSON.stringify(value) }
  })
}
