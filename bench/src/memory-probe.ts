/**
 * Loaded into a server before its own code (`node --expose-gc --import`): answers each message from the parent with
 * the process's memory, before and after a full garbage collection. Does not keep the process alive.
 */

/** Bytes. `heapAndExternal` is what JavaScript objects and their buffers take; the rest of `resident` is V8's own. */
export interface MemoryReading {
  readonly resident: number
  readonly heapAndExternal: number
}

export interface MemoryReport {
  readonly beforeCollection: MemoryReading
  readonly afterCollection: MemoryReading
}

process.on('message', () => {
  const beforeCollection = read()
  // Twice: what the first collection finalizes, the second can free.
  globalThis.gc?.()
  globalThis.gc?.()
  const report: MemoryReport = { beforeCollection, afterCollection: read() }
  process.send?.(report)
})
process.channel?.unref()

function read(): MemoryReading {
  const usage = process.memoryUsage()
  return { resident: usage.rss, heapAndExternal: usage.heapUsed + usage.external }
}
