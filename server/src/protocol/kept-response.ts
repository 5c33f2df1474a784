import type { ResponseSink, WireResponse } from './wire.ts'

/** The response that `ask` brings about, for whoever has no use for it at once: its body is its own. */
export function keptResponse(ask: (sink: ResponseSink) => void): Promise<WireResponse> {
  return new Promise((resolve) => ask({ take: (response) => resolve(keep(response)) }))
}

function keep(response: WireResponse): WireResponse {
  const { body, isLent = false } = response
  return isLent && body instanceof Uint8Array ? { ...response, body: body.slice(), isLent: false } : response
}
