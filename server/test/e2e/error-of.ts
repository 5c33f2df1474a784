/** What an SDK's request was refused with. */
export async function errorOf(request: Promise<unknown>) {
  const error = await request.then(
    () => new Error('not refused'),
    (thrown: Error & { $metadata?: { httpStatusCode?: number } }) => thrown,
  )
  const status = '$metadata' in error ? error.$metadata?.httpStatusCode : undefined
  return { name: error.name, message: error.message, status }
}
