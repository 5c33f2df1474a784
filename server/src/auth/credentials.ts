import type { AccessKey, KeyUse } from '../api/access-key.ts'

/** Where access keys are looked up: a local view, so that verifying a request never waits. */
export interface Credentials {
  /**
   * The key as it now is, or undefined if there is none or it is disabled. Keys that didn't change are the same object. A session's key is
   * known by its token alone, which comes with the request.
   */
  find(accessKeyId: string, sessionToken: string | undefined): AccessKey | undefined
  /** A request was signed with the key, and rightly so. */
  noteUse?(accessKey: AccessKey, use: KeyUse): void
}
