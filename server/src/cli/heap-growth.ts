import { setFlagsFromString } from 'node:v8'

/** By how much the heap may outgrow what was alive in it after the last full collection. Percent. */
const GROWTH_PERCENT = 300

/**
 * To be called once, when the process starts: full collections come when the heap has grown to four times what is alive in it, which is the most
 * that V8 would choose by itself.
 *
 * What is alive here is small, tens of megabytes, since messages are kept outside the heap; and V8 lets a small heap grow by little. But
 * buffers count as growth: those of requests, of frames and of blocks that were read are a megabyte every few milliseconds. So it began a full
 * collection several times a second, which took a tenth of the thread and as much of another one, and made turns of 20 ms.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
}
