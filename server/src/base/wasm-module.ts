import { type Code, I32, i8x16, i32, type Local, unsigned, type ValueType } from './wasm-code.ts'

/** A function that takes integers of 32 bits, and returns one or nothing. */
export interface WasmFunction {
  readonly name: string
  readonly parameters: number
  readonly returns: boolean
  /** The types of its variables, which are numbered after the parameters. */
  readonly locals: readonly ValueType[]
  readonly body: Code
}

/** Numbers the variables of a function while it is written. */
export class Locals {
  readonly types: ValueType[] = []
  readonly #parameters: number

  constructor(parameters: number) {
    this.#parameters = parameters
  }

  one(type: ValueType): Local {
    return this.#parameters + this.types.push(type) - 1
  }

  some(count: number, type: ValueType): readonly Local[] {
    return Array.from({ length: count }, () => this.one(type))
  }
}

const PAGE_BYTES = 65_536

interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> }
}

/** TypeScript's own libraries know it of browsers only. This is as much as is needed here. */
declare const WebAssembly: WebAssemblyApi | undefined

/** A module with a memory of its own, of which others have a view. */
export interface WasmInstance<Name extends string> {
  readonly memory: ArrayBuffer
  readonly functions: Readonly<Record<Name, (...parameters: number[]) => number>>
}

/**
 * Whether there is WebAssembly, and with vectors: a process may be started without (`--jitless`), and old processors have no instructions for
 * them.
 */
export function hasWasmVectors(): boolean {
  if (typeof WebAssembly === 'undefined') return false
  const body = i8x16.bits(i8x16.splat(i32.constant(0)))
  return WebAssembly.validate(bytesOf([{ name: 'probe', parameters: 0, returns: true, locals: [], body }], 1))
}

/**
 * Compiles functions that share a memory of so many bytes, which never grows: a view of it stays good. That takes some milliseconds,
 * once.
 */
export function instantiate<Name extends string>(
  functions: readonly (WasmFunction & { readonly name: Name })[],
  memoryBytes: number,
): WasmInstance<Name> {
  if (typeof WebAssembly === 'undefined') throw new Error('this process has no WebAssembly')
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOf(functions, memoryBytes)), {})
  const { buffer } = exports.memory as { readonly buffer: ArrayBuffer }
  return { memory: buffer, functions: exports as WasmInstance<Name>['functions'] }
}

/** https://webassembly.github.io/spec/core/binary/modules.html */
function bytesOf(functions: readonly WasmFunction[], memoryBytes: number): Uint8Array {
  const pages = Math.ceil(memoryBytes / PAGE_BYTES)
  const code = [
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(
      1,
      functions.map(({ parameters, returns }) => [
        [0x60, vector(Array(parameters).fill([I32]))],
        vector(returns ? [[I32]] : []),
      ]),
    ),
    section(
      3,
      functions.map((_, i) => unsigned(i)),
    ),
    section(5, [[1, unsigned(pages), unsigned(pages)]]),
    section(7, [[text('memory'), 2, 0], ...functions.map(({ name }, i) => [text(name), 0, unsigned(i)])]),
    section(10, functions.map(encodeFunction)),
  ]
  return Uint8Array.from(flat(code))
}

function encodeFunction({ locals, body }: WasmFunction): Code {
  return withLength([vector(locals.map((type) => [1, type])), body, 0x0b])
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, withLength(vector(entries))]
}

function vector(entries: readonly Code[]): Code {
  return [unsigned(entries.length), entries]
}

function text(value: string): Code {
  return withLength(Array.from(value, (character) => character.charCodeAt(0)))
}

function withLength(code: Code): Code {
  const bytes = flat(code)
  return [unsigned(bytes.length), bytes]
}

function flat(code: Code, bytes: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') bytes.push(part)
    else flat(part, bytes)
  }
  return bytes
}
