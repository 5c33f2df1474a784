import type { ResponseSink, WireResponse } from '../protocol/wire.ts'
import type { ConsoleFiles } from './console-files.ts'
import type { HttpRequest, RequestHandler, Routes } from './request-handler.ts'

/** Where the web console stands; what belongs to it is named relative to this. */
const PATH = '/_millrace/console/'

/**
 * What a page of the console may do: run and show what this server sent, and call this server. No script, style or frame of
 * anybody else's, none within the page, and text becomes markup nowhere but in the templates of lit-html, which are part of
 * our scripts.
 */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ...["require-trusted-types-for 'script'", 'trusted-types lit-html'],
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // Of another version after an upgrade; a browser asks each time.
  'cache-control': 'no-cache',
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
}

export interface ConsoleOptions {
  readonly files: ConsoleFiles
  /** Whether requests must be signed, which the console has to know before its first one. */
  readonly auth: boolean
}

/** The console's files, for anybody: they hold nothing that a clone of the project hasn't. What it shows, it asks for. */
export function consoleRoutes({ files, auth }: ConsoleOptions): Routes {
  const serverJson = `${JSON.stringify({ auth })}\n`
  return {
    [PATH.slice(0, -1)]: (request) => ofReading(request, redirect()),
    [PATH]: (request) => {
      const name = request.path.slice(PATH.length) || 'index.html'
      if (name === 'server.json') return ofReading(request, answer(200, 'application/json', serverJson))
      const content = files.get(name)
      if (content !== undefined) return ofReading(request, answer(200, typeOf(name), content))
      const reason = files.size === 0 ? 'The console was not built: npm run build' : 'No such file'
      return answer(404, 'text/plain; charset=utf-8', `${reason}\n`)
    },
  }
}

/** Sends a browser that was pointed at the server's bare address to the console; all else is for `handler`. */
export class BrowserRedirect implements RequestHandler {
  readonly #handler: RequestHandler

  constructor(handler: RequestHandler) {
    this.#handler = handler
  }

  handle(request: HttpRequest, sink: ResponseSink): void {
    if (isBrowserAtRoot(request)) sink.take(redirect())
    else this.#handler.handle(request, sink)
  }

  refuse(request: HttpRequest, error: Error): WireResponse {
    return this.#handler.refuse(request, error)
  }
}

/** AWS clients have a query string, a body or a signature there, and none of them asks for HTML. */
function isBrowserAtRoot({ method, path, query, headers }: HttpRequest): boolean {
  if (method !== 'GET' || path !== '/' || query !== '') return false
  return (headers.get('accept') ?? '').includes('text/html') && headers.get('authorization') === undefined
}

function redirect(): WireResponse {
  return { status: 302, headers: { ...HEADERS, location: PATH, vary: 'accept' }, body: '' }
}

function ofReading({ method }: HttpRequest, response: WireResponse): WireResponse {
  if (method === 'GET' || method === 'HEAD') return response
  return { status: 405, headers: { allow: 'GET, HEAD' }, body: '' }
}

function answer(status: number, contentType: string, body: Uint8Array | string): WireResponse {
  return { status, headers: { ...HEADERS, 'content-type': contentType }, body }
}

function typeOf(name: string): string {
  return TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}
