import { hash } from 'node:crypto'
import { shortDigests } from '../digests/short-digests.ts'
import { copyKey, KEY_WORDS, keyAt, newRow } from './key.ts'

/**
 * The keys by which a cell tells groups, deduplication ids and receive attempts apart: the first 16 bytes of a SHA-256 of the
 * text and of what it is, as four words. What it is goes in so that a group and a deduplication id of the same text
 * have nothing in common.
 */
const WORD_BYTES = 4

/** What is digested before a text. */
const PREFIX = { group: 'group\0', deduplication: 'deduplication\0', attempt: 'attempt\0' } as const

/** Groups whose keys are kept: about a megabyte, were all of their ids as long as they may be. */
const GROUPS_KEPT = 4096

/** At each place the id that came there twice in a row, with its key. */
const keptGroups = new Array<{ readonly groupId: string; readonly key: Uint32Array } | undefined>(
  GROUPS_KEPT,
).fill(undefined)
/** At each place the first word of the key that was made there last. */
const madeLast = new Uint32Array(GROUPS_KEPT)

/**
 * Also for what a standard queue's messages may have: their group is the tenant that fair queues are fair to. The key is not to be
 * changed: those of groups that come again and again are made once. An id is kept only when it comes a second time, so that
 * a million groups in turn cost no more than their digests.
 */
export function groupKey(groupId: string): Uint32Array {
  const place = placeOf(groupId)
  const kept = keptGroups[place]
  if (kept?.groupId === groupId) return kept.key
  const key = keyOf(PREFIX.group, groupId)
  keepIfAgain(place, groupId, key, 0)
  return key
}

/** The keys of these groups, one behind the other. */
export function groupKeys(groupIds: readonly string[]): Uint32Array {
  const keys = newRow(groupIds.length)
  const missing: number[] = []
  for (let i = 0; i < groupIds.length; i++) {
    const groupId = groupIds[i]!
    const kept = keptGroups[placeOf(groupId)]
    if (kept?.groupId === groupId) copyKey(kept.key, 0, keys, i * KEY_WORDS)
    else missing.push(i)
  }
  if (missing.length === 0) return keys
  for (const i of missing) writeWithOthers(PREFIX.group, groupIds[i]!, keys, i * KEY_WORDS)
  shortDigests().writeTo(keys)
  for (const i of missing) keepIfAgain(placeOf(groupIds[i]!), groupIds[i]!, keys, i * KEY_WORDS)
  return keys
}

/** Keeps the key at `at` if it is the one that was made last at this place. */
function keepIfAgain(place: number, groupId: string, keys: Uint32Array, at: number): void {
  if (madeLast[place] === keys[at]) keptGroups[place] = { groupId, key: keyAt(keys, at) }
  else madeLast[place] = keys[at]!
}

export function deduplicationKey(deduplicationId: string): Uint32Array {
  return keyOf(PREFIX.deduplication, deduplicationId)
}

/** The keys of these deduplication ids, one behind the other. */
export function deduplicationKeys(deduplicationIds: readonly string[]): Uint32Array {
  const keys = newRow(deduplicationIds.length)
  for (let i = 0; i < deduplicationIds.length; i++) {
    writeWithOthers(PREFIX.deduplication, deduplicationIds[i]!, keys, i * KEY_WORDS)
  }
  shortDigests().writeTo(keys)
  return keys
}

export function attemptKey(attemptId: string): Uint32Array {
  return keyOf(PREFIX.attempt, attemptId)
}

/** 16 bytes as four words. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(KEY_WORDS)
  writeWords(bytes, words, 0)
  return words
}

/** What `wordsOf` makes of each, one behind the other. */
export function wordsOfAll(ids: readonly Uint8Array[]): Uint32Array {
  const words = newRow(ids.length)
  for (let i = 0; i < ids.length; i++) writeWords(ids[i]!, words, i * KEY_WORDS)
  return words
}

/** Byte by byte: a view that reads words takes longer to make than to use. */
function writeWords(bytes: Uint8Array, words: Uint32Array, wordsAt: number): void {
  for (let i = 0; i < KEY_WORDS; i++) {
    const at = i * WORD_BYTES
    words[wordsAt + i] = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  }
}

/** The bytes that `wordsOf` made words of. */
export function bytesOf(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(KEY_WORDS * WORD_BYTES)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < KEY_WORDS; i++) view.setUint32(i * WORD_BYTES, words[i]!, true)
  return bytes
}

function keyOf(prefix: string, text: string): Uint32Array {
  const key = new Uint32Array(KEY_WORDS)
  writeKey(prefix, text, key, 0)
  return key
}

/**
 * Writes the key of a text that is one of several: at once where it is a long one, else together with others, when that many have come or
 * `shortDigests` is told to.
 */
function writeWithOthers(prefix: string, text: string, keys: Uint32Array, at: number): void {
  const digests = shortDigests()
  if (!digests.add(prefix, text, at)) writeKey(prefix, text, keys, at)
  else if (digests.isFull) digests.writeTo(keys)
}

/**
 * The digest comes as a text, a character for each byte: a third of what it takes as a buffer, which is an allocation outside of
 * the heap.
 */
function writeKey(prefix: string, text: string, keys: Uint32Array, keyAt: number): void {
  const digest = hash('sha256', prefix + text, 'binary')
  for (let i = 0; i < KEY_WORDS; i++) {
    const at = i * WORD_BYTES
    keys[keyAt + i] =
      digest.charCodeAt(at) |
      (digest.charCodeAt(at + 1) << 8) |
      (digest.charCodeAt(at + 2) << 16) |
      (digest.charCodeAt(at + 3) << 24)
  }
}

/** Where a group's key is kept: ids mostly differ in their last characters. Those that share a place displace each other. */
function placeOf(text: string): number {
  const { length } = text
  let mixed = length
  for (let i = Math.max(0, length - 4); i < length; i++) mixed = Math.imul(mixed, 31) + text.charCodeAt(i)
  return (mixed ^ (mixed >>> 12)) & (GROUPS_KEPT - 1)
}
