import type { Operation, Request, Service } from '../api/operation.ts'
import { membersOf } from '../api/self-written.ts'
import { ServiceError } from '../api/service-error.ts'
import type { Binding } from './binding.ts'
import { clientError, InvalidAction, MissingAction } from './errors.ts'
import { type FormNode, parseForm } from './form.ts'
import { type QueryReader, QueryReaders } from './query-input.ts'
import { element, escapeXml, type XmlWriter, XmlWriters } from './query-output.ts'
import type { Call, Report, ResponseSink, Unrecognised, WireRequest, WireResponse } from './wire.ts'

/**
 * AWS Query: a GET or a posted form with the operation in `Action`, answered in XML.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class AwsQuery {
  readonly #services: readonly QueryService[]
  readonly #report: Report

  constructor(bindings: readonly Binding[], report: Report) {
    this.#report = report
    const readers = new QueryReaders()
    const writers = new XmlWriters()
    const services = new Map<Service, Map<string, QueryOperation>>()
    for (const binding of bindings) {
      const { service, model } = binding
      if (!service.model.protocols.includes('query')) continue
      const operations = services.get(service) ?? new Map<string, QueryOperation>()
      services.set(service, operations)
      const read = readers.reader(model.input)
      operations.set(model.name, { binding, read, write: model.output && writers.writer(model.output) })
    }
    this.#services = [...services].map(([service, operations]) => ({ service, operations }))
  }

  /** Undefined where the request is in another protocol. */
  recognise(request: WireRequest): Call | Unrecognised | undefined {
    const isForm = request.method === 'POST' && isFormType(request.headers.get('content-type'))
    const isQuery = (request.method === 'GET' || request.method === 'POST') && hasAction(request.query)
    if (!isForm && !isQuery) return undefined
    let form: FormNode
    try {
      form = parseForm(request.query, isForm ? request.body : NO_BODY)
    } catch (error) {
      return new UnknownQueryCall(clientError(error, '', this.#report), undefined, this.#report)
    }
    return this.#recogniseAction(form, request)
  }

  #recogniseAction(form: FormNode, request: WireRequest): Call | Unrecognised {
    const action = form.child('Action')?.value
    if (action === undefined || action === '') {
      const error = new ServiceError(MissingAction, 'No action was supplied with this request.')
      return new UnknownQueryCall(error, undefined, this.#report)
    }
    const known = this.#findService(action, form, request)
    const operation = known?.operations.get(action)
    if (operation === undefined) {
      const text = `The action ${action} is not valid for this endpoint.`
      return new UnknownQueryCall(new ServiceError(InvalidAction, text), known?.service, this.#report)
    }
    return new QueryCall(operation, form, this.#report)
  }

  /**
   * By whom the request was signed for, else by the API's version, else by the action: where several services have it, by what
   * the request names.
   */
  #findService(action: string, form: FormNode, request: WireRequest): QueryService | undefined {
    const signedFor = signingName(request, form)
    const version = form.child('Version')?.value
    const meant =
      this.#services.find(({ service }) => service.name === signedFor) ??
      this.#services.find(({ service }) => service.model.apiVersion === version)
    if (meant !== undefined) return meant
    const offering = this.#services.filter(({ operations }) => operations.has(action))
    return offering.length > 1
      ? offering.find((each) => hasRequiredMembers(each, action, form, request))
      : offering[0]
  }
}

/** Whether the request brings all that the service's operation requires; a resource may be named by the URL. */
function hasRequiredMembers(
  { service, operations }: QueryService,
  action: string,
  form: FormNode,
  { path }: WireRequest,
): boolean {
  const { urlMember } = service.model
  const required = operations.get(action)?.binding.model.input.required ?? []
  return required.every(
    ({ name, queryName }) => form.child(queryName) !== undefined || (name === urlMember && path !== '/'),
  )
}

interface QueryService {
  readonly service: Service
  readonly operations: ReadonlyMap<string, QueryOperation>
}

interface QueryOperation {
  readonly binding: Binding
  readonly read: QueryReader
  /** Undefined where the operation answers with nothing. */
  readonly write: XmlWriter | undefined
}

const NO_BODY = new Uint8Array()
const FORM_TYPE = 'application/x-www-form-urlencoded'

function isFormType(header: string | undefined): boolean {
  if (header === FORM_TYPE) return true
  return header?.split(';', 1)[0]?.trim().toLowerCase() === FORM_TYPE
}

function hasAction(query: string): boolean {
  return query.startsWith('Action=') || query.includes('&Action=')
}

/** The service in the scope of the request's credential, whose worth is not known yet: only good for choosing. */
function signingName(request: WireRequest, form: FormNode): string | undefined {
  const header = request.headers.get('authorization')
  const credential =
    header !== undefined
      ? /Credential=([^,\s]{1,300})/.exec(header)?.[1]
      : form.child('X-Amz-Credential')?.value
  return credential?.split('/').at(-2)
}

class QueryCall implements Call {
  readonly kind = 'call'
  readonly #operation: QueryOperation
  readonly #form: FormNode
  readonly #report: Report

  constructor(operation: QueryOperation, form: FormNode, report: Report) {
    this.#operation = operation
    this.#form = form
    this.#report = report
  }

  get service(): Service {
    return this.#operation.binding.service
  }

  get operation(): Operation {
    return this.#operation.binding.operation
  }

  execute(request: Request, sink: ResponseSink): void {
    void this.#answer(request).then((response) => sink.take(response))
  }

  async #answer(request: Request): Promise<WireResponse> {
    try {
      const { binding, read, write } = this.#operation
      const input = Object(read(this.#form))
      fillFromUrl(input, this.service.model.urlMember, binding, request)
      const output = membersOf(await binding.run(input, request))
      const { name } = binding.model
      const result = write === undefined ? '' : element(`${name}Result`, write(output))
      const metadata = element('ResponseMetadata', element('RequestId', escapeXml(request.requestId)))
      const namespace = escapeXml(this.service.model.xmlNamespace)
      const body = `<${name}Response xmlns="${namespace}">${result}${metadata}</${name}Response>`
      return xmlResponse(200, request.requestId, body)
    } catch (error) {
      return this.refuse(error, request.requestId)
    }
  }

  refuse(error: unknown, requestId: string): WireResponse {
    return errorResponse(clientError(error, requestId, this.#report), this.service, requestId)
  }
}

class UnknownQueryCall implements Unrecognised {
  readonly kind = 'unrecognised'
  readonly error: ServiceError
  readonly #service: Service | undefined
  readonly #report: Report

  constructor(error: ServiceError, service: Service | undefined, report: Report) {
    this.error = error
    this.#service = service
    this.#report = report
  }

  refuse(error: unknown, requestId: string): WireResponse {
    return errorResponse(clientError(error, requestId, this.#report), this.#service, requestId)
  }
}

/** A request may be sent to a resource's own URL, which then stands for the member that names the resource. */
function fillFromUrl(input: object, member: string | undefined, binding: Binding, request: Request): void {
  if (member === undefined || request.path === '/' || Reflect.has(input, member)) return
  if (!binding.model.input.members.some(({ name }) => name === member)) return
  Reflect.set(input, member, request.endpoint + request.path)
}

/** The namespace of faults that no service speaks for. */
const FAULT_NAMESPACE = 'http://webservices.amazon.com/AWSFault/2005-15-09'

function errorResponse(error: ServiceError, service: Service | undefined, requestId: string): WireResponse {
  const { code, queryCode, status, fault } = error.shape
  const content = [
    element('Type', fault === 'client' ? 'Sender' : 'Receiver'),
    element('Code', escapeXml(queryCode ?? code)),
    element('Message', escapeXml(error.queryMessage)),
    element('Detail', ''),
  ].join('')
  const namespace = escapeXml(service?.model.xmlNamespace ?? FAULT_NAMESPACE)
  const id = element('RequestId', escapeXml(requestId))
  const body = `<ErrorResponse xmlns="${namespace}">${element('Error', content)}${id}</ErrorResponse>`
  return { ...xmlResponse(status, requestId, body), errorCode: error.shape.code }
}

function xmlResponse(status: number, requestId: string, body: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-RequestId': requestId },
    body: `<?xml version="1.0"?>${body}`,
  }
}
