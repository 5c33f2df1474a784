// Made from the service model by scripts/generate-model-types.mjs; not to be edited.
// Operations of sns: what they take and give, by the names on the wire.

export interface AddPermissionInput {
  readonly AWSAccountId: readonly string[]
  readonly ActionName: readonly string[]
  readonly Label: string
  readonly TopicArn: string
}

export interface BatchResultErrorEntry {
  readonly Code: string
  readonly Id: string
  readonly Message?: string | undefined
  readonly SenderFault: boolean
}

export interface CheckIfPhoneNumberIsOptedOutInput {
  readonly phoneNumber: string
}

export interface CheckIfPhoneNumberIsOptedOutResponse {
  readonly isOptedOut?: boolean | undefined
}

export interface ConfirmSubscriptionInput {
  readonly AuthenticateOnUnsubscribe?: string | undefined
  readonly Token: string
  readonly TopicArn: string
}

export interface ConfirmSubscriptionResponse {
  readonly SubscriptionArn?: string | undefined
}

export interface CreateEndpointResponse {
  readonly EndpointArn?: string | undefined
}

export interface CreatePlatformApplicationInput {
  readonly Attributes: { readonly [key: string]: string }
  readonly Name: string
  readonly Platform: string
}

export interface CreatePlatformApplicationResponse {
  readonly PlatformApplicationArn?: string | undefined
}

export interface CreatePlatformEndpointInput {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly CustomUserData?: string | undefined
  readonly PlatformApplicationArn: string
  readonly Token: string
}

export interface CreateSMSSandboxPhoneNumberInput {
  readonly LanguageCode?: string | undefined
  readonly PhoneNumber: string
}

export type CreateSMSSandboxPhoneNumberResult = object

