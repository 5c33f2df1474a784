import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keptResponse } from '../protocol/kept-response.ts'
import type { WireResponse } from '../protocol/wire.ts'
import { BrowserRedirect, consoleRoutes } from './console.ts'
import { readConsoleFiles } from './console-files.ts'
import { HeaderFields } from './header-fields.ts'
import type { HttpRequest } from './request-handler.ts'
import { RouteTable } from './route-table.ts'

const FILES = new Map(
  Object.entries({ 'index.html': '<!doctype html>', 'app/main.js': 'start()', 'console.css': 'a {}' }).map(
    ([name, text]) => [name, Buffer.from(text)],
  ),
)

function request(path: string, { method = 'GET', query = '', headers = {} } = {}): HttpRequest {
  return {
    ...{ method, path, query, body: new Uint8Array(0), requestId: 'request-1' },
    ...{ endpoint: 'http://localhost', isSecure: false, address: '127.0.0.1' },
    headers: new HeaderFields(Object.keys(headers), Object.values(headers)),
    connection: { closed: false, onClose: () => () => {} },
    subject: { operation: undefined, accountId: undefined },
  }
}

async function get(path: string, options = {}, files = FILES): Promise<WireResponse | undefined> {
  const asked = request(path, options)
  return new RouteTable(consoleRoutes({ files, auth: true })).find(path)?.(asked)
}

describe('files', () => {
  test.each([
    ['', 'text/html; charset=utf-8', '<!doctype html>'],
    ['index.html', 'text/html; charset=utf-8', '<!doctype html>'],
    ['app/main.js', 'text/javascript; charset=utf-8', 'start()'],
    ['console.css', 'text/css; charset=utf-8', 'a {}'],
  ])('%j is answered as %s', async (name, type, text) => {
    const answer = await get(`/_millrace/console/${name}`)
    expect(answer?.status).toBe(200)
    expect(answer?.headers['content-type']).toBe(type)
    expect(Buffer.from((answer?.body ?? '') as Uint8Array).toString()).toBe(text)
  })

  test('every answer forbids foreign and inline script, frames around it, and guesses at its type', async () => {
    for (const path of ['', 'app/main.js', 'server.json', 'missing.js', '..%2f..%2fmain.js']) {
      const headers = (await get(`/_millrace/console/${path}`))?.headers ?? {}
      const policy = headers['content-security-policy']
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("require-trusted-types-for 'script'; trusted-types lit-html")
      expect(policy).not.toContain('unsafe')
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })

  test('a name that is no file of it is not found, whatever it looks like', async () => {
    for (const name of [
      'missing.js',
      '../main.js',
      '..%2fmain.js',
      '/etc/passwd',
      'app',
      'app/',
      '__proto__',
    ]) {
      expect(await get(`/_millrace/console/${name}`)).toMatchObject({ status: 404, body: 'No such file\n' })
    }
  })

  test('where nothing was built it says so', async () => {
    const answer = await get('/_millrace/console/', {}, new Map())
    expect(answer).toMatchObject({ status: 404, body: 'The console was not built: npm run build\n' })
  })

  test('it is told whether requests must be signed, and nothing else', async () => {
    expect((await get('/_millrace/console/server.json'))?.body).toBe('{"auth":true}\n')
  })

  test('it is only read', async () => {
    for (const path of ['/_millrace/console', '/_millrace/console/', '/_millrace/console/server.json']) {
      expect(await get(path, { method: 'POST' })).toMatchObject({ status: 405 })
    }
  })

  test('they are read from a directory with all that is below it', () => {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-console-'))
    try {
      mkdirSync(join(directory, 'a/b'), { recursive: true })
      writeFileSync(join(directory, 'index.html'), 'top')
      writeFileSync(join(directory, 'a/b/c.js'), 'deep')
      const files = readConsoleFiles(directory)
      expect([...files].map(([name, content]) => [name, Buffer.from(content).toString()]).sort()).toEqual([
        ['a/b/c.js', 'deep'],
        ['index.html', 'top'],
      ])
      expect(readConsoleFiles(join(directory, 'missing')).size).toBe(0)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

describe('the bare address', () => {
  const handled: WireResponse = { status: 200, headers: {}, body: 'AWS' }
  const handler = new BrowserRedirect({
    handle: (_, sink) => sink.take(handled),
    refuse: () => ({ ...handled, status: 413 }),
  })
  const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  test('sends a browser to the console', async () => {
    const answer = await keptResponse((sink) => handler.handle(request('/', { headers: html }), sink))
    expect(answer).toMatchObject({
      status: 302,
      headers: { location: '/_millrace/console/', vary: 'accept' },
    })
    expect(await get('/_millrace/console')).toMatchObject({ headers: { location: '/_millrace/console/' } })
  })

  test.each([
    ['asks for no HTML', request('/', { headers: { accept: '*/*' } })],
    ['accepts nothing by name', request('/')],
    ['has a query', request('/', { query: 'Action=ListQueues', headers: html })],
    ['is signed', request('/', { headers: { ...html, authorization: 'AWS4-HMAC-SHA256 …' } })],
    ['is posted', request('/', { method: 'POST', headers: html })],
    ['names a queue', request('/000000000000/orders', { headers: html })],
  ])('leaves alone what %s', async (_, asked) => {
    expect(await keptResponse((sink) => handler.handle(asked, sink))).toBe(handled)
  })

  test('leaves refusals to the protocols', () => {
    expect(handler.refuse(request('/', { headers: html }), new Error('too long'))).toMatchObject({
      status: 413,
    })
  })
})
