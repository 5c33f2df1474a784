import { testAgainstModel } from './model-properties.ts'
import { fairOperation } from './operations.ts'
import { runOperations } from './run-operations.ts'

testAgainstModel({ what: 'a queue of several tenants', operation: fairOperation, run: runOperations })
