/** Where a request without a usable credential scope belongs. */
export const DEFAULT_REGION = 'us-east-1'

const REGION = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/

/** Whether a name can be a region: it becomes part of ARNs and URLs. Which regions AWS has doesn't matter here. */
export function isRegion(name: string): boolean {
  return REGION.test(name)
}
