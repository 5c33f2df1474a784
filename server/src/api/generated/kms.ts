// Made from the service model by scripts/generate-model-types.mjs; not to be edited.
// Operations of kms: what they take and give, by the names on the wire.

export interface AliasListEntry {
  readonly AliasArn?: string | undefined
  readonly AliasName?: string | undefined
  readonly CreationDate?: number | undefined
  readonly LastUpdatedDate?: number | undefined
  readonly TargetKeyId?: string | undefined
}

export interface CancelKeyDeletionRequest {
  readonly KeyId: string
}

export interface CancelKeyDeletionResponse {
  readonly KeyId?: string | undefined
}

export interface ConnectCustomKeyStoreRequest {
  readonly CustomKeyStoreId: string
}

export type ConnectCustomKeyStoreResponse = object

export interface CreateAliasRequest {
  readonly AliasName: string
  readonly TargetKeyId: string
}

export interface CreateCustomKeyStoreRequest {
  readonly CloudHsmClusterId?: string | undefined
  readonly CustomKeyStoreName: string
  readonly CustomKeyStoreType?: string | undefined
  readonly KeyStorePassword?: string | undefined
  readonly TrustAnchorCertificate?: string | undefined
  readonly XksProxyAuthenticationCredential?: XksProxyAuthenticationCredentialType | undefined
  readonly XksProxyConnectivity?: string | undefined
  readonly XksProxyUriEndpoint?: string | undefined
  readonly XksProxyUriPath?: string | undefined
  readonly XksProxyVpcEndpointServiceName?: string | undefined
  readonly XksProxyVpcEndpointServiceOwner?: string | undefined
}

export interface CreateCustomKeyStoreResponse {
  readonly CustomKeyStoreId?: string | undefined
}

export interface CreateGrantRequest {
  readonly Constraints?: GrantConstraints | undefined
  readonly DryRun?: boolean | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly GranteePrincipal: string
  readonly KeyId: string
  readonly Name?: string | undefined
  readonly Operations: readonly string[]
  readonly RetiringPrincipal?: string | undefined
}

export interface CreateGrantResponse {
  readonly GrantId?: string | undefined
  readonly GrantToken?: string | undefined
}

export interface CreateKeyRequest {
  readonly BypassPolicyLockoutSafetyCheck?: boolean | undefined
  readonly CustomKeyStoreId?: string | undefined
  readonly CustomerMasterKeySpec?: string | undefined
  readonly Description?: string | undefined
  readonly KeySpec?: string | undefined
  readonly KeyUsage?: string | undefined
  readonly MultiRegion?: boolean | undefined
  readonly Origin?: string | undefined
  readonly Policy?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly XksKeyId?: string | undefined
}

export interface CreateKeyResponse {
  readonly KeyMetadata?: KeyMetadata | undefined
}

export interface CustomKeyStoresListEntry {
  readonly CloudHsmClusterId?: string | undefined
  readonly ConnectionErrorCode?: string | undefined
  readonly ConnectionState?: string | undefined
  readonly CreationDate?: number | undefined
  readonly CustomKeyStoreId?: string | undefined
  readonly CustomKeyStoreName?: string | undefined
  readonly CustomKeyStoreType?: string | undefined
  readonly TrustAnchorCertificate?: string | undefined
  readonly XksProxyConfiguration?: XksProxyConfigurationType | undefined
}

export interface DecryptRequest {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly DryRun?: boolean | undefined
  readonly DryRunModifiers?: readonly string[] | undefined
  readonly EncryptionAlgorithm?: string | undefined
  readonly EncryptionContext?: { readonly [key: string]: string } | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId?: string | undefined
  readonly Recipient?: RecipientInfo | undefined
}

export interface DecryptResponse {
  readonly CiphertextForRecipient?: Uint8Array | undefined
  readonly EncryptionAlgorithm?: string | undefined
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
  readonly Plaintext?: Uint8Array | undefined
}

export interface DeleteAliasRequest {
  readonly AliasName: string
}

export interface DeleteCustomKeyStoreRequest {
  readonly CustomKeyStoreId: string
}

export type DeleteCustomKeyStoreResponse = object

export interface DeleteImportedKeyMaterialRequest {
  readonly KeyId: string
  readonly KeyMaterialId?: string | undefined
}

export interface DeleteImportedKeyMaterialResponse {
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
}

