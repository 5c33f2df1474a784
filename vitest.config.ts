import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['server/{src,test}/**/*.test.ts', 'bench/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
    testTimeout: 30_000,
    // Two cores, and several suites start servers: more workers would only time each other out.
    maxWorkers: 2,
  },
})
