// Made from the service model by scripts/generate-model-types.mjs; not to be edited.
// Operations of iam: what they take and give, by the names on the wire.

export interface AccessKey {
  readonly AccessKeyId: string
  readonly CreateDate?: number | undefined
  readonly SecretAccessKey: string
  readonly Status: string
  readonly UserName: string
}

export interface AccessKeyLastUsed {
  readonly LastUsedDate?: number | undefined
  readonly Region: string
  readonly ServiceName: string
}

export interface AccessKeyMetadata {
  readonly AccessKeyId?: string | undefined
  readonly CreateDate?: number | undefined
  readonly Status?: string | undefined
  readonly UserName?: string | undefined
}

export interface AddUserToGroupRequest {
  readonly GroupName: string
  readonly UserName: string
}

export interface AttachGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyArn: string
}

export interface AttachRolePolicyRequest {
  readonly PolicyArn: string
  readonly RoleName: string
}

export interface AttachUserPolicyRequest {
  readonly PolicyArn: string
  readonly UserName: string
}

export interface AttachedPermissionsBoundary {
  readonly PermissionsBoundaryArn?: string | undefined
  readonly PermissionsBoundaryType?: string | undefined
}

export interface AttachedPolicy {
  readonly PolicyArn?: string | undefined
  readonly PolicyName?: string | undefined
}

export interface ContextEntry {
  readonly ContextKeyName?: string | undefined
  readonly ContextKeyType?: string | undefined
  readonly ContextKeyValues?: readonly string[] | undefined
}

export interface CreateAccessKeyRequest {
  readonly UserName?: string | undefined
}

export interface CreateAccessKeyResponse {
  readonly AccessKey: AccessKey
}

export interface CreateAccountAliasRequest {
  readonly AccountAlias: string
}

export interface CreateGroupRequest {
  readonly GroupName: string
  readonly Path?: string | undefined
}

export interface CreateGroupResponse {
  readonly Group: Group
}

export interface CreatePolicyRequest {
  readonly Description?: string | undefined
  readonly Path?: string | undefined
  readonly PolicyDocument: string
  readonly PolicyName: string
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreatePolicyResponse {
  readonly Policy?: Policy | undefined
}

export interface CreatePolicyVersionRequest {
  readonly PolicyArn: string
  readonly PolicyDocument: string
  readonly SetAsDefault?: boolean | undefined
}

export interface CreatePolicyVersionResponse {
  readonly PolicyVersion?: PolicyVersion | undefined
}

export interface CreateRoleRequest {
  readonly AssumeRolePolicyDocument: string
  readonly Description?: string | undefined
  readonly MaxSessionDuration?: number | undefined
  readonly Path?: string | undefined
  readonly PermissionsBoundary?: string | undefined
  readonly RoleName: string
  readonly Tags?: readonly Tag[] | undefined
}

export interface CreateRoleResponse {
  readonly Role: Role
}

export interface CreateUserRequest {
  readonly Path?: string | undefined
  readonly PermissionsBoundary?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly UserName: string
}

export interface CreateUserResponse {
  readonly User?: User | undefined
}

export interface DeleteAccessKeyRequest {
  readonly AccessKeyId: string
  readonly UserName?: string | undefined
}

export interface DeleteGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyName: string
}

export interface DeleteGroupRequest {
  readonly GroupName: string
}

export interface DeletePolicyRequest {
  readonly PolicyArn: string
}

export interface DeletePolicyVersionRequest {
  readonly PolicyArn: string
  readonly VersionId: string
}

export interface DeleteRolePolicyRequest {
  readonly PolicyName: string
  readonly RoleName: string
}

export interface DeleteRoleRequest {
  readonly RoleName: string
}

export interface DeleteUserPolicyRequest {
  readonly PolicyName: string
  readonly UserName: string
}

export interface DeleteUserRequest {
  readonly UserName: string
}

export interface DetachGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyArn: string
}

export interface DetachRolePolicyRequest {
  readonly PolicyArn: string
  readonly RoleName: string
}

export interface DetachUserPolicyRequest {
  readonly PolicyArn: string
  readonly UserName: string
}

export interface EvaluationResult {
  readonly EvalActionName: string
  readonly EvalDecision: string
  readonly EvalDecisionDetails?: { readonly [key: string]: string } | undefined
  readonly EvalResourceName?: string | undefined
  readonly MatchedStatements?: readonly Statement[] | undefined
  readonly MissingContextValues?: readonly string[] | undefined
  readonly OrganizationsDecisionDetail?: OrganizationsDecisionDetail | undefined
  readonly PermissionsBoundaryDecisionDetail?: PermissionsBoundaryDecisionDetail | undefined
  readonly ResourceSpecificResults?: readonly ResourceSpecificResult[] | undefined
}

export interface GetAccessKeyLastUsedRequest {
  readonly AccessKeyId: string
}

export interface GetAccessKeyLastUsedResponse {
  readonly AccessKeyLastUsed?: AccessKeyLastUsed | undefined
  readonly UserName?: string | undefined
}

