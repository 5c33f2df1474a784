import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BASE64, BASE64_URL, type Base64Alphabet, decodeBase64, encodeBase64 } from './base64-code.ts'
import { get, i32, type Local, seq, set, V128, v128 } from './wasm-code.ts'
import { instantiate, Locals, type WasmFunction } from './wasm-module.ts'

const ALPHABETS = { base64: BASE64, base64url: BASE64_URL } as const

function modulesOf(alphabet: Base64Alphabet) {
  const decode = (): WasmFunction => {
    const locals = new Locals(2)
    const [block, high, bad] = locals.some(3, V128) as [Local, Local, Local]
    const body = seq(
      set(block, v128.load(get(0))),
      decodeBase64(alphabet, block, high, bad),
      v128.store(get(1), get(block)),
      i32.isZero(v128.anyTrue(get(bad))),
    )
    return { name: 'decode', parameters: 2, returns: true, locals: locals.types, body }
  }
  const encode = (): WasmFunction => {
    const locals = new Locals(2)
    const block = locals.one(V128)
    const body = seq(
      set(block, v128.load(get(0))),
      encodeBase64(alphabet, block, locals),
      v128.store(get(1), get(block)),
    )
    return { name: 'encode', parameters: 2, returns: false, locals: locals.types, body }
  }
  const { memory, functions } = instantiate<string>([decode(), encode()], 65_536)
  return { bytes: Buffer.from(memory), decode: functions.decode!, encode: functions.encode! }
}

test.each(Object.entries(ALPHABETS))(
  'twelve bytes become sixteen characters of %s, and back',
  (name, alphabet) => {
    const { bytes, decode, encode } = modulesOf(alphabet)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (given) => {
        bytes.set(given)
        encode(0, 32)
        const text = bytes.toString('latin1', 32, 48)
        expect(text).toBe(Buffer.from(given.subarray(0, 12)).toString(name as keyof typeof ALPHABETS))
        expect(decode(32, 64)).toBe(1)
        expect(bytes.subarray(64, 80)).toEqual(Buffer.concat([given.subarray(0, 12), Buffer.alloc(4)]))
      }),
    )
  },
)

test.each(Object.entries(ALPHABETS))(
  'a byte that is no character of %s is found wherever it stands',
  (_, alphabet) => {
    const { bytes, decode } = modulesOf(alphabet)
    for (let byte = 0; byte < 256; byte++) {
      for (let place = 0; place < 16; place++) {
        bytes.fill('A', 0, 16)
        bytes[place] = byte
        expect(decode(0, 64)).toBe(alphabet.characters.includes(String.fromCharCode(byte)) ? 1 : 0)
      }
    }
  },
)
