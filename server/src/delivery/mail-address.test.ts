import { expect, test } from 'vitest'
import { isMailAddress, parseSender } from './mail-address.ts'

test.each([
  ...['mill@example.org', 'a.b+c_d@mail.example.org', 'mill@localhost', "o'brien@example.org"],
  ...['müller@mühle.example', `${'x'.repeat(64)}@example.org`],
])('%s is a mail address', (text) => {
  expect(isMailAddress(text)).toBe(true)
})

test.each([
  ...[
    '',
    'mill',
    '@example.org',
    'mill@',
    'a@b@c',
    'mill@exa mple.org',
    'mill @example.org',
    'a..b@example.org',
  ],
  ...['.a@example.org', 'a.@example.org', 'mill@-example.org', 'mill@example.org.', 'mill@exam..ple'],
  ...[
    'a@example.org,b@example.org',
    'a@example.org;b@example.org',
    'Mill <mill@example.org>',
    '"a b"@example.org',
  ],
  ...[
    'mill@example.org\r\nbcc: b@example.org',
    'mill@example.org\n',
    'mi\u0000ll@example.org',
    'mi\u202ell@example.org',
  ],
  ...['mill@[127.0.0.1]', 'a(b)@example.org', `${'x'.repeat(65)}@example.org`, `mill@${'x'.repeat(256)}`],
])('%j is no mail address', (text) => {
  expect(isMailAddress(text)).toBe(false)
})

test.each([
  ['mill@example.org', { name: '', address: 'mill@example.org' }],
  ['Mill <mill@example.org>', { name: 'Mill', address: 'mill@example.org' }],
  ['"The Mill, Inc." <mill@example.org>', { name: 'The Mill, Inc.', address: 'mill@example.org' }],
  ['<mill@example.org>', { name: '', address: 'mill@example.org' }],
  ['Mill <mill>', undefined],
  ['Mill mill@example.org', undefined],
  ['Mill\r\nbcc: x <mill@example.org>', undefined],
  ['', undefined],
])('the sender %j is read as %j', (text, sender) => {
  expect(parseSender(text)).toEqual(sender)
})
