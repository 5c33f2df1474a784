import type { DataIdentifier } from './managed-identifier.ts'

/** A data protection policy, ready to be used. */
export interface ProtectionPolicy {
  readonly inbound: readonly Statement[]
  readonly outbound: readonly Statement[]
}

export interface Statement {
  readonly principals: readonly string[]
  readonly identifiers: readonly DataIdentifier[]
  readonly operation: ProtectionOperation
}

export type ProtectionOperation =
  | { readonly kind: 'deny' }
  | { readonly kind: 'mask'; readonly character: string }
  | { readonly kind: 'redact' }
  | {
      readonly kind: 'audit'
      /** Of a hundred messages. */
      readonly sampleRate: number
      readonly reportsFindings: boolean
      readonly reportsNoFindings: boolean
    }
