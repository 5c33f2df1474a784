import { expect, test } from 'vitest'
import { httpEndpointProblem, maskCredentials } from './http-endpoint.ts'

const problemOf = (endpoint: string, allowPrivate = false) =>
  httpEndpointProblem(endpoint, endpoint.startsWith('https') ? 'https' : 'http', allowPrivate)

test.each([
  ...['http://example.org', 'https://example.org:8443/a?b=c', 'http://8.8.8.8/', 'https://[2606:4700::1]/'],
  ...['https://user:pass%40word@example.org/', 'https://localhost.example.org/'],
])('%s can be an endpoint', (endpoint) => {
  expect(problemOf(endpoint)).toBeUndefined()
})

test.each([
  ...['http://127.0.0.1:9000/', 'http://localhost/', 'http://LOCALHOST./', 'http://mill.localhost/'],
  ...['http://0x7f000001/', 'http://2130706433/', 'http://0177.1/', 'http://127.1/', 'http://0/'],
  ...['http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[64:ff9b::7f00:1]/', 'http://10.1.2.3/'],
  ...['http://169.254.169.254/latest/meta-data/', 'https://user@192.168.0.1/', 'http://１２７.0.0.1/'],
])('%s is on no public address', (endpoint) => {
  expect(problemOf(endpoint)).toMatch(/^not a public address/)
  expect(problemOf(endpoint, true)).toBeUndefined()
})

test.each([
  'http://',
  'http://exa mple.org/',
  'http://[::1',
  'http://u%zz@example.org/',
  'http://example.org:99999/',
])('%s is no URL', (endpoint) => {
  expect(problemOf(endpoint)).toBe('not a valid URL')
})

test('an endpoint is of the protocol that it is subscribed with', () => {
  const problem = 'Endpoint must match the specified protocol'
  expect(httpEndpointProblem('https://example.org', 'http', true)).toBe(problem)
  expect(httpEndpointProblem('http://example.org', 'https', true)).toBe(problem)
  expect(httpEndpointProblem('ftp://example.org', 'http', true)).toBe(problem)
  expect(httpEndpointProblem('example.org', 'http', true)).toBe(problem)
})

test('an endpoint has a limit', () => {
  expect(problemOf(`http://example.org/${'x'.repeat(2_048)}`)).toBe('longer than 2048 characters')
})

test.each([
  ['https://user:secret@example.org/a@b', 'https://****@example.org/a@b'],
  ['https://user@example.org', 'https://****@example.org'],
  ['http://a@b:secret@example.org?x=@', 'http://****@example.org?x=@'],
  ['https://example.org/@', 'https://example.org/@'],
])('%s is shown without credentials', (endpoint, shown) => {
  expect(maskCredentials(endpoint)).toBe(shown)
})
