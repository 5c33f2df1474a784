/**
 * Why a text is no policy of its kind. `text` is AWS's, of IAM; services that have words of their own for their policies go by `kind`.
 *
 * `size`, `statements` and `wildcards`: over a limit. `json`: no JSON, or a name twice, or too deep. `syntax`: not the grammar. `version`, `sid`, `action`, `resource`,
 * `principal`: that element. `service`: an action of another service.
 */
export interface PolicyFault {
  readonly kind:
    | 'size'
    | 'statements'
    | 'wildcards'
    | 'json'
    | 'syntax'
    | 'version'
    | 'sid'
    | 'action'
    | 'resource'
    | 'principal'
    | 'service'
  readonly text: string
}

/** Ends the reading of a policy; `readPolicy` returns what it holds. */
export class PolicyRefused extends Error {
  override readonly name = 'PolicyRefused'
  readonly fault: PolicyFault

  constructor(kind: PolicyFault['kind'], text: string) {
    super(text)
    this.fault = { kind, text }
  }
}