export interface DeriveSharedSecretRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyAgreementAlgorithm: string
  readonly KeyId: string
  readonly PublicKey: Uint8Array
  readonly Recipient?: RecipientInfo | undefined
}

export interface DeriveSharedSecretResponse {
  readonly CiphertextForRecipient?: Uint8Array | undefined
  readonly KeyAgreementAlgorithm?: string | undefined
  readonly KeyId?: string | undefined
  readonly KeyOrigin?: string | undefined
  readonly SharedSecret?: Uint8Array | undefined
}

export interface DescribeCustomKeyStoresRequest {
  readonly CustomKeyStoreId?: string | undefined
  readonly CustomKeyStoreName?: string | undefined
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface DescribeCustomKeyStoresResponse {
  readonly CustomKeyStores?: readonly CustomKeyStoresListEntry[] | undefined
  readonly NextMarker?: string | undefined
  readonly Truncated?: boolean | undefined
}

export interface DescribeKeyRequest {
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
}

export interface DescribeKeyResponse {
  readonly KeyMetadata?: KeyMetadata | undefined
}

export interface DisableKeyRequest {
  readonly KeyId: string
}

export interface DisableKeyRotationRequest {
  readonly KeyId: string
}

export interface DisconnectCustomKeyStoreRequest {
  readonly CustomKeyStoreId: string
}

export type DisconnectCustomKeyStoreResponse = object

export interface EnableKeyRequest {
  readonly KeyId: string
}

export interface EnableKeyRotationRequest {
  readonly KeyId: string
  readonly RotationPeriodInDays?: number | undefined
}

export interface EncryptRequest {
  readonly DryRun?: boolean | undefined
  readonly EncryptionAlgorithm?: string | undefined
  readonly EncryptionContext?: { readonly [key: string]: string } | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly Plaintext: Uint8Array
}

export interface EncryptResponse {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly EncryptionAlgorithm?: string | undefined
  readonly KeyId?: string | undefined
}

export interface GenerateDataKeyPairRequest {
  readonly DryRun?: boolean | undefined
  readonly EncryptionContext?: { readonly [key: string]: string } | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly KeyPairSpec: string
  readonly Recipient?: RecipientInfo | undefined
}

export interface GenerateDataKeyPairResponse {
  readonly CiphertextForRecipient?: Uint8Array | undefined
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
  readonly KeyPairSpec?: string | undefined
  readonly PrivateKeyCiphertextBlob?: Uint8Array | undefined
  readonly PrivateKeyPlaintext?: Uint8Array | undefined
  readonly PublicKey?: Uint8Array | undefined
}

export interface GenerateDataKeyPairWithoutPlaintextRequest {
  readonly DryRun?: boolean | undefined
  readonly EncryptionContext?: { readonly [key: string]: string } | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly KeyPairSpec: string
}

export interface GenerateDataKeyPairWithoutPlaintextResponse {
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
  readonly KeyPairSpec?: string | undefined
  readonly PrivateKeyCiphertextBlob?: Uint8Array | undefined
  readonly PublicKey?: Uint8Array | undefined
}

export interface GenerateDataKeyRequest {
  readonly DryRun?: boolean | undefined
  readonly EncryptionContext?: { readonly [key: string]: string } | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly KeySpec?: string | undefined
  readonly NumberOfBytes?: number | undefined
  readonly Recipient?: RecipientInfo | undefined
}

export interface GenerateDataKeyResponse {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly CiphertextForRecipient?: Uint8Array | undefined
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
  readonly Plaintext?: Uint8Array | undefined
}

export interface GenerateDataKeyWithoutPlaintextRequest {
  readonly DryRun?: boolean | undefined
  readonly EncryptionContext?: { readonly [key: string]: string } | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly KeySpec?: string | undefined
  readonly NumberOfBytes?: number | undefined
}

export interface GenerateDataKeyWithoutPlaintextResponse {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
}

export interface GenerateMacRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly MacAlgorithm: string
  readonly Message: Uint8Array
}

export interface GenerateMacResponse {
  readonly KeyId?: string | undefined
  readonly Mac?: Uint8Array | undefined
  readonly MacAlgorithm?: string | undefined
}

export interface GenerateRandomRequest {
  readonly CustomKeyStoreId?: string | undefined
  readonly NumberOfBytes?: number | undefined
  readonly Recipient?: RecipientInfo | undefined
}

