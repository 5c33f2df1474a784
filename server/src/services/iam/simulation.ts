import type { EvaluationResult, Statement as MatchedStatement } from '../../api/generated/iam.ts'
import { type CompiledPolicy, compilePolicy } from '../../policy/compile-policy.ts'
import { evaluate } from '../../policy/evaluate.ts'
import type { PolicyDocument } from '../../policy/policy-document.ts'
import type { PolicyKind } from '../../policy/policy-kinds.ts'
import type { Principal } from '../../policy/principal.ts'
import { readPolicy } from '../../policy/read-policy.ts'
import type { RequestContext } from '../../policy/request-context.ts'
import { invalidInput } from './errors.ts'
import { type Span, statementSpans } from './statement-positions.ts'

/** A policy of a simulation: what it says as a whole, and which of its statements do. */
export interface SimulatedPolicy {
  readonly compiled: CompiledPolicy
  /** The keys of its conditions and variables, in lower case. */
  readonly keys: readonly string[]
  readonly statements: readonly SimulatedStatement[]
}

interface SimulatedStatement {
  readonly compiled: CompiledPolicy
  readonly told: MatchedStatement
}

export interface PolicySource {
  readonly id: string
  readonly type: string
  readonly text: string
  readonly kind: PolicyKind
}

/** Refuses what is no policy. */
export function simulatedPolicy({ id, type, text, kind }: PolicySource): SimulatedPolicy {
  const read = readPolicy(text, kind)
  if (read.kind === 'refused') throw invalidInput(`${id}: ${read.fault.text}`)
  const { document } = read
  const spans = statementSpans(text)
  return {
    compiled: compilePolicy(document),
    keys: keysOf(document, text),
    statements: document.statements.map((statement, i) => ({
      compiled: compilePolicy({ ...document, statements: [statement] }),
      told: { SourcePolicyId: id, SourcePolicyType: type, ...(spans[i] satisfies Span | undefined) },
    })),
  }
}

/** With white space around the key, which is cut off later: a pattern that leaves it out can be read in more ways than one. */
const VARIABLE = /\$\{([^{}',*?$]+)\}/g

/** Those that have a default are not needed. */
function keysOf({ version, statements }: PolicyDocument, text: string): readonly string[] {
  const variables =
    version === '2012-10-17'
      ? [...text.matchAll(VARIABLE)]
          .map(([, key = '']) => key.trim().toLowerCase())
          .filter((key) => key !== '')
      : []
  return [...statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)), ...variables]
}

export interface Simulation {
  readonly principal: Principal
  readonly identityPolicies: readonly SimulatedPolicy[]
  readonly boundary: SimulatedPolicy | null
  readonly resourcePolicy: SimulatedPolicy | null
  /** The account that the resources are of. */
  readonly ownerAccount: string
  readonly context: RequestContext
}

/** Whether the action on the resource would be allowed, and by what. */
export function simulate(simulation: Simulation, action: string, arn: string): EvaluationResult {
  const { principal, identityPolicies, boundary, resourcePolicy, ownerAccount, context } = simulation
  const decision = evaluate({
    ...{ action, context },
    caller: {
      ...{ principal, identityPolicies: identityPolicies.map(({ compiled }) => compiled) },
      ...{ boundary: boundary?.compiled ?? null, sessionPolicies: null },
    },
    target: { arn, accountId: ownerAccount, policy: resourcePolicy?.compiled ?? null, kind: 'ordinary' },
  })
  const all = [...identityPolicies, ...[boundary, resourcePolicy].flatMap((policy) => policy ?? [])]
  const question = {
    action: action.toLowerCase(),
    resourceArn: arn,
    principal,
    bounded: boundary !== null,
    context,
  }
  const denies = decision.kind === 'denied' && decision.explicitly
  const matched = all
    .filter((policy) => policy !== boundary || denies)
    .flatMap(({ statements }) => statements)
    .filter(({ compiled }) => {
      const answer = compiled.ask(question)
      return denies ? answer === 'denies' : answer !== null && answer !== 'denies'
    })
  const missing = new Set(all.flatMap(({ keys }) => keys).filter((key) => context.get(key) === undefined))
  return {
    EvalActionName: action,
    EvalResourceName: arn,
    EvalDecision: decision.kind === 'allowed' ? 'allowed' : denies ? 'explicitDeny' : 'implicitDeny',
    MatchedStatements: decision.kind === 'allowed' || denies ? matched.map(({ told }) => told) : [],
    MissingContextValues: [...missing],
    ...(boundary !== null && {
      PermissionsBoundaryDecisionDetail: {
        AllowedByPermissionsBoundary: isAllowing(boundary.compiled.ask(question)),
      },
    }),
  }
}

function isAllowing(answer: ReturnType<CompiledPolicy['ask']>): boolean {
  return answer !== null && answer !== 'denies'
}
