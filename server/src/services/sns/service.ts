import { compileModel } from '../../api/compile-model.ts'
import { snsModel } from '../../api/generated/sns-model.ts'
import type { Operation, Service } from '../../api/operation.ts'
import { addPermission } from './operations/add-permission.ts'
import { confirmSubscription } from './operations/confirm-subscription.ts'
import { createPlatformApplication } from './operations/create-platform-application.ts'
import { createPlatformEndpoint } from './operations/create-platform-endpoint.ts'
import { createTopic } from './operations/create-topic.ts'
import { deleteEndpoint } from './operations/delete-endpoint.ts'
import { deletePlatformApplication } from './operations/delete-platform-application.ts'
import { deleteTopic } from './operations/delete-topic.ts'
import { getDataProtectionPolicy } from './operations/get-data-protection-policy.ts'
import { getEndpointAttributes } from './operations/get-endpoint-attributes.ts'
import { getPlatformApplicationAttributes } from './operations/get-platform-application-attributes.ts'
import { getSubscriptionAttributes } from './operations/get-subscription-attributes.ts'
import { getTopicAttributes } from './operations/get-topic-attributes.ts'
import { listEndpointsByPlatformApplication } from './operations/list-endpoints-by-platform-application.ts'
import { listPlatformApplications } from './operations/list-platform-applications.ts'
import { listSubscriptions } from './operations/list-subscriptions.ts'
import { listSubscriptionsByTopic } from './operations/list-subscriptions-by-topic.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { listTopics } from './operations/list-topics.ts'
import { publish } from './operations/publish.ts'
import { publishBatch } from './operations/publish-batch.ts'
import { putDataProtectionPolicy } from './operations/put-data-protection-policy.ts'
import { removePermission } from './operations/remove-permission.ts'
import { setEndpointAttributes } from './operations/set-endpoint-attributes.ts'
import { setPlatformApplicationAttributes } from './operations/set-platform-application-attributes.ts'
import { setSubscriptionAttributes } from './operations/set-subscription-attributes.ts'
import { setTopicAttributes } from './operations/set-topic-attributes.ts'
import { subscribe } from './operations/subscribe.ts'
import { tagResource } from './operations/tag-resource.ts'
import { unsubscribe } from './operations/unsubscribe.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { SnsPorts } from './ports.ts'
import { refuseInput } from './refuse-input.ts'

/** The operations, in the order of their names. */
const OPERATIONS: readonly ((ports: SnsPorts) => Operation)[] = [
  addPermission,
  confirmSubscription,
  createPlatformApplication,
  createPlatformEndpoint,
  createTopic,
  deleteEndpoint,
  deletePlatformApplication,
  deleteTopic,
  getDataProtectionPolicy,
  getEndpointAttributes,
  getPlatformApplicationAttributes,
  getSubscriptionAttributes,
  getTopicAttributes,
  listEndpointsByPlatformApplication,
  listPlatformApplications,
  listSubscriptions,
  listSubscriptionsByTopic,
  listTagsForResource,
  listTopics,
  publish,
  publishBatch,
  putDataProtectionPolicy,
  removePermission,
  setEndpointAttributes,
  setPlatformApplicationAttributes,
  setSubscriptionAttributes,
  setTopicAttributes,
  subscribe,
  tagResource,
  unsubscribe,
  untagResource,
]

/** Amazon SNS: topics of every account and region that callers belong to. */
export function sns(ports: SnsPorts): Service {
  const operations = OPERATIONS.map((declare) => declare(ports))
  return {
    name: 'sns',
    model: compileModel('sns', snsModel),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    refuseInput,
  }
}
