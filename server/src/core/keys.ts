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

/** 16 bytes as four words. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const words = new Uint32Array(WORDS)
  for (let i = 0; i < WORDS; i++) words[i] = view.getUint32(i * WORD_BYTES, true)
  return words
}

/** The bytes that `wordsOf` made words of. */
export function bytesOf(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(WORDS * WORD_BYTES)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < WORDS; i++) view.setUint32(i * WORD_BYTES, words[i]!, true)
  return bytes
}

function keyOf(kind: string, text: string): Uint32Array {
  return wordsOf(hash('sha256', `${kind}\0${text}`, 'buffer'))
}
