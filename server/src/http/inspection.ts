import { Buffer } from 'node:buffer'
import { ServiceError } from '../api/service-error.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { MissingAuthenticationToken } from '../auth/errors.ts'
import type { Clock } from '../base/time.ts'
import { keptResponse } from '../protocol/kept-response.ts'
import type { Dispatcher, WireRequest, WireResponse } from '../protocol/wire.ts'
import { xmlAsJson } from '../protocol/xml-as-json.ts'
import { AwsHandler } from './aws-handler.ts'
import type { HttpRequest, Route, Routes } from './request-handler.ts'

/** LocalStack's path, so that tests which look into queues there do so here. */
const PATH = '/_aws/sqs/messages'

export interface InspectionOptions {
  /** Knows ReceiveMessage alone, as one that shows messages and receives none. */
  readonly dispatcher: Dispatcher
  readonly authenticator: Authenticator
  readonly clock: Clock
}

/**
 * Shows what queues hold, as LocalStack does: `/_aws/sqs/messages?QueueUrl=URL` and `/_aws/sqs/messages/REGION/ACCOUNT/NAME`,
 * by GET and POST, in XML or, with `Accept: application/json`, the same in JSON. An AWS client whose endpoint is this path
 * may call ReceiveMessage.
 */
export function inspectionRoutes({ dispatcher, authenticator, clock }: InspectionOptions): Routes {
  const handler = new AwsHandler(dispatcher, explaining(authenticator), clock, asReceiveMessage)
  const route: Route = async (request) => {
    if (request.method !== 'GET' && request.method !== 'POST') {
      return { status: 405, headers: { allow: 'GET, POST' }, body: '' }
    }
    return inAcceptedForm(request, await keptResponse((sink) => handler.handle(request, sink)))
  }
  return { [PATH]: route, [`${PATH}/`]: route }
}

/** LocalStack's clients sign nothing: who meets a server that insists is to know why. */
function explaining(authenticator: Authenticator): Authenticator {
  return {
    authenticate(request, service, now) {
      try {
        return authenticator.authenticate(request, service, now)
      } catch (error) {
        if (!(error instanceof ServiceError) || error.shape !== MissingAuthenticationToken) throw error
        throw new ServiceError(
          MissingAuthenticationToken,
          'Request is missing Authentication Token. Sign it for the service "sqs", look with `millrace peek`, or start ' +
            'the server with --auth off.',
        )
      }
    },
  }
}

/** The Query or JSON call that a request to this endpoint stands for. */
function asReceiveMessage(request: HttpRequest): WireRequest {
  const { method, headers, body } = request
  const named = queueIn(request.path)
  if (headers.get('x-amz-target') !== undefined)
    return { method, headers, body, path: '/', query: request.query }
  const hasAction = HAS_ACTION.test(request.query) || (isForm(headers) && HAS_ACTION.test(textOf(body)))
  const parts = [hasAction ? '' : 'Action=ReceiveMessage', named, request.query]
  return { method, headers, body, path: '/', query: parts.filter((part) => part !== '').join('&') }
}

const HAS_ACTION = /(?:^|&)Action=/

function isForm(headers: WireRequest['headers']): boolean {
  return (headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded')
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
}

/** The queue that a path below ours names, as parameters; empty if it names none. */
function queueIn(path: string): string {
  const segments = path.slice(PATH.length + 1).split('/')
  const [region = '', account, name, ...more] = segments.map(decoded)
  if (region === '' && account === undefined) return ''
  const isQueue = account !== undefined && name !== undefined && more.length === 0
  // What names no queue is refused as the address that it is not.
  const url = isQueue ? `http://localhost/${account}/${name}` : path
  return `QueueUrl=${encodeURIComponent(url)}&Region=${encodeURIComponent(region)}`
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function inAcceptedForm(request: HttpRequest, response: WireResponse): WireResponse {
  const wantsJson = (request.headers.get('accept') ?? '').includes('application/json')
  if (!wantsJson || response.headers['content-type'] !== 'text/xml' || typeof response.body !== 'string') {
    return response
  }
  return {
    ...response,
    headers: { ...response.headers, 'content-type': 'application/json' },
    body: JSON.stringify(xmlAsJson(response.body)),
  }
}
