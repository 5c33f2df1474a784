import type { Scope } from '../../../core/scope.ts'
import type { PhoneNumberAddress, SmsAttributes } from '../sms-commands.ts'

/** What can happen to what accounts say of text messages; the kinds are some of `EVENT`, see events.ts. */
export const SMS_EVENT = {
  smsAttributesChanged: 0x0240,
  phoneNumberOptedOut: 0x0241,
  phoneNumberOptedIn: 0x0242,
  sandboxNumberAdded: 0x0243,
  sandboxCodeRenewed: 0x0244,
  sandboxGuessFailed: 0x0245,
  sandboxNumberVerified: 0x0246,
  sandboxNumberDeleted: 0x0247,
  smsForgotten: 0x0248,
} as const

/** All that an account has set, as it is from now on. */
export interface SmsAttributesChanged {
  readonly kind: typeof SMS_EVENT.smsAttributesChanged
  readonly scope: Scope
  readonly attributes: SmsAttributes
}

export interface PhoneNumberOptedOut {
  readonly kind: typeof SMS_EVENT.phoneNumberOptedOut
  /** Never used before. */
  readonly number: number
  readonly address: PhoneNumberAddress
}

export interface PhoneNumberOptedIn {
  readonly kind: typeof SMS_EVENT.phoneNumberOptedIn
  readonly number: number
}

export interface SandboxNumberAdded {
  readonly kind: typeof SMS_EVENT.sandboxNumberAdded
  /** Never used before. */
  readonly number: number
  readonly address: PhoneNumberAddress
  readonly code: string
}

/** A number that waits to be verified was added again: it has another code, and its time begins anew. */
export interface SandboxCodeRenewed {
  readonly kind: typeof SMS_EVENT.sandboxCodeRenewed
  readonly number: number
  readonly code: string
}

/** Somebody named a code that isn't the number's. */
export interface SandboxGuessFailed {
  readonly kind: typeof SMS_EVENT.sandboxGuessFailed
  readonly number: number
}

export interface SandboxNumberVerified {
  readonly kind: typeof SMS_EVENT.sandboxNumberVerified
  readonly number: number
}

export interface SandboxNumberDeleted {
  readonly kind: typeof SMS_EVENT.sandboxNumberDeleted
  readonly number: number
}

/** Nothing is known any more, of any account. Numbers are not given again. */
export interface SmsForgotten {
  readonly kind: typeof SMS_EVENT.smsForgotten
}

export type SmsEvent =
  | SmsAttributesChanged
  | PhoneNumberOptedOut
  | PhoneNumberOptedIn
  | SandboxNumberAdded
  | SandboxCodeRenewed
  | SandboxGuessFailed
  | SandboxNumberVerified
  | SandboxNumberDeleted
  | SmsForgotten
