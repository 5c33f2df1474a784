/**
 * Counts what a run of all stages found. A stage (build, types, style) counts as one; of a vitest report every test counts.
 *
 * `stages`: `{ name, ok }` each. `vitest`: `{ report, exitCode }`, where `report` is what its json reporter wrote, or
 * null if it wrote nothing. Returns the counts and the lines to print, of which the last is `N passed, N failed`.
 */
export function summarize(stages, vitest) {
  const failures = stages.filter((stage) => !stage.ok).map((stage) => stage.name)
  let passed = stages.length - failures.length
  let skipped = 0
  for (const file of vitest.report?.testResults ?? []) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1
      else if (test.status === 'failed') failures.push(`${file.name}: ${test.fullName}`)
      else skipped += 1
    }
    const failedInside = file.assertionResults.some((test) => test.status === 'failed')
    // A file that couldn't be loaded, or whose set-up failed, has no failed test to show for it.
    if (file.status === 'failed' && !failedInside)
      failures.push(`${file.name}: ${file.message || 'did not run'}`)
  }
  if (vitest.report === null)
    failures.push(`vitest ended with exit code ${vitest.exitCode} and left no report`)
  else if (vitest.exitCode !== 0 && failures.length === 0) {
    failures.push(
      `vitest ended with exit code ${vitest.exitCode} though no test failed (see its output above)`,
    )
  }
  const lines = failures.map((failure) => `FAILED ${failure}`)
  if (skipped > 0) lines.push(`${skipped} skipped (their names say what they need)`)
  lines.push(`${passed} passed, ${failures.length} failed`)
  return { passed, failed: failures.length, skipped, lines }
}
