import { expect, test } from 'vitest'
import { parseCoreList, quietestCore } from './pinning.ts'

test('a list of cores holds single cores and ranges', () => {
  expect(parseCoreList('0-2,5,8-9')).toEqual([0, 1, 2, 5, 8, 9])
  expect(parseCoreList('3')).toEqual([3])
})

test('the core that devices interrupt least is measured on, the last of those that are alike', () => {
  const table = `           CPU0       CPU1       CPU2
 24:          1          0          5   IO-APIC   5-edge      ACPI:Ged
 36:          0   19741597          0   PCI-MSIX-0000:00:02.0   1-edge      disk
 43:        600          0        596   PCI-MSIX-0000:00:04.0   3-edge      network
LOC:   16781722   18179279          0   Local timer interrupts
ERR:          0
`
  expect(quietestCore([0, 1], table)).toBe(0)
  expect(quietestCore([0, 1, 2], table)).toBe(2)
  expect(quietestCore([1], table)).toBe(1)
  // Where there is no such table.
  expect(quietestCore([0, 1], '')).toBe(1)
})
