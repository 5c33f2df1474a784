import { hash } from 'node:crypto'
import { shortDigests } from '../digests/short-digests.ts'
import { copyKey, KEY_WORDS, newRow } from './key.ts'

/**
 * The keys by which a cell tells groups, deduplication ids and receive attempts apart: the first 16 bytes of a SHA-256 of the
 * text and of what it is, as four words. What it is goes in so that a group and a deduplication id of the same text
 * have nothing in common.
 */
const WORD_BYTES = 4

/** What is digested before a text. */
export const KEY_PREFIX = {
  group: 'group\0',
  deduplication: 'deduplication\0',
  attempt: 'attempt\0',
} as const

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
  const key = keyOf(KEY_PREFIX.group, groupId)
  if (madeLast[place] === key[0]) keptGroups[place] = { groupId, key }
  else madeLast[place] = key[0]!
  return key
}

export function deduplicationKey(deduplicationId: string): Uint32Array {
  return keyOf(KEY_PREFIX.deduplication, deduplicationId)
}

/** Keys of messages, one behind the other in the messages' order. */
export interface MessageKeys {
  readonly groupKeys: Uint32Array
  readonly deduplicationKeys: Uint32Array
}

/** The keys of messages that have these groups and deduplication ids, as many of both. Short ones are digested together. */
export function messageKeys(groupIds: readonly string[], deduplicationIds: readonly string[]): MessageKeys {
  const count = groupIds.length
  const keys = { groupKeys: newRow(count), deduplicationKeys: newRow(count) }
  const { groupKeys, deduplicationKeys } = keys
  for (let i = 0; i < count; i++) {
    if (isSameAsBefore(groupIds, i)) continue
    writeWithOthers(KEY_PREFIX.group, groupIds[i]!, groupKeys, i * KEY_WORDS)
  }
  for (let i = 0; i < count; i++) {
    writeWithOthers(KEY_PREFIX.deduplication, deduplicationIds[i]!, deduplicationKeys, i * KEY_WORDS)
  }
  shortDigests().write()
  for (let i = 0; i < count; i++) {
    if (isSameAsBefore(groupIds, i)) copyKey(groupKeys, (i - 1) * KEY_WORDS, groupKeys, i * KEY_WORDS)
  }
  return keys
}

/** A request often has messages of one group alone. */
function isSameAsBefore(ids: readonly string[], i: number): boolean {
  return i > 0 && ids[i] === ids[i - 1]
}

export function attemptKey(attemptId: string): Uint32Array {
  return keyOf(KEY_PREFIX.attempt, attemptId)
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
  if (!digests.add(prefix, text, keys, at)) writeKey(prefix, text, keys, at)
  else if (digests.isFull) digests.write()
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
