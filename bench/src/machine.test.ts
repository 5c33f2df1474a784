import { expect, test } from 'vitest'
import { findFileSystem } from './machine.ts'

const mounts = [
  '/dev/vda / ext4 rw,relatime 0 0',
  'tmpfs /tmp tmpfs rw 0 0',
  '/dev/vdb /tmp/bench xfs rw 0 0',
  'proc /proc proc rw 0 0',
  '',
].join('\n')

test('the deepest mount that holds a path tells its file system', () => {
  expect(findFileSystem(mounts, '/home/somebody')).toBe('ext4')
  expect(findFileSystem(mounts, '/tmp/other')).toBe('tmpfs')
  expect(findFileSystem(mounts, '/tmp/bench/run-1')).toBe('xfs')
  expect(findFileSystem(mounts, '/tmp/bench')).toBe('xfs')
})

test('a mount whose name merely begins the same does not hold a path', () => {
  expect(findFileSystem(mounts, '/tmp/benchmarks')).toBe('tmpfs')
})

test('of two mounts at one place, the later hides the earlier', () => {
  expect(findFileSystem(`${mounts}tmpfs / overlay rw 0 0\n`, '/srv')).toBe('overlay')
})
