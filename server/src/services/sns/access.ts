import { type Access, type Conditions, tagConditions } from '../../api/access.ts'
import type { AccessTable, Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { Scope } from '../../core/scope.ts'
import { AuthorizationError } from './errors.ts'
import { SNS_ARN_PREFIX } from './own-arn.ts'

/**
 * What each operation needs leave for. Operations on a subscription need it for the topic. Batches need that for the single request, as AWS
 * has no actions for them.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export const SNS_ACCESS = {
  AddPermission: onTopic('AddPermission'),
  CheckIfPhoneNumberIsOptedOut: onNothing('CheckIfPhoneNumberIsOptedOut'),
  ConfirmSubscription: onTopic('ConfirmSubscription'),
  CreatePlatformApplication: onNothing('CreatePlatformApplication'),
  CreatePlatformEndpoint: onMember('CreatePlatformEndpoint', 'PlatformApplicationArn'),
  CreateSMSSandboxPhoneNumber: onNothing('CreateSMSSandboxPhoneNumber'),
  CreateTopic: ({ Name, Tags }: { Name: string; Tags?: readonly Tag[] }, { caller }: Request) => {
    const resource = `${SNS_ARN_PREFIX}${caller.region}:${caller.accountId}:${Name}`
    const creation = {
      action: 'SNS:CreateTopic',
      resource,
      accountId: caller.accountId,
      conditions: ofTags(Tags),
    }
    return Tags === undefined ? creation : [creation, { ...creation, action: 'SNS:TagResource' }]
  },
  DeleteEndpoint: onMember('DeleteEndpoint', 'EndpointArn'),
  DeletePlatformApplication: onMember('DeletePlatformApplication', 'PlatformApplicationArn'),
  DeleteSMSSandboxPhoneNumber: onNothing('DeleteSMSSandboxPhoneNumber'),
  DeleteTopic: onTopic('DeleteTopic'),
  GetDataProtectionPolicy: onMember('GetDataProtectionPolicy', 'ResourceArn'),
  GetEndpointAttributes: onMember('GetEndpointAttributes', 'EndpointArn'),
  GetPlatformApplicationAttributes: onMember('GetPlatformApplicationAttributes', 'PlatformApplicationArn'),
  GetSMSAttributes: onNothing('GetSMSAttributes'),
  GetSMSSandboxAccountStatus: onNothing('GetSMSSandboxAccountStatus'),
  GetSubscriptionAttributes: onSubscription('GetSubscriptionAttributes'),
  GetTopicAttributes: onTopic('GetTopicAttributes'),
  ListEndpointsByPlatformApplication: onMember(
    'ListEndpointsByPlatformApplication',
    'PlatformApplicationArn',
  ),
  ListOriginationNumbers: onNothing('ListOriginationNumbers'),
  ListPhoneNumbersOptedOut: onNothing('ListPhoneNumbersOptedOut'),
  ListPlatformApplications: onNothing('ListPlatformApplications'),
  ListSMSSandboxPhoneNumbers: onNothing('ListSMSSandboxPhoneNumbers'),
  ListSubscriptions: onNothing('ListSubscriptions'),
  ListSubscriptionsByTopic: onTopic('ListSubscriptionsByTopic'),
  ListTagsForResource: onMember('ListTagsForResource', 'ResourceArn'),
  ListTopics: onNothing('ListTopics'),
  OptInPhoneNumber: onNothing('OptInPhoneNumber'),
  Publish: ({ TopicArn, TargetArn }: { TopicArn?: string; TargetArn?: string }, request: Request) => {
    const arn = TopicArn ?? TargetArn
    return arn === undefined ? onNothing('Publish')({}, request) : accessTo('Publish', arn, request)
  },
  PublishBatch: onTopic('Publish'),
  PutDataProtectionPolicy: onMember('PutDataProtectionPolicy', 'ResourceArn'),
  RemovePermission: onTopic('RemovePermission'),
  SetEndpointAttributes: onMember('SetEndpointAttributes', 'EndpointArn'),
  SetPlatformApplicationAttributes: onMember('SetPlatformApplicationAttributes', 'PlatformApplicationArn'),
  SetSMSAttributes: onNothing('SetSMSAttributes'),
  SetSubscriptionAttributes: onSubscription('SetSubscriptionAttributes'),
  SetTopicAttributes: onTopic('SetTopicAttributes'),
  Subscribe: (
    { TopicArn, Protocol, Endpoint }: { TopicArn: string; Protocol: string; Endpoint?: string },
    request: Request,
  ) => ({
    ...accessTo('Subscribe', TopicArn, request),
    conditions: [
      ['sns:Protocol', Protocol],
      ...(Endpoint === undefined ? [] : [['sns:Endpoint', Endpoint] as const]),
    ],
  }),
  TagResource: ({ ResourceArn, Tags }: { ResourceArn: string; Tags: readonly Tag[] }, request: Request) => ({
    ...accessTo('TagResource', ResourceArn, request),
    conditions: ofTags(Tags),
  }),
  Unsubscribe: onSubscription('Unsubscribe'),
  UntagResource: (
    { ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: readonly string[] },
    request: Request,
  ) => ({
    ...accessTo('UntagResource', ResourceArn, request),
    conditions: [['aws:TagKeys', TagKeys]] as const,
  }),
  VerifySMSSandboxPhoneNumber: onNothing('VerifySMSSandboxPhoneNumber'),
} as const satisfies AccessTable

interface Tag {
  readonly Key: string
  readonly Value: string
}

export function refuseTopicAccess(text: string): Error {
  return new ServiceError(AuthorizationError, text)
}

function onNothing(action: string) {
  return (_: object, { caller }: { readonly caller: Scope }): Access => ({
    action: `SNS:${action}`,
    resource: null,
    accountId: caller.accountId,
  })
}

function onTopic(action: string) {
  return onMember(action, 'TopicArn')
}

/** The topic that the subscription is to. */
function onSubscription(action: string) {
  return ({ SubscriptionArn }: { SubscriptionArn: string }, request: Request) =>
    accessTo(action, SubscriptionArn.split(':').slice(0, 6).join(':'), request)
}

function onMember<Name extends string>(action: string, name: Name) {
  return (input: { readonly [Each in Name]: string }, request: Request) =>
    accessTo(action, input[name], request)
}

/** What is no ARN is the caller's own, and the operation will say what is wrong with it. */
function accessTo(action: string, arn: string, { caller }: Request): Access {
  const accountId = arn.split(':')[4] ?? ''
  return {
    action: `SNS:${action}`,
    resource: arn,
    accountId: /^\d{12}$/.test(accountId) ? accountId : caller.accountId,
  }
}

function ofTags(tags: readonly Tag[] = []): Conditions {
  return tags.length === 0
    ? []
    : tagConditions(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])))
}
