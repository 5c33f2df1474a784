import { html, nothing, type TemplateResult } from 'lit-html'
import { ApiError } from '../api/api.ts'
import { plainText } from '../text/plain-text.ts'

/** What went wrong, for a person: AWS's code and words where it was a refusal. */
export function describeFailure(error: unknown): string {
  if (error instanceof ApiError) return `${error.code}: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}

/** A failure in its place; nothing where there is none. */
export function failureView(error: unknown): TemplateResult | typeof nothing {
  if (error === null || error === undefined) return nothing
  if (!(error instanceof ApiError)) {
    return html`<p class="failure" role="alert">${plainText(describeFailure(error))}</p>`
  }
  return html`<p class="failure" role="alert"><strong>${error.code}</strong> ${plainText(error.message)}</p>`
}
