import type { Routes } from './request-handler.ts'

/** The certificate that notifications are verified with, for everyone: it is public, and clients fetch it unsigned. */
export function certificateRoutes({ path, certificate }: CertificateOptions): Routes {
  return {
    [path]: async ({ method }) => {
      if (method !== 'GET' && method !== 'HEAD')
        return { status: 405, headers: { allow: 'GET, HEAD' }, body: '' }
      // The path names this very certificate, so that what is there never changes.
      const headers = {
        'content-type': 'application/x-pem-file',
        'cache-control': 'public, max-age=31536000, immutable',
      }
      return { status: 200, headers, body: await certificate() }
    },
  }
}

export interface CertificateOptions {
  readonly path: string
  /** PEM text. */
  readonly certificate: () => Promise<string>
}
