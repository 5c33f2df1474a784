import { expect, test } from 'vitest'
import { copy, get, I32, i32, repeatWhile, seq, set } from './wasm-code.ts'
import { hasWasmVectors, instantiate, Locals, type WasmFunction } from './wasm-module.ts'

/** The sum of so many bytes from an address on. */
function sum(): WasmFunction & { readonly name: 'sum' } {
  const [at, bytes] = [0, 1]
  const locals = new Locals(2)
  const total = locals.one(I32)
  const body = seq(
    repeatWhile(
      seq(
        set(total, i32.add(get(total), i32.load8(get(at), 1000))),
        set(at, i32.add(get(at), i32.constant(1))),
        set(bytes, i32.sub(get(bytes), i32.constant(1))),
      ),
      get(bytes),
    ),
    get(total),
  )
  return { name: 'sum', parameters: 2, returns: true, locals: locals.types, body }
}

function move(): WasmFunction & { readonly name: 'move' } {
  return { name: 'move', parameters: 3, returns: false, locals: [], body: copy(get(0), get(1), get(2)) }
}

test('functions work on the memory that they share with whoever called for them', () => {
  const { memory, functions } = instantiate([sum(), move()], 70_000)
  expect(memory.byteLength).toBe(2 * 65_536)
  const bytes = new Uint8Array(memory)
  bytes.set([1, 2, 3, 250], 1000)
  expect(functions.sum(0, 4)).toBe(256)
  functions.move(1002, 1000, 4)
  expect([...bytes.slice(1000, 1007)]).toEqual([1, 2, 1, 2, 3, 250, 0])
})

test('constants of any size come out as they were', () => {
  for (const value of [0, 63, 64, 127, 128, -1, -64, -65, 0x7fff_ffff, -0x8000_0000]) {
    const body = i32.constant(value)
    const { functions } = instantiate(
      [{ name: 'constant' as const, parameters: 0, returns: true, locals: [], body }],
      1,
    )
    expect(functions.constant()).toBe(value)
  }
})

test('this process has vectors', () => {
  expect(hasWasmVectors()).toBe(true)
})
