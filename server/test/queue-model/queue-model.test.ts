import { testAgainstModel } from './model-properties.ts'
import { operation } from './operations.ts'
import { runOperations } from './run-operations.ts'

testAgainstModel({ what: 'a queue', operation, run: runOperations })
