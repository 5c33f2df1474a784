import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadSigningKey } from '../../src/delivery/signing-key.ts'
import { ServerProcess } from '../server-process.ts'

let server: ServerProcess | undefined
afterAll(() => server?.destroy())

test('a server serves the certificate of its signing key to everyone, the same after a restart', async () => {
  server = await ServerProcess.create()
  await server.start()
  const { certificatePath, certificate } = await loadSigningKey(server.dataDirectory, 0)
  const fetchCertificate = async () => {
    const answer = await fetch(`${server?.url}${certificatePath}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/x-pem-file')
    return answer.text()
  }
  expect(await fetchCertificate()).toBe(certificate)
  await server.kill()
  await server.start()
  const text = await fetchCertificate()
  expect(text).toBe(certificate)
  expect(new X509Certificate(text).subject).toBe('CN=Millrace SNS signing')

  const key = await readFile(join(server.dataDirectory, 'sns-signing-key.pem'), 'utf8')
  expect(key).toContain('PRIVATE KEY')
  expect(text).not.toContain('PRIVATE')
  const other = await fetch(`${server.url}${certificatePath.replace(/.\.pem$/, 'x.pem')}`)
  expect(other.status).not.toBe(200)
})
