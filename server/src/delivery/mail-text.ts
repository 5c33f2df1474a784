import type { Notification } from '../core/pushes.ts'

export interface MailText {
  readonly subject: string
  readonly text: string
}

/** What an email subscriber reads. The words are AWS's where they say what to do. */
export function mailText(notification: Notification): MailText {
  const { type, subject = 'AWS Notification Message', message, topicArn, link } = notification
  switch (type) {
    case 'Notification':
      return {
        subject,
        text: `${message}

--
If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:
${link}

Please do not reply directly to this email.
`,
      }
    case 'SubscriptionConfirmation':
      return {
        subject: SUBJECTS[type],
        text: `You have chosen to subscribe to the topic:
${topicArn}

To confirm this subscription, click or visit the link below (If this was in error no action is necessary):
${link}

Please do not reply directly to this email.
`,
      }
    case 'UnsubscribeConfirmation':
      return {
        subject: SUBJECTS[type],
        text: `Your subscription to the topic below has been deactivated:
${topicArn}

If this was in error, click or visit the link below to resubscribe:
${link}

Please do not reply directly to this email.
`,
      }
    default:
      return type satisfies never
  }
}

/** What an email-json subscriber's program reads: the signed document. */
export function mailJson({ type, subject, document }: Notification): MailText {
  const named = type === 'Notification' ? (subject ?? 'AWS Notification Message') : SUBJECTS[type]
  return { subject: named, text: `${document}\n` }
}

const SUBJECTS = {
  SubscriptionConfirmation: 'AWS Notification - Subscription Confirmation',
  UnsubscribeConfirmation: 'AWS Notification - Unsubscribe Confirmation',
}
