import type { SnsContext } from './context.ts'
import { OptedOutNumber, SandboxEntry } from './phone-numbers.ts'
import { SmsAccount } from './sms-account.ts'
import { SMS_EVENT, type SmsEvent } from './sms-events.ts'

/** As `applyEvent`, for what accounts say of text messages. */
export function applySmsEvent(context: SnsContext, event: SmsEvent, now: number): void {
  const { units, root, smsAccounts, optedOut, sandbox } = context
  switch (event.kind) {
    case SMS_EVENT.smsAttributesChanged: {
      const { scope, attributes } = event
      const account = smsAccounts.at(scope)
      if (account !== undefined) {
        account.change(units, attributes)
        return
      }
      root.touch()
      const added = new SmsAccount({ scope, attributes })
      units.add(added)
      smsAccounts.add(added)
      return
    }
    case SMS_EVENT.phoneNumberOptedOut: {
      root.touch()
      root.nextPhoneNumber = event.number + 1
      const { number, address } = event
      const added = new OptedOutNumber({ number, address, since: now })
      units.add(added)
      optedOut.add(added)
      return
    }
    case SMS_EVENT.phoneNumberOptedIn: {
      const entry = optedOut.numbered(event.number)
      if (entry === undefined) throw new Error(`no number ${event.number} is opted out`)
      root.touch()
      optedOut.remove(entry)
      units.remove(entry)
      return
    }
    case SMS_EVENT.sandboxNumberAdded: {
      root.touch()
      root.nextPhoneNumber = event.number + 1
      const { number, address, code } = event
      const added = new SandboxEntry({
        number,
        address,
        code,
        codeSince: now,
        failedGuesses: 0,
        verifiedAt: 0,
      })
      units.add(added)
      sandbox.add(added)
      return
    }
    case SMS_EVENT.sandboxCodeRenewed:
      entryNumbered(context, event.number).change(units, {
        code: event.code,
        codeSince: now,
        failedGuesses: 0,
      })
      return
    case SMS_EVENT.sandboxGuessFailed: {
      const entry = entryNumbered(context, event.number)
      entry.change(units, { failedGuesses: entry.record.failedGuesses + 1 })
      return
    }
    case SMS_EVENT.sandboxNumberVerified:
      entryNumbered(context, event.number).change(units, { verifiedAt: now })
      return
    case SMS_EVENT.sandboxNumberDeleted: {
      const entry = entryNumbered(context, event.number)
      root.touch()
      sandbox.remove(entry)
      units.remove(entry)
      return
    }
    case SMS_EVENT.smsForgotten: {
      root.touch()
      const all = [...smsAccounts.takeAll(), ...optedOut.takeAll(), ...sandbox.takeAll()]
      context.cleanup.add({ allUnits: () => all.values() })
      return
    }
    default:
      event satisfies never
  }
}

function entryNumbered({ sandbox }: SnsContext, number: number): SandboxEntry {
  const entry = sandbox.numbered(number)
  if (entry === undefined) throw new Error(`no sandbox number is number ${number}`)
  return entry
}