export interface CreateTopicInput {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly DataProtectionPolicy?: string | undefined
  readonly Name: string
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateTopicResponse {
  readonly TopicArn?: string | undefined
}

export interface DeleteEndpointInput {
  readonly EndpointArn: string
}

export interface DeletePlatformApplicationInput {
  readonly PlatformApplicationArn: string
}

export interface DeleteSMSSandboxPhoneNumberInput {
  readonly PhoneNumber: string
}

export type DeleteSMSSandboxPhoneNumberResult = object

export interface DeleteTopicInput {
  readonly TopicArn: string
}

export interface Endpoint {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly EndpointArn?: string | undefined
}

export interface GetDataProtectionPolicyInput {
  readonly ResourceArn: string
}

export interface GetDataProtectionPolicyResponse {
  readonly DataProtectionPolicy?: string | undefined
}

export interface GetEndpointAttributesInput {
  readonly EndpointArn: string
}

export interface GetEndpointAttributesResponse {
  readonly Attributes?: { readonly [key: string]: string } | undefined
}

export interface GetPlatformApplicationAttributesInput {
  readonly PlatformApplicationArn: string
}

export interface GetPlatformApplicationAttributesResponse {
  readonly Attributes?: { readonly [key: string]: string } | undefined
}

export interface GetSMSAttributesInput {
  readonly attributes?: readonly string[] | undefined
}

export interface GetSMSAttributesResponse {
  readonly attributes?: { readonly [key: string]: string } | undefined
}

export type GetSMSSandboxAccountStatusInput = object

export interface GetSMSSandboxAccountStatusResult {
  readonly IsInSandbox: boolean
}

export interface GetSubscriptionAttributesInput {
  readonly SubscriptionArn: string
}

export interface GetSubscriptionAttributesResponse {
  readonly Attributes?: { readonly [key: string]: string } | undefined
}

export interface GetTopicAttributesInput {
  readonly TopicArn: string
}

export interface GetTopicAttributesResponse {
  readonly Attributes?: { readonly [key: string]: string } | undefined
}

export interface ListEndpointsByPlatformApplicationInput {
  readonly NextToken?: string | undefined
  readonly PlatformApplicationArn: string
}

export interface ListEndpointsByPlatformApplicationResponse {
  readonly Endpoints?: readonly Endpoint[] | undefined
  readonly NextToken?: string | undefined
}

export interface ListOriginationNumbersRequest {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListOriginationNumbersResult {
  readonly NextToken?: string | undefined
  readonly PhoneNumbers?: readonly PhoneNumberInformation[] | undefined
}

export interface ListPhoneNumbersOptedOutInput {
  readonly nextToken?: string | undefined
}

export interface ListPhoneNumbersOptedOutResponse {
  readonly nextToken?: string | undefined
  readonly phoneNumbers?: readonly string[] | undefined
}

export interface ListPlatformApplicationsInput {
  readonly NextToken?: string | undefined
}

export interface ListPlatformApplicationsResponse {
  readonly NextToken?: string | undefined
  readonly PlatformApplications?: readonly PlatformApplication[] | undefined
}

export interface ListSMSSandboxPhoneNumbersInput {
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface ListSMSSandboxPhoneNumbersResult {
  readonly NextToken?: string | undefined
  readonly PhoneNumbers?: readonly SMSSandboxPhoneNumber[] | undefined
}

export interface ListSubscriptionsByTopicInput {
  readonly NextToken?: string | undefined
  readonly TopicArn: string
}

export interface ListSubscriptionsByTopicResponse {
  readonly NextToken?: string | undefined
  readonly Subscriptions?: readonly Subscription[] | undefined
}

export interface ListSubscriptionsInput {
  readonly NextToken?: string | undefined
}

export interface ListSubscriptionsResponse {
  readonly NextToken?: string | undefined
  readonly Subscriptions?: readonly Subscription[] | undefined
}

export interface ListTagsForResourceRequest {
  readonly ResourceArn: string
}

export interface ListTagsForResourceResponse {
  readonly Tags?: readonly Tag[] | undefined
}

export interface ListTopicsInput {
  readonly NextToken?: string | undefined
}

export interface ListTopicsResponse {
  readonly NextToken?: string | undefined
  readonly Topics?: readonly Topic[] | undefined
}

export interface MessageAttributeValue {
  readonly BinaryValue?: Uint8Array | undefined
  readonly DataType: string
  readonly StringValue?: string | undefined
}

export interface OptInPhoneNumberInput {
  readonly phoneNumber: string
}

export type OptInPhoneNumberResponse = object

export interface PhoneNumberInformation {
  readonly CreatedAt?: number | undefined
  readonly Iso2CountryCode?: string | undefined
  readonly NumberCapabilities?: readonly string[] | undefined
  readonly PhoneNumber?: string | undefined
  readonly RouteType?: string | undefined
  readonly Status?: string | undefined
}

export interface PlatformApplication {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly PlatformApplicationArn?: string | undefined
}

export interface PublishBatchInput {
  readonly PublishBatchRequestEntries: readonly PublishBatchRequestEntry[]
  readonly TopicArn: string
}

export interface PublishBatchRequestEntry {
  readonly Id: string
  readonly Message: string
  readonly MessageAttributes?: { readonly [key: string]: MessageAttributeValue } | undefined
  readonly MessageDeduplicationId?: string | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageStructure?: string | undefined
  readonly Subject?: string | undefined
}

export interface PublishBatchResponse {
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined
  readonly Successful?: readonly PublishBatchResultEntry[] | undefined
}

export interface PublishBatchResultEntry {
  readonly Id?: string | undefined
  readonly MessageId?: string | undefined
  readonly SequenceNumber?: string | undefined
}

export interface PublishInput {
  readonly Message: string
  readonly MessageAttributes?: { readonly [key: string]: MessageAttributeValue } | undefined
  readonly MessageDeduplicationId?: string | undefined
  readonly MessageGroupId?: string | undefined
  readonly MessageStructure?: string | undefined
  readonly PhoneNumber?: string | undefined
  readonly Subject?: string | undefined
  readonly TargetArn?: string | undefined
  readonly TopicArn?: string | undefined
}

export interface PublishResponse {
  readonly MessageId?: string | undefined
  readonly SequenceNumber?: string | undefined
}

export interface PutDataProtectionPolicyInput {
  readonly DataProtectionPolicy: string
  readonly ResourceArn: string
}

export interface RemovePermissionInput {
  readonly Label: string
  readonly TopicArn: string
}

export interface SMSSandboxPhoneNumber {
  readonly PhoneNumber?: string | undefined
  readonly Status?: string | undefined
}

export interface SetEndpointAttributesInput {
  readonly Attributes: { readonly [key: string]: string }
  readonly EndpointArn: string
}

export interface SetPlatformApplicationAttributesInput {
  readonly Attributes: { readonly [key: string]: string }
  readonly PlatformApplicationArn: string
}

export interface SetSMSAttributesInput {
  readonly attributes: { readonly [key: string]: string }
}

export type SetSMSAttributesResponse = object

export interface SetSubscriptionAttributesInput {
  readonly AttributeName: string
  readonly AttributeValue?: string | undefined
  readonly SubscriptionArn: string
}

export interface SetTopicAttributesInput {
  readonly AttributeName: string
  readonly AttributeValue?: string | undefined
  readonly TopicArn: string
}

export interface SubscribeInput {
  readonly Attributes?: { readonly [key: string]: string } | undefined
  readonly Endpoint?: string | undefined
  readonly Protocol: string
  readonly ReturnSubscriptionArn?: boolean | undefined
  readonly TopicArn: string
}

export interface SubscribeResponse {
  readonly SubscriptionArn?: string | undefined
}

export interface Subscription {
  readonly Endpoint?: string | undefined
  readonly Owner?: string | undefined
  readonly Protocol?: string | undefined
  readonly SubscriptionArn?: string | undefined
  readonly TopicArn?: string | undefined
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TagResourceRequest {
  readonly ResourceArn: string
  readonly Tags: readonly Tag[]
}

export type TagResourceResponse = object

export interface Topic {
  readonly TopicArn?: string | undefined
}

export interface UnsubscribeInput {
  readonly SubscriptionArn: string
}

export interface UntagResourceRequest {
  readonly ResourceArn: string
  readonly TagKeys: readonly string[]
}

export type UntagResourceResponse = object

export interface VerifySMSSandboxPhoneNumberInput {
  readonly OneTimePassword: string
  readonly PhoneNumber: string
}

export type VerifySMSSandboxPhoneNumberResult = object
