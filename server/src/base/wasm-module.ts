import { type Code, I32, type Local, unsigned, type ValueType } from './wasm-code.ts'

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

/** TypeScript's own libraries know it of browsers only. This is as much as is needed here. */
declare const WebAssembly:
  | undefined
  | {
      Module: new (bytes: Uint8Array) => object
      Instance: new (
        module: object,
        imports: object,
      ) => { readonly exports: Readonly<Record<string, unknown>> }
    }

/** Whether there is WebAssembly: a process may be started without (`--jitless`). */
export function hasWasm(): boolean {
  return typeof WebAssembly !== 'undefined'
}

/** A module with a memory of its own, of which others have a view. */
export interface WasmInstance<Name extends string> {
  readonly memory: ArrayBuffer
  readonly functions: Readonly<Record<Name, (...parameters: number[]) => number>>
}

/**
 * Compiles functions that share a memory of so many bytes, which never grows: a view of it stays good. That takes some milliseconds,
 * once.
 *
 * https://webassembly.github.io/spec/core/binary/modules.html
 */
export function instantiate<Name extends string>(
  functions: readonly (WasmFunction & { readonly name: Name })[],
  memoryBytes: number,
): WasmInstance<Name> {
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
  if (WebAssembly === undefined) throw new Error('this process has no WebAssembly')
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(flat(code))), {})
  const { buffer } = exports.memory as { readonly buffer: ArrayBuffer }
  return { memory: buffer, functions: exports as WasmInstance<Name>['functions'] }
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
