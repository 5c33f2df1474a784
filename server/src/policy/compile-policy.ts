import { ActionIndex } from './action-index.ts'
import { completeArnPattern } from './arn-pattern.ts'
import { anyOf, type ConditionTest, compareText, compileCondition, isNoMatch } from './compile-condition.ts'
import { compilePrincipals, type NamesPrincipal, type Naming } from './compile-principals.ts'
import type { Listed, PolicyDocument, PolicyVersion, Statement } from './policy-document.ts'
import type { Principal } from './principal.ts'
import type { RequestContext } from './request-context.ts'

/** What policies are asked: whether someone may do something to something. */
export interface Question {
  /** `sqs:sendmessage`, in lower case. */
  readonly action: string
  /** An ARN; `*` for actions that are about no resource. */
  readonly resourceArn: string
  readonly principal: Principal
  /** Whether the principal has a permissions boundary. */
  readonly bounded: boolean
  readonly context: RequestContext
}

/**
 * What one policy says to a question. An allowing one says how it names the principal; a policy of an identity, which names nobody, is about
 * its owner directly.
 */
export type Answer = 'denies' | Naming | null

/** A policy that is ready to be asked: read once, asked with every request. */
export interface CompiledPolicy {
  ask(question: Question): Answer
}

export function compilePolicy({ version, statements }: PolicyDocument): CompiledPolicy {
  const compiled = statements.map((statement) => ({
    effect: statement.effect,
    actions: statement.actions,
    item: compileStatement(statement, version),
  }))
  const denying = new ActionIndex(compiled.filter(({ effect }) => effect === 'Deny'))
  const allowing = new ActionIndex(compiled.filter(({ effect }) => effect === 'Allow'))
  return {
    ask(question) {
      for (const asks of denying.find(question.action)) if (asks(question) !== null) return 'denies'
      let best: Naming | null = null
      for (const asks of allowing.find(question.action)) {
        const naming = asks(question)
        if (naming === 'direct') return naming
        if (naming !== null && (best === null || WORTH[naming] > WORTH[best])) best = naming
      }
      return best
    },
  }
}

/** The more a statement's way of naming is worth, the less limits what it allows. */
const WORTH: Readonly<Record<Naming, number>> = { account: 1, entity: 2, direct: 3 }

/** How a statement names who asks; null where it doesn't apply. Its actions were looked at already. */
type AskStatement = (question: Question) => Naming | null

function compileStatement(statement: Statement, version: PolicyVersion): AskStatement {
  const { effect, principals, resources, conditions } = statement
  const naming: NamesPrincipal = principals === null ? () => 'direct' : compilePrincipals(principals, effect)
  const concerns = resources === null ? null : compileResources(resources, version, effect)
  const tests: readonly ConditionTest[] = conditions.map((each) => compileCondition(each, version, effect))
  return ({ principal, bounded, resourceArn, context }) => {
    const named = naming(principal, bounded)
    if (named === null) return null
    if (concerns !== null && !concerns(resourceArn, context)) return null
    for (const holds of tests) if (!holds(context)) return null
    return named
  }
}

/** Wildcards reach over colons and slashes, as they do at AWS; an ARN is one text here. */
function compileResources(
  { values, negated }: Listed,
  version: PolicyVersion,
  effect: Statement['effect'],
): (resourceArn: string, context: RequestContext) => boolean {
  const reading = { wildcards: true, variables: version === '2012-10-17' }
  const matches = anyOf(values.map((value) => compareText(completeArnPattern(value), reading)))
  if (negated) return (arn, context) => isNoMatch(matches(arn, context), effect)
  return (arn, context) => matches(arn, context) === true
}
