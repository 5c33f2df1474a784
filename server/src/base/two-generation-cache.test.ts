import { expect, test } from 'vitest'
import { TwoGenerationCache } from './two-generation-cache.ts'

test('it never holds more than it may', () => {
  const cache = new TwoGenerationCache<number>(10)
  for (let i = 0; i < 1_000; i++) {
    cache.set(`key ${i}`, i)
    expect(cache.size).toBeLessThanOrEqual(10)
  }
  expect(cache.get('key 999')).toBe(999)
  expect(cache.get('key 0')).toBeUndefined()
})

test('what is used again and again stays, however much else comes', () => {
  const cache = new TwoGenerationCache<string>(10)
  cache.set('used', 'value')
  for (let i = 0; i < 100; i++) {
    cache.set(`key ${i}`, 'other')
    expect(cache.get('used')).toBe('value')
  }
})

test('a newer value takes the older one’s place in either generation', () => {
  const cache = new TwoGenerationCache<string>(4)
  cache.set('key', 'first')
  cache.set('key', 'second')
  cache.set('a', 'other')
  cache.set('b', 'other')
  cache.set('key', 'third')
  expect(cache.get('key')).toBe('third')
  expect(cache.size).toBe(3)
})

test('what is deleted is gone from either generation', () => {
  const cache = new TwoGenerationCache<string>(4)
  for (const key of ['a', 'b', 'c']) cache.set(key, 'value')
  cache.delete('a')
  cache.delete('c')
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 'value', undefined])
  expect(cache.size).toBe(1)
})
