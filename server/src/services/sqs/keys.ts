import { hash } from 'node:crypto'

/**
 * The keys by which a cell tells groups, deduplication ids and receive attempts apart: the first 16 bytes of a SHA-256 of the
 * text and of what it is, as four words. What it is goes in so that a group and a deduplication id of the same text
 * have nothing in common.
 */
const WORDS = 4
const WORD_BYTES = 4

/** Also for what a standard queue's messages may have: their group is the tenant that fair queues are fair to. */
export function groupKey(groupId: string): Uint32Array {
  return keyOf('group', groupId)
}

export function deduplicationKey(deduplicationId: string): Uint32Array {
  return keyOf('deduplication', deduplicationId)
}

export function attemptKey(attemptId: string): Uint32Array {
  return keyOf('attempt', attemptId)
}

/** 16 bytes as four words. Byte by byte: a view that reads words takes longer to make than to use. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(WORDS)
  for (let i = 0; i < WORDS; i++) {
    const at = i * WORD_BYTES
    words[i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  }
  return words
}

/** The bytes that `wordsOf` made words of. */
export function bytesOf(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(WORDS * WORD_BYTES)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < WORDS; i++) view.setUint32(i * WORD_BYTES, words[i]!, true)
  return bytes
}

/**
 * The digest comes as a text, a character for each byte: a third of what it takes as a buffer, which is an allocation outside of
 * the heap.
 */
function keyOf(kind: string, text: string): Uint32Array {
  const digest = hash('sha256', `${kind}\0${text}`, 'binary')
  const words = new Uint32Array(WORDS)
  for (let i = 0; i < WORDS; i++) {
    const at = i * WORD_BYTES
    words[i] =
      digest.charCodeAt(at) |
      (digest.charCodeAt(at + 1) << 8) |
      (digest.charCodeAt(at + 2) << 16) |
      (digest.charCodeAt(at + 3) << 24)
  }
  return words
}
