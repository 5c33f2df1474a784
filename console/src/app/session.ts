import { Answer } from '../api/answer.ts'
import type { Key } from '../api/signature.ts'

/** Who is signed in, where. With authentication off the access key id is the account. */
export interface Session {
  readonly key: Key
  readonly region: string
}

/** Kept by the browser for this tab alone, until it's closed. */
const NAME = 'millrace.session'

export function storedSession(): Session | null {
  const stored = parse(sessionStorage.getItem(NAME))
  const [accessKeyId, secretAccessKey, region] = ['accessKeyId', 'secretAccessKey', 'region'].map((name) =>
    stored.text(name),
  )
  if (!accessKeyId || !secretAccessKey || !region) return null
  return { key: { accessKeyId, secretAccessKey }, region }
}

export function storeSession({ key, region }: Session): void {
  sessionStorage.setItem(NAME, JSON.stringify({ ...key, region }))
}

export function forgetSession(): void {
  sessionStorage.removeItem(NAME)
}

function parse(text: string | null): Answer {
  try {
    return new Answer(JSON.parse(text ?? '{}'))
  } catch {
    return new Answer({})
  }
}
