import { runCell } from './cell-figures.ts'
import type { Figure } from './figures.ts'
import { type HttpFigures, measureEncryptedSends, measureSealedSends } from './http-figures.ts'
import type { Options } from './options.ts'
import type { Pinning } from './pinning.ts'

/** Measures the same work with and without encryption at rest, and with and without a key of the queue's own, run by run in turns: without is the ceiling. */
export async function measureEncryption(
  options: Options,
  pinning: Pinning | undefined,
): Promise<HttpFigures> {
  const encrypted: number[] = []
  const plain: number[] = []
  for (let run = 0; run < options.runs; run++) {
    plain.push(await runCell(options, pinning, []))
    encrypted.push(await runCell(options, pinning, [], true))
  }
  const cell: Figure = {
    name: 'cell and journal alone, batches of 10: send + receive + delete, encrypted (ceiling: plain)',
    unit: 'messages/s',
    millrace: encrypted,
    ceiling: plain,
    budget: { kind: 'of ceiling', atLeast: 0.85 },
  }
  const sends = await measureEncryptedSends(options, pinning)
  const sealed = await measureSealedSends(options, pinning)
  return {
    figures: [cell, ...sends.figures, ...sealed.figures],
    loaderCpu: Math.max(sends.loaderCpu, sealed.loaderCpu),
  }
}
