import { Socket } from 'node:net'
import { READ_BYTES_MAX } from './limits.ts'

/** What `net.Socket` keeps the two parts of its option `onread` under. */
interface OnReadKeys {
  readonly buffer: symbol
  readonly callback: symbol
}

/**
 * Reads sockets into one buffer that they all share, and lends it to who takes what was read. Node gives each read 64 KiB of its own, which
 * it cuts to what came and the garbage collector has to free: for a small request that is a good part of all it costs.
 *
 * Node itself can do without, by the option `onread` of sockets that a program makes; but a server makes its sockets without options. So
 * what the option sets is found on a socket that was made with it, and set on those of the server. Where it isn't found, each read has
 * memory of its own.
 */
export class LentReads {
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BYTES_MAX)
  readonly #keys = onReadKeys(this.#buffer)

  /**
   * From now on `take` is given what is read, which is good until it returns. `pause` and `resume`, and all events but `data`, are
   * as ever. Returns a function after which the socket emits `data`, whose bytes are the listener's to keep, and `take` gets nothing more.
   */
  begin(socket: Socket, take: (bytes: Buffer) => void): () => void {
    const handle: unknown = Reflect.get(socket, '_handle')
    if (this.#keys === null || !isWithoutOnRead(socket, this.#keys) || !canUseBuffer(handle)) {
      socket.on('data', take)
      return () => socket.off('data', take)
    }
    const buffer = this.#buffer
    let isLending = true
    const callback = (bytes: number): boolean => {
      if (!isLending) return socket.push(Buffer.from(buffer.subarray(0, bytes)))
      take(buffer.subarray(0, bytes))
      return true
    }
    Reflect.set(socket, this.#keys.buffer, buffer)
    Reflect.set(socket, this.#keys.callback, callback)
    handle.useUserBuffer(buffer)
    return () => {
      isLending = false
    }
  }
}

function onReadKeys(buffer: Buffer): OnReadKeys | null {
  const callback = () => true
  // The types have `onread` for `connect` alone.
  const options = { allowHalfOpen: true, onread: { buffer, callback } }
  const model = new Socket(options).destroy()
  const keyOf = (part: unknown) =>
    Object.getOwnPropertySymbols(model).find((key) => Reflect.get(model, key) === part)
  const bufferKey = keyOf(buffer)
  const callbackKey = keyOf(callback)
  if (bufferKey === undefined || callbackKey === undefined) return null
  return { buffer: bufferKey, callback: callbackKey }
}

/** Whether it is a socket that might have been made with the option, but was not. */
function isWithoutOnRead(socket: Socket, { buffer, callback }: OnReadKeys): boolean {
  return Reflect.get(socket, buffer) === null && Reflect.get(socket, callback) === null
}

/** Node's own name for the way in which the option is told to what reads a socket. */
function canUseBuffer(handle: unknown): handle is { useUserBuffer(buffer: Buffer): void } {
  return typeof Object(handle).useUserBuffer === 'function'
}
