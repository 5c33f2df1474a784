import type { Access } from './access.ts'
import type { Identity } from './identity.ts'
import type { ServiceModel, Violation } from './model.ts'

/** Who is asking, as authentication established it. */
export interface Caller {
  /** Twelve digits. */
  readonly accountId: string
  /** From the credential scope, or the default region for an unsigned request. */
  readonly region: string
  /** The user's or role session's unique id, e.g. `AIDA...`: what SQS returns as `SenderId`. */
  readonly userId: string
  readonly principalArn: string
  /** What IAM knows of it; left out where nobody had to show who it is. */
  readonly identity?: Identity
  /** Nobody was asked who it is: see `Operation.isOpen`. */
  readonly isAnonymous?: true
  /**
   * Throws what it would be refused with if it came now, where its key or session isn't good any more; left out where nobody had to show who
   * it is. `now` is in milliseconds since the epoch.
   */
  readonly recheck?: (now: number) => void
}

/** The client's connection while one request is under way. */
export interface ClientConnection {
  /** True once the client has gone and an answer can't reach it any more. */
  readonly closed: boolean
  /** Calls `listener` once, when the client goes before it was answered. Returns a function that takes the listener back. */
  onClose(listener: () => void): () => void
}

/** Where a request came from, for conditions of policies. */
export interface RequestOrigin {
  /** Whether it came over TLS that ends in this process. */
  readonly isSecure: boolean
  /** The client's IP address; undefined for one that has gone. */
  readonly address: string | undefined
  /** `get` gives the first value under a name in lower case. */
  readonly headers: { get(name: string): string | undefined }
}

/** One request, as every operation sees it: nothing here depends on the wire form it came in. */
export interface Request {
  readonly requestId: string
  readonly caller: Caller
  /** Scheme, host and port as the client called them, e.g. `http://localhost:4566`: URLs we return begin with it. */
  readonly endpoint: string
  /** The path the request came to; Query clients may address a queue by it alone. */
  readonly path: string
  /** The `X-Amzn-Trace-Id` header, if there was one. */
  readonly traceHeader: string | undefined
  readonly connection: ClientConnection
  readonly origin: RequestOrigin
  /** Whether policies were asked: then they have let the caller reach whatever the request names, be it another account's. */
  readonly isPermitted: boolean
  /**
   * Throws what the request would be refused with if it came now: for those that wait, before they are given anything. Policies are asked again
   * for operations that say that they wait.
   */
  readonly recheck: () => void
}

/**
 * The one long list of an operation's input, where the operation would rather have it in a form of its own than as objects, which are
 * made for nothing. Of JSON what is plain is read by the operation; all else, and what is in other forms, is read as the model says. So an
 * operation with a bulk list takes either.
 */
export interface BulkList {
  /** The member of the input. */
  readonly member: string
  /**
   * JSON of such a list with which nothing is wrong: the rest of the input is read and checked with it in the list's place, once for many
   * requests in which it is the same. The operation changes nothing of the rest, and there are no blobs in it.
   */
  readonly standIn: string
  /**
   * Reads the list out of a body, from behind its bracket on; `end` is behind the bracket that ends it. Null where there is anything that
   * isn't plain, or that the model doesn't allow: the model's reader says what is wrong with it, if something is. What is read is
   * JSON, and begins with an object that has a member.
   */
  read(body: Uint8Array, at: number): { readonly list: object; readonly end: number } | null
}

/** One operation of a service. The input was parsed and checked against the model; the output is serialised by it. */
export interface Operation {
  readonly name: string
  /** Whether it may be asked for without a signature, by a GET: what it checks in its input is enough. */
  readonly isOpen?: boolean
  /** The same, by any method. */
  readonly isOpenToPosts?: boolean
  /** Whether it may wait for what it gives, and then calls `Request.recheck` before. */
  readonly waits?: boolean
  readonly bulk?: BulkList
  /**
   * Whether clients send it with the very same body again and again, as those do who ask for messages: then a body that came before isn't
   * read again. The operation changes nothing of its input and keeps nothing of it, and there are no blobs in it.
   */
  readonly repeats?: boolean
  run(input: never, request: Request): Promise<object>
}

/** Declares an operation that closes over its own input and output types. */
export function operation<Input extends object, Output extends object>(
  name: string,
  run: (input: Input, request: Request) => Promise<Output>,
  options: Pick<Operation, 'isOpen' | 'isOpenToPosts' | 'bulk'> = {},
): Operation {
  return { name, run, ...options }
}

/** One that may wait for what it gives. */
export function waitingOperation<Input extends object, Output extends object>(
  name: string,
  run: (input: Input, request: Request) => Promise<Output>,
  options: Pick<Operation, 'repeats'> = {},
): Operation {
  return { name, run, waits: true, ...options }
}

/**
 * What an operation needs leave for, told by its input; it may need leave for several things, and none where who asks is answered
 * about itself alone. Throws what the operation would throw where the input names no resource.
 */
export type AccessOf = (input: never, request: Request) => Access | readonly Access[]

/** For each operation of a service what it needs leave for. */
export type AccessTable<Operation extends string = string> = Readonly<Record<Operation, AccessOf>>

/** What a service offers to the protocol layer. */
export interface Service {
  /** The folder's name, e.g. `sqs`; also the signing name in a credential scope. */
  readonly name: string
  readonly model: ServiceModel
  readonly operations: ReadonlyMap<string, Operation>
  /**
   * Turns what is wrong with an input into the service's own error. `first` is the first of `all`, in the order of the
   * model: some services tell only that one.
   */
  readonly refuseInput: (first: Violation, all: readonly Violation[]) => Error
  readonly access: AccessTable
  /** The service's own error for a denial; `text` has AWS's words: who may not do what, and because of which policy. */
  readonly refuseAccess: (text: string) => Error
}
