import { ServiceError } from '../../../api/service-error.ts'
import type { Step } from '../../../core/service-state.ts'
import type { SnsCommand, SnsReplies } from '../commands.ts'
import { invalidParameter, OptedOut, ResourceNotFound, UserError } from '../errors.ts'
import { encodeDirectOrigin } from '../landing-origin.ts'
import { SANDBOX_NUMBER_KEPT_MS, SANDBOX_NUMBERS_MAX } from '../limits.ts'
import { stamp } from '../published-message.ts'
import type { PhoneNumberAddress, SmsCommands } from '../sms-commands.ts'
import { directQueueArn } from '../topic-arn.ts'
import type { SnsContext } from './context.ts'
import type { Decisions } from './decision.ts'
import type { SnsEvent } from './events.ts'
import type { SandboxEntry } from './phone-numbers.ts'
import { SMS_EVENT } from './sms-events.ts'

function describeSmsAttributes(
  { smsAccounts }: SnsContext,
  command: SnsCommand<'getSmsAttributes'>,
): SnsReplies['getSmsAttributes'] {
  return smsAccounts.at(command)?.attributes ?? {}
}

function setSmsAttributes(
  { smsAccounts }: SnsContext,
  command: SnsCommand<'setSmsAttributes'>,
  step: Step<SnsEvent>,
): null {
  const { accountId, region } = command
  const merged = Object.entries({ ...smsAccounts.at(command)?.attributes, ...command.attributes })
  const attributes = Object.fromEntries(merged.filter(([, value]) => value !== ''))
  step.emit({ kind: SMS_EVENT.smsAttributesChanged, scope: { accountId, region }, attributes })
  return null
}

function describePhoneNumber(
  { optedOut }: SnsContext,
  command: SnsCommand<'getPhoneNumber'>,
): SnsReplies['getPhoneNumber'] {
  return { isOptedOut: optedOut.at(command) !== undefined }
}

function listOptedOut(
  { optedOut }: SnsContext,
  command: SnsCommand<'listOptedOut'>,
): SnsReplies['listOptedOut'] {
  return optedOut.page(command, '', command.after, command.limit, () => true)
}

function optOut(context: SnsContext, command: SnsCommand<'optOut'>, step: Step<SnsEvent>): null {
  if (context.optedOut.at(command) !== undefined) return null
  const number = context.root.nextPhoneNumber
  step.emit({ kind: SMS_EVENT.phoneNumberOptedOut, number, address: addressOf(command) })
  return null
}

function optIn(context: SnsContext, command: SnsCommand<'optIn'>, step: Step<SnsEvent>): null {
  const entry = context.optedOut.at(command)
  if (entry !== undefined) step.emit({ kind: SMS_EVENT.phoneNumberOptedIn, number: entry.number })
  return null
}

/** A number that waits to be verified gets another code. */
function addSandboxNumber(
  context: SnsContext,
  command: SnsCommand<'addSandboxNumber'>,
  step: Step<SnsEvent>,
): null {
  const { root, sandbox } = context
  if (!context.pushed.has('sms')) throw new ServiceError(UserError, NO_GATEWAY)
  checkNotOptedOut(context, command)
  const existing = sandbox.at(command)
  const { code } = command
  if (existing === undefined) {
    if (sandbox.page(command, '', '', SANDBOX_NUMBERS_MAX, () => true).names.length === SANDBOX_NUMBERS_MAX) {
      throw new ServiceError(UserError, `An account has ${SANDBOX_NUMBERS_MAX} sandbox phone numbers at most`)
    }
    const address = addressOf(command)
    step.emit({ kind: SMS_EVENT.sandboxNumberAdded, number: root.nextPhoneNumber, address, code })
  } else if (existing.isVerified) {
    throw new ServiceError(UserError, 'The phone number is verified already')
  } else {
    step.emit({ kind: SMS_EVENT.sandboxCodeRenewed, number: existing.number, code })
  }
  sendText(context, command, step)
  return null
}

