import { DEFAULT_REGION } from './auth/region.ts'

/** What AWS clients need to find a server. */
export interface ClientAccess {
  readonly url: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The first one if left out. */
  readonly region?: string
}

/** The variables that AWS clients read that from. */
export function clientVariables({
  url,
  accessKeyId,
  secretAccessKey,
  region = DEFAULT_REGION,
}: ClientAccess) {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
    // boto3 and version 1 of the AWS CLI look for this name only.
    AWS_DEFAULT_REGION: region,
  } as const
}