export interface GetAccountSummaryResponse {
  readonly SummaryMap?: { readonly [key: string]: number } | undefined
}

export interface GetGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyName: string
}

export interface GetGroupPolicyResponse {
  readonly GroupName: string
  readonly PolicyDocument: string
  readonly PolicyName: string
}

export interface GetGroupRequest {
  readonly GroupName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface GetGroupResponse {
  readonly Group: Group
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Users?: readonly User[] | undefined
}

export interface GetPolicyRequest {
  readonly PolicyArn: string
}

export interface GetPolicyResponse {
  readonly Policy?: Policy | undefined
}

export interface GetPolicyVersionRequest {
  readonly PolicyArn: string
  readonly VersionId: string
}

export interface GetPolicyVersionResponse {
  readonly PolicyVersion?: PolicyVersion | undefined
}

export interface GetRolePolicyRequest {
  readonly PolicyName: string
  readonly RoleName: string
}

export interface GetRolePolicyResponse {
  readonly PolicyDocument: string
  readonly PolicyName: string
  readonly RoleName: string
}

export interface GetRoleRequest {
  readonly RoleName: string
}

export interface GetRoleResponse {
  readonly Role: Role
}

export interface GetUserPolicyRequest {
  readonly PolicyName: string
  readonly UserName: string
}

export interface GetUserPolicyResponse {
  readonly PolicyDocument: string
  readonly PolicyName: string
  readonly UserName: string
}

export interface GetUserRequest {
  readonly UserName?: string | undefined
}

export interface GetUserResponse {
  readonly User: User
}

export interface Group {
  readonly Arn: string
  readonly CreateDate: number
  readonly GroupId: string
  readonly GroupName: string
  readonly Path: string
}

export interface ListAccessKeysRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly UserName?: string | undefined
}

export interface ListAccessKeysResponse {
  readonly AccessKeyMetadata?: readonly AccessKeyMetadata[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAccountAliasesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListAccountAliasesResponse {
  readonly AccountAliases?: readonly string[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAttachedGroupPoliciesRequest {
  readonly GroupName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
}

export interface ListAttachedGroupPoliciesResponse {
  readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAttachedRolePoliciesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
  readonly RoleName: string
}

export interface ListAttachedRolePoliciesResponse {
  readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListAttachedUserPoliciesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
  readonly UserName: string
}

export interface ListAttachedUserPoliciesResponse {
  readonly AttachedPolicies?: readonly AttachedPolicy[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListEntitiesForPolicyRequest {
  readonly EntityFilter?: string | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
  readonly PolicyArn: string
  readonly PolicyUsageFilter?: string | undefined
}

export interface ListEntitiesForPolicyResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly PolicyGroups?: readonly PolicyGroup[] | undefined
  readonly PolicyRoles?: readonly PolicyRole[] | undefined
  readonly PolicyUsers?: readonly PolicyUser[] | undefined
}

export interface ListGroupPoliciesRequest {
  readonly GroupName: string
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

export interface ListGroupPoliciesResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly PolicyNames?: readonly string[] | undefined
}

export interface ListGroupsForUserRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly UserName: string
}

export interface ListGroupsForUserResponse {
  readonly Groups?: readonly Group[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListGroupsRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
}

export interface ListGroupsResponse {
  readonly Groups?: readonly Group[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface ListPoliciesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly OnlyAttached?: boolean | undefined
  readonly PathPrefix?: string | undefined
  readonly PolicyUsageFilter?: string | undefined
  readonly Scope?: string | undefined
}

export interface ListPoliciesResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Policies?: readonly Policy[] | undefined
}

export interface ListPolicyVersionsRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PolicyArn: string
}

export interface ListPolicyVersionsResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Versions?: readonly PolicyVersion[] | undefined
}

export interface ListRolePoliciesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly RoleName: string
}

export interface ListRolePoliciesResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly PolicyNames?: readonly string[] | undefined
}

export interface ListRoleTagsRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly RoleName: string
}

export interface ListRoleTagsResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface ListRolesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
}

export interface ListRolesResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Roles?: readonly Role[] | undefined
}

export interface ListUserPoliciesRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly UserName: string
}

export interface ListUserPoliciesResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly PolicyNames?: readonly string[] | undefined
}

export interface ListUserTagsRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly UserName: string
}

export interface ListUserTagsResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface ListUsersRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
}

export interface ListUsersResponse {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
  readonly Users?: readonly User[] | undefined
}

export interface OrganizationsDecisionDetail {
  readonly AllowedByOrganizations?: boolean | undefined
}

export interface PermissionsBoundaryDecisionDetail {
  readonly AllowedByPermissionsBoundary?: boolean | undefined
}

export interface Policy {
  readonly Arn?: string | undefined
  readonly AttachmentCount?: number | undefined
  readonly CreateDate?: number | undefined
  readonly DefaultVersionId?: string | undefined
  readonly Description?: string | undefined
  readonly IsAttachable?: boolean | undefined
  readonly Path?: string | undefined
  readonly PermissionsBoundaryUsageCount?: number | undefined
  readonly PolicyId?: string | undefined
  readonly PolicyName?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly UpdateDate?: number | undefined
}