export interface GenerateRandomResponse {
  readonly CiphertextForRecipient?: Uint8Array | undefined
  readonly Plaintext?: Uint8Array | undefined
}

export interface GetKeyLastUsageRequest {
  readonly KeyId: string
}

export interface GetKeyLastUsageResponse {
  readonly KeyCreationDate?: number | undefined
  readonly KeyId?: string | undefined
  readonly KeyLastUsage?: KeyLastUsageData | undefined
  readonly TrackingStartDate?: number | undefined
}

export interface GetKeyPolicyRequest {
  readonly KeyId: string
  readonly PolicyName?: string | undefined
}

export interface GetKeyPolicyResponse {
  readonly Policy?: string | undefined
  readonly PolicyName?: string | undefined
}

export interface GetKeyRotationStatusRequest {
  readonly KeyId: string
}

export interface GetKeyRotationStatusResponse {
  readonly KeyId?: string | undefined
  readonly KeyRotationEnabled?: boolean | undefined
  readonly NextRotationDate?: number | undefined
  readonly OnDemandRotationStartDate?: number | undefined
  readonly RotationPeriodInDays?: number | undefined
}

export interface GetParametersForImportRequest {
  readonly KeyId: string
  readonly WrappingAlgorithm: string
  readonly WrappingKeySpec: string
}

export interface GetParametersForImportResponse {
  readonly ImportToken?: Uint8Array | undefined
  readonly KeyId?: string | undefined
  readonly ParametersValidTo?: number | undefined
  readonly PublicKey?: Uint8Array | undefined
}

export interface GetPublicKeyRequest {
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
}

export interface GetPublicKeyResponse {
  readonly CustomerMasterKeySpec?: string | undefined
  readonly EncryptionAlgorithms?: readonly string[] | undefined
  readonly KeyAgreementAlgorithms?: readonly string[] | undefined
  readonly KeyId?: string | undefined
  readonly KeySpec?: string | undefined
  readonly KeyUsage?: string | undefined
  readonly PublicKey?: Uint8Array | undefined
  readonly SigningAlgorithms?: readonly string[] | undefined
}

export interface GrantConstraints {
  readonly EncryptionContextEquals?: { readonly [key: string]: string } | undefined
  readonly EncryptionContextSubset?: { readonly [key: string]: string } | undefined
}

export interface GrantListEntry {
  readonly Constraints?: GrantConstraints | undefined
  readonly CreationDate?: number | undefined
  readonly GrantId?: string | undefined
  readonly GranteePrincipal?: string | undefined
  readonly IssuingAccount?: string | undefined
  readonly KeyId?: string | undefined
  readonly Name?: string | undefined
  readonly Operations?: readonly string[] | undefined
  readonly RetiringPrincipal?: string | undefined
}

export interface ImportKeyMaterialRequest {
  readonly EncryptedKeyMaterial: Uint8Array
  readonly ExpirationModel?: string | undefined
  readonly ImportToken: Uint8Array
  readonly ImportType?: string | undefined
  readonly KeyId: string
  readonly KeyMaterialDescription?: string | undefined
  readonly KeyMaterialId?: string | undefined
  readonly ValidTo?: number | undefined
}

export interface ImportKeyMaterialResponse {
  readonly KeyId?: string | undefined
  readonly KeyMaterialId?: string | undefined
}

export interface KeyLastUsageData {
  readonly CloudTrailEventId?: string | undefined
  readonly KmsRequestId?: string | undefined
  readonly Operation?: string | undefined
  readonly Timestamp?: number | undefined
}

export interface KeyListEntry {
  readonly KeyArn?: string | undefined
  readonly KeyId?: string | undefined
}

export interface KeyMetadata {
  readonly AWSAccountId?: string | undefined
  readonly Arn?: string | undefined
  readonly CloudHsmClusterId?: string | undefined
  readonly CreationDate?: number | undefined
  readonly CurrentKeyMaterialId?: string | undefined
  readonly CustomKeyStoreId?: string | undefined
  readonly CustomerMasterKeySpec?: string | undefined
  readonly DeletionDate?: number | undefined
  readonly Description?: string | undefined
  readonly Enabled?: boolean | undefined
  readonly EncryptionAlgorithms?: readonly string[] | undefined
  readonly ExpirationModel?: string | undefined
  readonly KeyAgreementAlgorithms?: readonly string[] | undefined
  readonly KeyId: string
  readonly KeyManager?: string | undefined
  readonly KeySpec?: string | undefined
  readonly KeyState?: string | undefined
  readonly KeyUsage?: string | undefined
  readonly MacAlgorithms?: readonly string[] | undefined
  readonly MultiRegion?: boolean | undefined
  readonly MultiRegionConfiguration?: MultiRegionConfiguration | undefined
  readonly Origin?: string | undefined
  readonly PendingDeletionWindowInDays?: number | undefined
  readonly SigningAlgorithms?: readonly string[] | undefined
  readonly ValidTo?: number | undefined
  readonly XksKeyConfiguration?: XksKeyConfigurationType | undefined
}

