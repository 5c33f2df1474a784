import { ServiceError } from '../../api/service-error.ts'
import { isWithin } from '../../base/range.ts'
import { InvalidParameter } from './errors.ts'
import { SAMPLE_PERCENT } from './limits.ts'
import type { SmsAttributes } from './sms-commands.ts'
import type { Attributes } from './topic-attributes.ts'

/** What an account says of its text messages, with the form that AWS describes. An empty value takes an attribute away. */
const FORMS: Readonly<Record<string, (value: string) => boolean>> = {
  DefaultSMSType: isSmsType,
  DefaultSenderID: isSenderId,
  DeliveryStatusIAMRole: (value) => /^arn:aws:iam::\d{12}:role\/\S{1,512}$/.test(value),
  DeliveryStatusSuccessSamplingRate: (value) =>
    /^\d{1,3}$/.test(value) && isWithin(Number(value), SAMPLE_PERCENT),
  MonthlySpendLimit: (value) => /^\d{1,9}(?:\.\d{1,9})?$/.test(value),
  UsageReportS3Bucket: (value) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value),
}

/** What an account has that set nothing; the rest is empty, and not shown. */
const DEFAULTS: SmsAttributes = { MonthlySpendLimit: '1' }

export type SmsType = 'Promotional' | 'Transactional'

/** What holds for a text message that doesn't say it of itself. */
export interface SmsDefaults {
  /** Empty where the gateway's setting is to choose. */
  readonly senderId: string
  readonly type: SmsType
}

/** The settings that SetSMSAttributes names, checked. */
export function parseSmsAttributes(attributes: Attributes): SmsAttributes {
  for (const [name, value] of Object.entries(attributes)) {
    const isSound = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined
    if (isSound === undefined) throw invalid(`${name} is not a valid attribute`)
    if (value !== '' && !isSound(value)) throw invalid(`${name} is invalid`)
  }
  return attributes
}

/** As GetSMSAttributes returns them: all, or those that are named. */
export function renderSmsAttributes(set: SmsAttributes, names: readonly string[]): Attributes {
  const all = Object.entries({ ...DEFAULTS, ...set })
  return Object.fromEntries(names.length === 0 ? all : all.filter(([name]) => names.includes(name)))
}

export function smsDefaultsOf({ DefaultSenderID, DefaultSMSType }: SmsAttributes): SmsDefaults {
  return { senderId: DefaultSenderID ?? '', type: isSmsType(DefaultSMSType) ? DefaultSMSType : 'Promotional' }
}

/** 1 to 11 letters and digits, one letter at least. */
export function isSenderId(text: string): boolean {
  return /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(text)
}

export function isSmsType(text: string | undefined): text is SmsType {
  return text === 'Promotional' || text === 'Transactional'
}

const invalid = (text: string) => new ServiceError(InvalidParameter, text)