export interface PolicyGroup {
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
}

export interface PolicyRole {
  readonly RoleId?: string | undefined
  readonly RoleName?: string | undefined
}

export interface PolicyUser {
  readonly UserId?: string | undefined
  readonly UserName?: string | undefined
}

export interface PolicyVersion {
  readonly CreateDate?: number | undefined
  readonly Document?: string | undefined
  readonly IsDefaultVersion?: boolean | undefined
  readonly VersionId?: string | undefined
}

export interface Position {
  readonly Column?: number | undefined
  readonly Line?: number | undefined
}

export interface PutGroupPolicyRequest {
  readonly GroupName: string
  readonly PolicyDocument: string
  readonly PolicyName: string
}

export interface PutRolePolicyRequest {
  readonly PolicyDocument: string
  readonly PolicyName: string
  readonly RoleName: string
}

export interface PutUserPolicyRequest {
  readonly PolicyDocument: string
  readonly PolicyName: string
  readonly UserName: string
}

export interface RemoveUserFromGroupRequest {
  readonly GroupName: string
  readonly UserName: string
}

export interface ResourceSpecificResult {
  readonly EvalDecisionDetails?: { readonly [key: string]: string } | undefined
  readonly EvalResourceDecision: string
  readonly EvalResourceName: string
  readonly MatchedStatements?: readonly Statement[] | undefined
  readonly MissingContextValues?: readonly string[] | undefined
  readonly PermissionsBoundaryDecisionDetail?: PermissionsBoundaryDecisionDetail | undefined
}

export interface Role {
  readonly Arn: string
  readonly AssumeRolePolicyDocument?: string | undefined
  readonly CreateDate: number
  readonly Description?: string | undefined
  readonly MaxSessionDuration?: number | undefined
  readonly Path: string
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly RoleId: string
  readonly RoleLastUsed?: RoleLastUsed | undefined
  readonly RoleName: string
  readonly Tags?: readonly Tag[] | undefined
}

export interface RoleLastUsed {
  readonly LastUsedDate?: number | undefined
  readonly Region?: string | undefined
}

export interface SetDefaultPolicyVersionRequest {
  readonly PolicyArn: string
  readonly VersionId: string
}

export interface SimulateCustomPolicyRequest {
  readonly ActionNames: readonly string[]
  readonly CallerArn?: string | undefined
  readonly ContextEntries?: readonly ContextEntry[] | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined
  readonly PolicyInputList: readonly string[]
  readonly ResourceArns?: readonly string[] | undefined
  readonly ResourceHandlingOption?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly ResourcePolicy?: string | undefined
}

export interface SimulatePolicyResponse {
  readonly EvaluationResults?: readonly EvaluationResult[] | undefined
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

export interface SimulatePrincipalPolicyRequest {
  readonly ActionNames: readonly string[]
  readonly CallerArn?: string | undefined
  readonly ContextEntries?: readonly ContextEntry[] | undefined
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined
  readonly PolicyInputList?: readonly string[] | undefined
  readonly PolicySourceArn: string
  readonly ResourceArns?: readonly string[] | undefined
  readonly ResourceHandlingOption?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly ResourcePolicy?: string | undefined
}

export interface Statement {
  readonly EndPosition?: Position | undefined
  readonly SourcePolicyId?: string | undefined
  readonly SourcePolicyType?: string | undefined
  readonly StartPosition?: Position | undefined
}

export interface Tag {
  readonly Key: string
  readonly Value: string
}

export interface TagRoleRequest {
  readonly RoleName: string
  readonly Tags: readonly Tag[]
}

export interface TagUserRequest {
  readonly Tags: readonly Tag[]
  readonly UserName: string
}

export interface UntagRoleRequest {
  readonly RoleName: string
  readonly TagKeys: readonly string[]
}

export interface UntagUserRequest {
  readonly TagKeys: readonly string[]
  readonly UserName: string
}

export interface UpdateAccessKeyRequest {
  readonly AccessKeyId: string
  readonly Status: string
  readonly UserName?: string | undefined
}

export interface UpdateAssumeRolePolicyRequest {
  readonly PolicyDocument: string
  readonly RoleName: string
}

export interface UpdateRoleRequest {
  readonly Description?: string | undefined
  readonly MaxSessionDuration?: number | undefined
  readonly RoleName: string
}

export type UpdateRoleResponse = object

export interface UpdateUserRequest {
  readonly NewPath?: string | undefined
  readonly NewUserName?: string | undefined
  readonly UserName: string
}

export interface User {
  readonly Arn: string
  readonly CreateDate: number
  readonly PasswordLastUsed?: number | undefined
  readonly Path: string
  readonly PermissionsBoundary?: AttachedPermissionsBoundary | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly UserId: string
  readonly UserName: string
}