export interface ListAliasesRequest {
  readonly KeyId?: string | undefined
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface ListAliasesResponse {
  readonly Aliases?: readonly AliasListEntry[] | undefined
  readonly NextMarker?: string | undefined
  readonly Truncated?: boolean | undefined
}

export interface ListGrantsRequest {
  readonly GrantId?: string | undefined
  readonly GranteePrincipal?: string | undefined
  readonly KeyId: string
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface ListGrantsResponse {
  readonly Grants?: readonly GrantListEntry[] | undefined
  readonly NextMarker?: string | undefined
  readonly Truncated?: boolean | undefined
}

export interface ListKeyPoliciesRequest {
  readonly KeyId: string
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface ListKeyPoliciesResponse {
  readonly NextMarker?: string | undefined
  readonly PolicyNames?: readonly string[] | undefined
  readonly Truncated?: boolean | undefined
}

export interface ListKeyRotationsRequest {
  readonly IncludeKeyMaterial?: string | undefined
  readonly KeyId: string
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface ListKeyRotationsResponse {
  readonly NextMarker?: string | undefined
  readonly Rotations?: readonly RotationsListEntry[] | undefined
  readonly Truncated?: boolean | undefined
}

export interface ListKeysRequest {
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface ListKeysResponse {
  readonly Keys?: readonly KeyListEntry[] | undefined
  readonly NextMarker?: string | undefined
  readonly Truncated?: boolean | undefined
}

export interface ListResourceTagsRequest {
  readonly KeyId: string
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface ListResourceTagsResponse {
  readonly NextMarker?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly Truncated?: boolean | undefined
}

export interface ListRetirableGrantsRequest {
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
  readonly RetiringPrincipal: string
}

export interface MultiRegionConfiguration {
  readonly MultiRegionKeyType?: string | undefined
  readonly PrimaryKey?: MultiRegionKey | undefined
  readonly ReplicaKeys?: readonly MultiRegionKey[] | undefined
}

export interface MultiRegionKey {
  readonly Arn?: string | undefined
  readonly Region?: string | undefined
}

export interface PutKeyPolicyRequest {
  readonly BypassPolicyLockoutSafetyCheck?: boolean | undefined
  readonly KeyId: string
  readonly Policy: string
  readonly PolicyName?: string | undefined
}

export interface ReEncryptRequest {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly DestinationEncryptionAlgorithm?: string | undefined
  readonly DestinationEncryptionContext?: { readonly [key: string]: string } | undefined
  readonly DestinationKeyId: string
  readonly DryRun?: boolean | undefined
  readonly DryRunModifiers?: readonly string[] | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly SourceEncryptionAlgorithm?: string | undefined
  readonly SourceEncryptionContext?: { readonly [key: string]: string } | undefined
  readonly SourceKeyId?: string | undefined
}

export interface ReEncryptResponse {
  readonly CiphertextBlob?: Uint8Array | undefined
  readonly DestinationEncryptionAlgorithm?: string | undefined
  readonly DestinationKeyMaterialId?: string | undefined
  readonly KeyId?: string | undefined
  readonly SourceEncryptionAlgorithm?: string | undefined
  readonly SourceKeyId?: string | undefined
  readonly SourceKeyMaterialId?: string | undefined
}

export interface RecipientInfo {
  readonly AttestationDocument?: Uint8Array | undefined
  readonly KeyEncryptionAlgorithm?: string | undefined
}

export interface ReplicateKeyRequest {
  readonly BypassPolicyLockoutSafetyCheck?: boolean | undefined
  readonly Description?: string | undefined
  readonly KeyId: string
  readonly Policy?: string | undefined
  readonly ReplicaRegion: string
  readonly Tags?: readonly Tag[] | undefined
}

export interface ReplicateKeyResponse {
  readonly ReplicaKeyMetadata?: KeyMetadata | undefined
  readonly ReplicaPolicy?: string | undefined
  readonly ReplicaTags?: readonly Tag[] | undefined
}

export interface RetireGrantRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantId?: string | undefined
  readonly GrantToken?: string | undefined
  readonly KeyId?: string | undefined
}

export interface RevokeGrantRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantId: string
  readonly KeyId: string
}

export interface RotateKeyOnDemandRequest {
  readonly KeyId: string
}

export interface RotateKeyOnDemandResponse {
  readonly KeyId?: string | undefined
}

export interface RotationsListEntry {
  readonly ExpirationModel?: string | undefined
  readonly ImportState?: string | undefined
  readonly KeyId?: string | undefined
  readonly KeyMaterialDescription?: string | undefined
  readonly KeyMaterialId?: string | undefined
  readonly KeyMaterialState?: string | undefined
  readonly RotationDate?: number | undefined
  readonly RotationType?: string | undefined
  readonly ValidTo?: number | undefined
}

export interface ScheduleKeyDeletionRequest {
  readonly KeyId: string
  readonly PendingWindowInDays?: number | undefined
}

export interface ScheduleKeyDeletionResponse {
  readonly DeletionDate?: number | undefined
  readonly KeyId?: string | undefined
  readonly KeyState?: string | undefined
  readonly PendingWindowInDays?: number | undefined
}

export interface SignRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly Message: Uint8Array
  readonly MessageType?: string | undefined
  readonly SigningAlgorithm: string
}

export interface SignResponse {
  readonly KeyId?: string | undefined
  readonly Signature?: Uint8Array | undefined
  readonly SigningAlgorithm?: string | undefined
}

export interface Tag {
  readonly TagKey: string
  readonly TagValue: string
}

export interface TagResourceRequest {
  readonly KeyId: string
  readonly Tags: readonly Tag[]
}

export interface UntagResourceRequest {
  readonly KeyId: string
  readonly TagKeys: readonly string[]
}

export interface UpdateAliasRequest {
  readonly AliasName: string
  readonly TargetKeyId: string
}

export interface UpdateCustomKeyStoreRequest {
  readonly CloudHsmClusterId?: string | undefined
  readonly CustomKeyStoreId: string
  readonly KeyStorePassword?: string | undefined
  readonly NewCustomKeyStoreName?: string | undefined
  readonly XksProxyAuthenticationCredential?: XksProxyAuthenticationCredentialType | undefined
  readonly XksProxyConnectivity?: string | undefined
  readonly XksProxyUriEndpoint?: string | undefined
  readonly XksProxyUriPath?: string | undefined
  readonly XksProxyVpcEndpointServiceName?: string | undefined
  readonly XksProxyVpcEndpointServiceOwner?: string | undefined
}

export type UpdateCustomKeyStoreResponse = object

export interface UpdateKeyDescriptionRequest {
  readonly Description: string
  readonly KeyId: string
}

export interface UpdatePrimaryRegionRequest {
  readonly KeyId: string
  readonly PrimaryRegion: string
}

export interface VerifyMacRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly Mac: Uint8Array
  readonly MacAlgorithm: string
  readonly Message: Uint8Array
}

export interface VerifyMacResponse {
  readonly KeyId?: string | undefined
  readonly MacAlgorithm?: string | undefined
  readonly MacValid?: boolean | undefined
}

export interface VerifyRequest {
  readonly DryRun?: boolean | undefined
  readonly GrantTokens?: readonly string[] | undefined
  readonly KeyId: string
  readonly Message: Uint8Array
  readonly MessageType?: string | undefined
  readonly Signature: Uint8Array
  readonly SigningAlgorithm: string
}

export interface VerifyResponse {
  readonly KeyId?: string | undefined
  readonly SignatureValid?: boolean | undefined
  readonly SigningAlgorithm?: string | undefined
}

export interface XksKeyConfigurationType {
  readonly Id?: string | undefined
}

export interface XksProxyAuthenticationCredentialType {
  readonly AccessKeyId: string
  readonly RawSecretAccessKey: string
}

export interface XksProxyConfigurationType {
  readonly AccessKeyId?: string | undefined
  readonly Connectivity?: string | undefined
  readonly UriEndpoint?: string | undefined
  readonly UriPath?: string | undefined
  readonly VpcEndpointServiceName?: string | undefined
  readonly VpcEndpointServiceOwner?: string | undefined
}
