import { fifoOperation } from './fifo-operations.ts'
import { testAgainstModel } from './model-properties.ts'
import { runFifoOperations } from './run-fifo-operations.ts'

testAgainstModel({ what: 'FIFO queues', operation: fifoOperation, run: runFifoOperations })
