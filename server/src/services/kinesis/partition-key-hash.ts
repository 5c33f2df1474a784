import { hash } from 'node:crypto'
import type { HashKey } from './commands.ts'

/** A hash key as four unsigned 32-bit words, the highest first. */
export type HashWords = Uint32Array

const WORDS = 4
const WORD_DIGITS = 8

export function hashWords(): HashWords {
  return new Uint32Array(WORDS)
}

export function readHashKey(key: HashKey, words: HashWords): void {
  for (let i = 0; i < WORDS; i++) {
    words[i] = Number.parseInt(key.slice(i * WORD_DIGITS, (i + 1) * WORD_DIGITS), 16)
  }
}

/**
 * The hash key that a partition key stands for, the MD5 of its UTF-8, which is part of `bytes`. Most keys are short, and a request has
 * hundreds of them: for those a call out of the virtual machine takes twice as long as the sum itself.
 */
export function hashPartitionKey(bytes: Uint8Array, keyAt: number, keyEnd: number, words: HashWords): void {
  if (keyEnd - keyAt > BLOCK_BYTES_MAX) {
    readHashKey(hash('md5', bytes.subarray(keyAt, keyEnd)), words)
    return
  }
  fillBlock(bytes, keyAt, keyEnd)
  digestBlock(words)
}

/** The one block of a short text, with its padding, as 32-bit words, the lowest byte first. Reused: nothing waits in between. */
const block = new Int32Array(16)
const BLOCK_BYTES_MAX = 55
const LENGTH_WORD = 14
const PADDING = 0x80

function fillBlock(bytes: Uint8Array, from: number, to: number): void {
  const length = to - from
  for (let i = 0; i < block.length; i++) block[i] = 0
  for (let i = 0; i < length; i++) block[i >> 2]! |= bytes[from + i]! << ((i & 3) << 3)
  block[length >> 2]! |= PADDING << ((length & 3) << 3)
  block[LENGTH_WORD] = length << 3
}

/** RFC 1321, 3.4: the constants of the 64 steps. */
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32))
const A = 0x67452301
const B = 0xefcdab89 | 0
const C = 0x98badcfe | 0
const D = 0x10325476

/**
 * The four rounds of RFC 1321, four steps at a time; `k` is the place in the block of the first of them. A function for a step would
 * make it three times as slow.
 */
function digestBlock(words: HashWords): void {
  let a = A
  let b = B
  let c = C
  let d = D
  let sum = 0
  for (let i = 0; i < 16; i += 4) {
    sum = (a + ((b & c) | (~b & d)) + SINES[i]! + block[i]!) | 0
    a = (b + ((sum << 7) | (sum >>> 25))) | 0
    sum = (d + ((a & b) | (~a & c)) + SINES[i + 1]! + block[i + 1]!) | 0
    d = (a + ((sum << 12) | (sum >>> 20))) | 0
    sum = (c + ((d & a) | (~d & b)) + SINES[i + 2]! + block[i + 2]!) | 0
    c = (d + ((sum << 17) | (sum >>> 15))) | 0
    sum = (b + ((c & d) | (~c & a)) + SINES[i + 3]! + block[i + 3]!) | 0
    b = (c + ((sum << 22) | (sum >>> 10))) | 0
  }
  for (let i = 16, k = 1; i < 32; i += 4, k += 20) {
    sum = (a + ((d & b) | (~d & c)) + SINES[i]! + block[k & 15]!) | 0
    a = (b + ((sum << 5) | (sum >>> 27))) | 0
    sum = (d + ((c & a) | (~c & b)) + SINES[i + 1]! + block[(k + 5) & 15]!) | 0
    d = (a + ((sum << 9) | (sum >>> 23))) | 0
    sum = (c + ((b & d) | (~b & a)) + SINES[i + 2]! + block[(k + 10) & 15]!) | 0
    c = (d + ((sum << 14) | (sum >>> 18))) | 0
    sum = (b + ((a & c) | (~a & d)) + SINES[i + 3]! + block[(k + 15) & 15]!) | 0
    b = (c + ((sum << 20) | (sum >>> 12))) | 0
  }
  for (let i = 32, k = 5; i < 48; i += 4, k += 12) {
    sum = (a + (b ^ c ^ d) + SINES[i]! + block[k & 15]!) | 0
    a = (b + ((sum << 4) | (sum >>> 28))) | 0
    sum = (d + (a ^ b ^ c) + SINES[i + 1]! + block[(k + 3) & 15]!) | 0
    d = (a + ((sum << 11) | (sum >>> 21))) | 0
    sum = (c + (d ^ a ^ b) + SINES[i + 2]! + block[(k + 6) & 15]!) | 0
    c = (d + ((sum << 16) | (sum >>> 16))) | 0
    sum = (b + (c ^ d ^ a) + SINES[i + 3]! + block[(k + 9) & 15]!) | 0
    b = (c + ((sum << 23) | (sum >>> 9))) | 0
  }
  for (let i = 48, k = 0; i < 64; i += 4, k += 28) {
    sum = (a + (c ^ (b | ~d)) + SINES[i]! + block[k & 15]!) | 0
    a = (b + ((sum << 6) | (sum >>> 26))) | 0
    sum = (d + (b ^ (a | ~c)) + SINES[i + 1]! + block[(k + 7) & 15]!) | 0
    d = (a + ((sum << 10) | (sum >>> 22))) | 0
    sum = (c + (a ^ (d | ~b)) + SINES[i + 2]! + block[(k + 14) & 15]!) | 0
    c = (d + ((sum << 15) | (sum >>> 17))) | 0
    sum = (b + (d ^ (c | ~a)) + SINES[i + 3]! + block[(k + 21) & 15]!) | 0
    b = (c + ((sum << 21) | (sum >>> 11))) | 0
  }
  words[0] = swapped(a + A)
  words[1] = swapped(b + B)
  words[2] = swapped(c + C)
  words[3] = swapped(d + D)
}

/** The lowest 32 bits, their bytes the other way round. */
function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
}
