import { describe, expect, test } from 'vitest'
import { HeaderFields } from './header-fields.ts'
import { WebPages } from './web-pages.ts'

const ALLOWED = 'https://app.example.com'

const pages = (isOpen = true, host = '127.0.0.1') =>
  new WebPages({ isOpen, allowedOrigins: [ALLOWED, 'chrome-extension://abcdef'], host })

interface Asked {
  readonly method?: string
  readonly host?: string
  readonly path?: string
  readonly query?: string
  readonly isRoute?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** Whether a server without authentication answers the request. */
function isAnswered(asked: Asked, webPages = pages()): boolean {
  const { method = 'POST', host = 'localhost:4566', path = '/', query = '', isRoute = false } = asked
  const headers = fields(asked.headers ?? {})
  const request = { method, path, query, headers, endpoint: `http://${host}` }
  return webPages.refusalOf(request, () => isRoute) === undefined
}

const fields = (headers: Readonly<Record<string, string>>) =>
  new HeaderFields(Object.keys(headers), Object.values(headers))

const fromOrigin = (origin: string, host?: string) =>
  isAnswered({ headers: { origin }, ...(host && { host }) })

describe('what names an origin', () => {
  test("is answered if that is the server's own, at an address or a name that nobody can register", () => {
    const hosts = [
      ...['localhost:4566', '127.0.0.1:4566', '[::1]:4566', '192.168.1.7:4566', 'localhost'],
      ...[
        'millrace:4566',
        'box.local:4566',
        'sqs.localhost:4566',
        'millrace.corp.internal',
        'a.test',
        'x.home.arpa',
      ],
    ]
    for (const host of hosts) expect(fromOrigin(`http://${host}`, host), host).toBe(true)
  })

  test('is refused if that is another, however like it', () => {
    const others = [
      ...['http://evil.example', 'http://localhost:3000', 'http://localhost', 'https://localhost:4566'],
      ...['http://127.0.0.1:4566', 'http://localhost:4566.evil.example', 'http://LOCALHOST:4566', 'null', ''],
    ]
    for (const origin of others) expect(fromOrigin(origin), origin).toBe(false)
    expect(isAnswered({ headers: { origin: 'http://localhost:3000' }, isRoute: true })).toBe(false)
    expect(isAnswered({ headers: { origin: 'http://localhost:3000' }, method: 'GET' })).toBe(false)
  })

  test('is refused at a name that anybody could have registered and made to point here', () => {
    for (const host of [
      'evil.example.com:4566',
      'localhost.localstack.cloud:4566',
      'evil.com.',
      'notlocal',
    ]) {
      expect(fromOrigin(`http://${host}`, host), host).toBe(host === 'notlocal')
    }
    expect(fromOrigin('http://evil.localhost.com', 'evil.localhost.com')).toBe(false)
    expect(fromOrigin('http://evillocal.com', 'evillocal.com')).toBe(false)
    expect(fromOrigin('http://1.2.3.4.nip.io', '1.2.3.4.nip.io')).toBe(false)
  })

  test('is answered where a setting names it, or the name that is called', () => {
    expect(fromOrigin(ALLOWED)).toBe(true)
    expect(fromOrigin('chrome-extension://abcdef')).toBe(true)
    expect(fromOrigin('http://app.example.com:4566', 'app.example.com:4566')).toBe(true)
    const asked = { host: 'mill.example.com', headers: { origin: 'http://mill.example.com' } }
    expect(isAnswered(asked)).toBe(false)
    expect(isAnswered(asked, pages(true, 'mill.example.com'))).toBe(true)
  })
})

describe('what names none', () => {
  test('is no browser, if it is no GET: a service is called by whatever name', () => {
    for (const host of [
      'millrace:4566',
      'sqs.us-east-1.localhost.localstack.cloud:4566',
      'queue.example.com',
    ])
      expect(isAnswered({ host }), host).toBe(true)
  })

  test('is answered at a host of ours, signed or not, and refused at any other', () => {
    const get = { method: 'GET', query: 'Action=ListQueues' }
    expect(isAnswered(get)).toBe(true)
    expect(isAnswered({ ...get, host: 'millrace:4566' })).toBe(true)
    // A stranger's page whose name points here may send all that is not a browser's alone.
    const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=...', 'user-agent': 'aws-cli/2' }
    expect(isAnswered({ ...get, host: 'evil.example.com:4566', headers })).toBe(false)
    expect(isAnswered({ method: 'GET', host: 'evil.example.com', isRoute: true })).toBe(false)
    expect(isAnswered({ method: 'HEAD', host: 'evil.example.com' })).toBe(false)
    const health = { method: 'GET', host: 'mill.example.com', path: '/health/ready' }
    expect(isAnswered({ ...health, isRoute: true })).toBe(true)
    expect(isAnswered({ ...health, path: '/health/', query: 'Action=ReceiveMessage' })).toBe(false)
  })

  test('is refused if a browser says that a page of another site asks', () => {
    const asked = (site: string, more = {}) => ({
      method: 'GET',
      query: 'Action=DeleteQueue',
      headers: { 'sec-fetch-site': site, ...more },
    })
    for (const site of ['cross-site', 'same-site', '']) {
      expect(isAnswered(asked(site)), site).toBe(false)
      expect(isAnswered({ ...asked(site), isRoute: true }), site).toBe(false)
    }
    for (const site of ['same-origin', 'none']) expect(isAnswered(asked(site)), site).toBe(true)
  })

  test('is answered if it follows a link to a page of ours, and refused if to an operation', () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect(isAnswered({ method: 'GET', headers })).toBe(true)
    expect(isAnswered({ method: 'GET', query: 'QueueUrl=q', isRoute: true, headers })).toBe(true)
    expect(isAnswered({ method: 'GET', query: 'Action=PurgeQueue', headers })).toBe(false)
    expect(isAnswered({ method: 'GET', headers: { ...headers, 'sec-fetch-dest': 'iframe' } })).toBe(false)
  })

  test('is refused as an operation of a browser that does not say where it comes from', () => {
    const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' }
    const host = '192.168.1.7:4566'
    expect(isAnswered({ method: 'GET', host, query: 'Action=PurgeQueue', headers })).toBe(false)
    expect(isAnswered({ method: 'GET', host, headers })).toBe(true)
    expect(isAnswered({ method: 'GET', host, query: 'QueueUrl=q', isRoute: true, headers })).toBe(true)
    expect(isAnswered({ method: 'GET', host, query: 'Action=X', headers: { 'user-agent': 'curl/8' } })).toBe(
      true,
    )
  })
})

