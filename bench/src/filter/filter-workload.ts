import assert from 'node:assert/strict'
import { FilterIndex } from '../../../server/src/services/sns/filter/filter-index.ts'
import {
  type FilterAttribute,
  FilterMessage,
} from '../../../server/src/services/sns/filter/filter-message.ts'
import { parseFilterPolicy } from '../../../server/src/services/sns/filter/filter-policy.ts'
import type { FilterScope } from '../../../server/src/services/sns/filter/filter-scope.ts'
import { satisfiesPolicy } from '../../../server/src/services/sns/filter/satisfies-policy.ts'
import { type Lap, Stopwatch } from '../stopwatch.ts'
import type { FilterPlan } from './plan.ts'

/** So many customers publish in turn: each has a subscription, where there are so many. */
const CUSTOMERS = 1000

/**
 * Holds messages of many customers against the policies, one message after the other. A policy asks for a kind of event, for one
 * customer, and for a price from some amount on; exactly one subscription wants a message, and the workload fails if another is named.
 */
export function runFilterWorkload({ scope, subscriptions, warmUpSeconds, seconds }: FilterPlan): Lap {
  const findAmong = subscriptions === null ? findAlone(scope) : findIndexed(scope, subscriptions)
  const customers = Math.min(CUSTOMERS, subscriptions ?? CUSTOMERS)
  const published = Array.from({ length: customers }, (_, customer) => messageOf(customer))
  const watch = new Stopwatch(warmUpSeconds, seconds)
  while (watch.running) {
    for (const [customer, { attributes, body }] of published.entries()) {
      assert(findAmong(new FilterMessage(attributes, body), customer), 'the right subscription is found')
    }
    watch.count(customers)
  }
  return watch.lap
}

type Find = (message: FilterMessage, customer: number) => boolean

function findIndexed(scope: FilterScope, subscriptions: number): Find {
  const index = new FilterIndex<number>()
  for (let id = 0; id < subscriptions; id++) index.add(id, policyOf(id, scope))
  return (message, customer) => {
    const found = index.match(message)
    return found.length === 1 && found[0] === customer
  }
}

function findAlone(scope: FilterScope): Find {
  const policies = Array.from({ length: CUSTOMERS }, (_, customer) => policyOf(customer, scope))
  return (message, customer) => satisfiesPolicy(policies[customer]!, message)
}

function policyOf(customer: number, scope: FilterScope) {
  const policy = {
    event: ['order-placed', 'order-changed'],
    customer: [`customer-${customer}`],
    price: [{ numeric: ['>=', 10] }],
  }
  return parseFilterPolicy(JSON.stringify(policy), scope)
}

function messageOf(customer: number): {
  readonly attributes: readonly FilterAttribute[]
  readonly body: string
} {
  const order = { event: 'order-placed', customer: `customer-${customer}`, price: 10 + customer / 4 }
  return {
    attributes: [
      { name: 'event', type: 'String', value: order.event },
      { name: 'customer', type: 'String', value: order.customer },
      { name: 'price', type: 'Number', value: String(order.price) },
    ],
    // 300 bytes and a few more.
    body: JSON.stringify({ ...order, items: [{ sku: 'a-1', count: 2 }], note: 'x'.repeat(190) }),
  }
}