function verifySandboxNumber(
  context: SnsContext,
  command: SnsCommand<'verifySandboxNumber'>,
  step: Step<SnsEvent>,
): SnsReplies['verifySandboxNumber'] {
  const entry = existingEntry(context, command)
  if (entry.isVerified) return 'verified'
  const { number } = entry
  if (entry.accepts(command.code, step.now)) {
    step.emit({ kind: SMS_EVENT.sandboxNumberVerified, number })
    return 'verified'
  }
  step.emit({ kind: SMS_EVENT.sandboxGuessFailed, number })
  return 'wrong code'
}

function deleteSandboxNumber(
  context: SnsContext,
  command: SnsCommand<'deleteSandboxNumber'>,
  step: Step<SnsEvent>,
): null {
  const { number, isVerified, record } = existingEntry(context, command)
  if (isVerified && step.now < record.verifiedAt + SANDBOX_NUMBER_KEPT_MS) {
    throw new ServiceError(UserError, 'A verified phone number can be deleted 24 hours after it was verified')
  }
  step.emit({ kind: SMS_EVENT.sandboxNumberDeleted, number })
  return null
}

function listSandboxNumbers(
  { sandbox }: SnsContext,
  command: SnsCommand<'listSandboxNumbers'>,
): SnsReplies['listSandboxNumbers'] {
  const { names, next } = sandbox.page(command, '', command.after, command.limit, () => true)
  const numbers = names.map((name) => {
    const { isVerified } = sandbox.at({ ...command, name })!
    return { phoneNumber: name, isVerified }
  })
  return { numbers, next }
}

/** Publishes a message to one phone number: it waits for the gateway when this is answered. */
function publishText(context: SnsContext, command: SnsCommand<'publishText'>, step: Step<SnsEvent>): null {
  if (!context.pushed.has('sms')) throw invalidParameter('PhoneNumber', NO_GATEWAY)
  checkNotOptedOut(context, command)
  sendText(context, command, step)
  return null
}

const NO_GATEWAY = 'this server has no gateway for text messages'

function sendText(
  { smsAccounts }: SnsContext,
  command: SnsCommand<'publishText' | 'addSandboxNumber'>,
  step: Step<SnsEvent>,
): void {
  const body = command.bodies[command.message.body]!
  stamp(body, step.now, 0)
  const bodyId = step.storeShared(command.message.body)
  const { name: endpoint } = command
  const origin = encodeDirectOrigin({ protocol: 'sms', endpoint, sms: smsAccounts.defaultsOf(command) })
  const landing = { bodyId, bytes: body.length, sizeBytes: 0, groupKey: null, deduplication: null }
  const target = directQueueArn(command, 'sms')
  const [problem] = step.deliver({ target, sender: null, origin, landings: [landing] })
  if (problem !== null) throw new Error(`a text message did not get into its own queue: ${problem}`)
}

function checkNotOptedOut({ optedOut }: SnsContext, address: PhoneNumberAddress): void {
  if (optedOut.at(address) !== undefined) throw new ServiceError(OptedOut, 'Phone number is opted out')
}

function existingEntry({ sandbox }: SnsContext, address: PhoneNumberAddress): SandboxEntry {
  const entry = sandbox.at(address)
  if (entry === undefined) throw new ServiceError(ResourceNotFound, 'Resource does not exist')
  return entry
}

function addressOf({ accountId, region, name }: PhoneNumberAddress): PhoneNumberAddress {
  return { accountId, region, name }
}

export const smsDecisions: Decisions<keyof SmsCommands> = {
  getSmsAttributes: describeSmsAttributes,
  setSmsAttributes,
  getPhoneNumber: describePhoneNumber,
  listOptedOut,
  optIn,
  optOut,
  addSandboxNumber,
  verifySandboxNumber,
  deleteSandboxNumber,
  listSandboxNumbers,
  publishText,
}
