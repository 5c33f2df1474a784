import { compileModel } from '../../api/compile-model.ts'
import { snsModel } from '../../api/generated/sns-model.ts'
import type { Operation, Service } from '../../api/operation.ts'
import { refuseTopicAccess, SNS_ACCESS } from './access.ts'
import { addPermission } from './operations/add-permission.ts'
import { checkIfPhoneNumberIsOptedOut } from './operations/check-if-phone-number-is-opted-out.ts'
import { confirmSubscription } from './operations/confirm-subscription.ts'
import { createPlatformApplication } from './operations/create-platform-application.ts'
import { createPlatformEndpoint } from './operations/create-platform-endpoint.ts'
import { createSMSSandboxPhoneNumber } from './operations/create-sms-sandbox-phone-number.ts'
import { createTopic } from './operations/create-topic.ts'
import { deleteEndpoint } from './operations/delete-endpoint.ts'
import { deletePlatformApplication } from './operations/delete-platform-application.ts'
import { deleteSMSSandboxPhoneNumber } from './operations/delete-sms-sandbox-phone-number.ts'
import { deleteTopic } from './operations/delete-topic.ts'
import { getDataProtectionPolicy } from './operations/get-data-protection-policy.ts'
import { getEndpointAttributes } from './operations/get-endpoint-attributes.ts'
import { getPlatformApplicationAttributes } from './operations/get-platform-application-attributes.ts'
import { getSMSAttributes } from './operations/get-sms-attributes.ts'
import { getSMSSandboxAccountStatus } from './operations/get-sms-sandbox-account-status.ts'
import { getSubscriptionAttributes } from './operations/get-subscription-attributes.ts'
import { getTopicAttributes } from './operations/get-topic-attributes.ts'
import { listEndpointsByPlatformApplication } from './operations/list-endpoints-by-platform-application.ts'
import { listOriginationNumbers } from './operations/list-origination-numbers.ts'
import { listPhoneNumbersOptedOut } from './operations/list-phone-numbers-opted-out.ts'
import { listPlatformApplications } from './operations/list-platform-applications.ts'
import { listSMSSandboxPhoneNumbers } from './operations/list-sms-sandbox-phone-numbers.ts'
import { listSubscriptions } from './operations/list-subscriptions.ts'
import { listSubscriptionsByTopic } from './operations/list-subscriptions-by-topic.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { listTopics } from './operations/list-topics.ts'
import { optInPhoneNumber } from './operations/opt-in-phone-number.ts'
import { publish } from './operations/publish.ts'
import { publishBatch } from './operations/publish-batch.ts'
import { putDataProtectionPolicy } from './operations/put-data-protection-policy.ts'
import { removePermission } from './operations/remove-permission.ts'
import { setEndpointAttributes } from './operations/set-endpoint-attributes.ts'
import { setPlatformApplicationAttributes } from './operations/set-platform-application-attributes.ts'
import { setSMSAttributes } from './operations/set-sms-attributes.ts'
import { setSubscriptionAttributes } from './operations/set-subscription-attributes.ts'
import { setTopicAttributes } from './operations/set-topic-attributes.ts'
import { subscribe } from './operations/subscribe.ts'
import { tagResource } from './operations/tag-resource.ts'
import { unsubscribe } from './operations/unsubscribe.ts'
import { untagResource } from './operations/untag-resource.ts'
import { verifySMSSandboxPhoneNumber } from './operations/verify-sms-sandbox-phone-number.ts'
import type { SnsPorts } from './ports.ts'
import { refuseInput } from './refuse-input.ts'

/** The operations, in the order of their names. */
const OPERATIONS: readonly ((ports: SnsPorts) => Operation)[] = [
  addPermission,
  checkIfPhoneNumberIsOptedOut,
  confirmSubscription,
  createPlatformApplication,
  createPlatformEndpoint,
  createSMSSandboxPhoneNumber,
  createTopic,
  deleteEndpoint,
  deletePlatformApplication,
  deleteSMSSandboxPhoneNumber,
  deleteTopic,
  getDataProtectionPolicy,
  getEndpointAttributes,
  getPlatformApplicationAttributes,
  getSMSAttributes,
  getSMSSandboxAccountStatus,
  getSubscriptionAttributes,
  getTopicAttributes,
  listEndpointsByPlatformApplication,
  listOriginationNumbers,
  listPhoneNumbersOptedOut,
  listPlatformApplications,
  listSMSSandboxPhoneNumbers,
  listSubscriptions,
  listSubscriptionsByTopic,
  listTagsForResource,
  listTopics,
  optInPhoneNumber,
  publish,
  publishBatch,
  putDataProtectionPolicy,
  removePermission,
  setEndpointAttributes,
  setPlatformApplicationAttributes,
  setSMSAttributes,
  setSubscriptionAttributes,
  setTopicAttributes,
  subscribe,
  tagResource,
  unsubscribe,
  untagResource,
  verifySMSSandboxPhoneNumber,
]

/** Amazon SNS: topics of every account and region that callers belong to. */
export function sns(ports: SnsPorts): Service {
  const operations = OPERATIONS.map((declare) => declare(ports))
  return {
    name: 'sns',
    model: compileModel('sns', snsModel),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    refuseInput,
    access: SNS_ACCESS,
    refuseAccess: refuseTopicAccess,
  }
}
