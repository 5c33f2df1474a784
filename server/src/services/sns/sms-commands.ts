import type { Scope } from '../../core/scope.ts'

/** Where something about one phone number is known: the name is the number. */
export interface PhoneNumberAddress extends Scope {
  /** In E.164 form. */
  readonly name: string
}

/** The account's settings for text messages, by their names on the wire; what was never set isn't there. */
export type SmsAttributes = Readonly<Record<string, string>>

export interface SandboxNumber {
  readonly phoneNumber: string
  readonly isVerified: boolean
}

/** A text message for one number, on its way to the gateway. */
export interface TextToPublish {
  /** Position in the command's `bodies`: as `published-message.ts` writes it. */
  readonly body: number
}

/** What the operations for text messages ask of the cell: see `SnsCommands`. */
export interface SmsCommands {
  getSmsAttributes: Scope
  /** An empty value takes the attribute away. */
  setSmsAttributes: Scope & { readonly attributes: SmsAttributes }
  getPhoneNumber: PhoneNumberAddress
  listOptedOut: Scope & { readonly after: string; readonly limit: number }
  /** One that is opted in, or out, stays so. */
  optIn: PhoneNumberAddress
  optOut: PhoneNumberAddress
  /** Sends a code to a number, so that whoever has it may show that. */
  addSandboxNumber: PhoneNumberAddress & {
    readonly code: string
    /** What tells the code. */
    readonly message: TextToPublish
    readonly bodies: readonly Uint8Array[]
  }
  verifySandboxNumber: PhoneNumberAddress & { readonly code: string }
  deleteSandboxNumber: PhoneNumberAddress
  listSandboxNumbers: Scope & { readonly after: string; readonly limit: number }
  publishText: PhoneNumberAddress & {
    readonly message: TextToPublish
    readonly bodies: readonly Uint8Array[]
  }
}

export interface SmsReplies {
  getSmsAttributes: SmsAttributes
  setSmsAttributes: null
  getPhoneNumber: { readonly isOptedOut: boolean }
  listOptedOut: { readonly names: readonly string[]; readonly next: string | null }
  optIn: null
  optOut: null
  addSandboxNumber: null
  /** A wrong code counts, so that it can't be a refusal. */
  verifySandboxNumber: 'verified' | 'wrong code'
  deleteSandboxNumber: null
  listSandboxNumbers: { readonly numbers: readonly SandboxNumber[]; readonly next: string | null }
  publishText: null
}
