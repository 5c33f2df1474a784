import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type NamedResource, ResourceDirectory } from './resource-directory.ts'

const newDirectory = () =>
  new ResourceDirectory<NamedResource>(({ accountId, region, name }) => `arn:${region}:${accountId}:${name}`)

function queueNamed(number: number, name: string, accountId = '1', region = 'r'): NamedResource {
  return { number, address: { accountId, region, name } }
}

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '_', '0'), minLength: 1, maxLength: 4 })

test('paging goes through exactly the names a sorted list has, in its order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 40 }),
      fc.array(fc.nat()),
      fc.oneof(fc.constant(''), name),
      fc.integer({ min: 1, max: 7 }),
      (names, removals, prefix, limit) => {
        const directory = newDirectory()
        const queues = names.map((each, i) => queueNamed(i + 1, each))
        for (const queue of queues) directory.add(queue)
        for (const removal of removals) {
          const [queue] = queues.splice(removal % Math.max(1, queues.length), 1)
          if (queue !== undefined) directory.remove(queue)
        }
        const matches = (queue: NamedResource) => queue.number % 3 !== 0
        const expected = queues
          .filter((queue) => matches(queue) && queue.address.name.startsWith(prefix))
          .map((queue) => queue.address.name)
          .sort((a, b) => (a < b ? -1 : 1))
        const listed: string[] = []
        let after: string | null = ''
        while (after !== null) {
          const page = directory.page({ accountId: '1', region: 'r' }, prefix, after, limit, matches)
          expect(page.names.length).toBeLessThanOrEqual(limit)
          // A next page is promised only where there is one.
          if (after !== '') expect(page.names.length).toBeGreaterThan(0)
          listed.push(...page.names)
          after = page.next
        }
        expect(listed).toEqual(expected)
        expect(directory.size).toBe(queues.length)
      },
    ),
    { numRuns: 300 },
  )
})

test('what was found last is found as long as it is there, and as what is there now', () => {
  const directory = newDirectory()
  const [first, other, second] = [queueNamed(1, 'a'), queueNamed(2, 'b'), queueNamed(3, 'a')]
  directory.add(first)
  directory.add(other)
  for (let i = 0; i < 2; i++) expect(directory.at({ ...first.address })).toBe(first)
  expect(directory.at(other.address)).toBe(other)
  expect(directory.at({ ...first.address, region: 's' })).toBeUndefined()
  expect(directory.at({ ...first.address, accountId: '2' })).toBeUndefined()
  expect(directory.at(first.address)).toBe(first)
  directory.remove(other)
  directory.remove(first)
  expect(directory.at(first.address)).toBeUndefined()
  directory.add(second)
  expect(directory.at(first.address)).toBe(second)
  directory.takeAll()
  expect(directory.at(second.address)).toBeUndefined()
})

test('a page begins after a name that is gone, and after a name that does not have the prefix', () => {
  const directory = newDirectory()
  for (const [i, each] of ['a', 'b1', 'b3', 'c'].entries()) directory.add(queueNamed(i + 1, each))
  const scope = { accountId: '1', region: 'r' }
  const namesAfter = (prefix: string, after: string) =>
    directory.page(scope, prefix, after, 10, () => true).names
  expect(namesAfter('', 'b2')).toEqual(['b3', 'c'])
  expect(namesAfter('b', 'a')).toEqual(['b1', 'b3'])
  expect(namesAfter('b', 'b1')).toEqual(['b3'])
  expect(namesAfter('b', 'c')).toEqual([])
  expect(namesAfter('b1', '')).toEqual(['b1'])
})

test('queues of the same name in other accounts and regions are other queues', () => {
  const directory = newDirectory()
  const queues = [queueNamed(1, 'q', '1', 'r'), queueNamed(2, 'q', '2', 'r'), queueNamed(3, 'q', '1', 's')]
  for (const queue of queues) directory.add(queue)
  for (const queue of queues) {
    expect(directory.at(queue.address)).toBe(queue)
    expect(directory.withArn(`arn:${queue.address.region}:${queue.address.accountId}:q`)).toBe(queue)
    expect(directory.numbered(queue.number)).toBe(queue)
    expect(directory.page(queue.address, '', '', 10, () => true).names).toEqual(['q'])
  }
  directory.remove(queues[0]!)
  expect(directory.at(queues[0]!.address)).toBeUndefined()
  expect(directory.numbered(1)).toBeUndefined()
  expect([...directory]).toEqual(queues.slice(1))
})

test('what is asked for by the same objects again is found by them as by others', () => {
  const directory = newDirectory()
  const queues = [queueNamed(1, 'a'), queueNamed(2, 'b'), queueNamed(3, 'a', '2')]
  const addresses = queues.map(({ address }) => ({ ...address }))
  for (const queue of queues) directory.add(queue)
  for (const i of [0, 0, 1, 0, 2, 1, 1, 0, 2, 2, 0]) expect(directory.at(addresses[i]!)).toBe(queues[i])
  directory.remove(queues[0]!)
  expect(directory.at(addresses[0]!)).toBeUndefined()
  expect(directory.at(addresses[1]!)).toBe(queues[1])
  const again = queueNamed(4, 'a')
  directory.add(again)
  for (const i of [0, 1, 0]) expect(directory.at(addresses[i]!)).toBe(i === 0 ? again : queues[i])
  directory.takeAll()
  expect(directory.at(addresses[0]!)).toBeUndefined()
})