test('where requests are signed nothing is refused', () => {
  const headers = { origin: 'http://evil.example' }
  expect(isAnswered({ headers }, pages(false))).toBe(true)
  expect(isAnswered({ method: 'GET', host: 'evil.example.com' }, pages(false))).toBe(true)
})

describe.each([true, false])('pages of an allowed origin, where requests need no signature: %s', (isOpen) => {
  const preflight = (headers: Record<string, string>) => pages(isOpen).preflight(fields(headers))
  const asked = { origin: ALLOWED, 'access-control-request-method': 'POST' }

  test('are told before that they may send what they want to', () => {
    const wanted = 'content-type,x-amz-target,authorization'
    expect(preflight({ ...asked, 'access-control-request-headers': wanted })).toEqual({
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': wanted,
      'access-control-max-age': '600',
    })
    expect(preflight({ ...asked, 'access-control-request-private-network': 'true' })).toMatchObject({
      'access-control-allow-private-network': 'true',
    })
  })

  test('and others are told nothing', () => {
    expect(preflight({ ...asked, origin: 'https://evil.example' })).toBeUndefined()
    expect(preflight({ 'access-control-request-method': 'POST' })).toBeUndefined()
    expect(preflight({ origin: ALLOWED })).toBeUndefined()
  })

  test('may read the answers', () => {
    const added = (headers: Record<string, string>) => {
      const list: string[] = []
      pages(isOpen).addFields(fields(headers), list)
      return list
    }
    expect(added({ origin: ALLOWED })).toEqual([
      ...['vary', 'origin', 'access-control-allow-origin', ALLOWED],
      ...['access-control-expose-headers', 'x-amzn-requestid, x-amzn-query-error, date'],
    ])
    expect(added({ origin: 'https://evil.example' })).toEqual(['vary', 'origin'])
    expect(added({})).toEqual(['vary', 'origin'])
  })
})

test('a server that allows no origin says nothing of origins', () => {
  const list: string[] = []
  new WebPages({ isOpen: true, allowedOrigins: [], host: '::1' }).addFields(fields({ origin: ALLOWED }), list)
  expect(list).toEqual([])
})
