/** Reads what test runners report: Mocha's stream of JSON, Vitest's JSON, and TAP. */
import { z } from 'zod';

export interface TestResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message: string;
}

const mochaTest = z.object({ fullTitle: z.string(), err: z.unknown().optional() });
const mochaEnd = z.object({ pending: z.number() });

/** One `["pass", {…}]` or `["fail", {…}]` a line; tests that were skipped are only counted, at the end. */
export function parseMochaStream(output: string): TestResult[] {
  const results: TestResult[] = [];
  for (const line of output.split('\n')) {
    if (!line.startsWith('["')) continue;
    const [kind, data]: unknown[] = z.tuple([z.string(), z.unknown()]).parse(JSON.parse(line));
    if (kind === 'end') {
      const { pending } = mochaEnd.parse(data);
      for (let index = 0; index < pending; index += 1) {
        results.push({ name: `skipped ${index + 1}`, outcome: 'skipped', message: '' });
      }
    } else if (kind === 'pass' || kind === 'fail') {
      const { err, fullTitle } = mochaTest.parse(data);
      const outcome = kind === 'pass' ? 'passed' : 'failed';
      results.push({ name: fullTitle, outcome, message: typeof err === 'string' ? err : '' });
    }
  }
  return results;
}

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export function parseVitest(report: string): TestResult[] {
  const { testResults } = vitestReport.parse(JSON.parse(report));
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      name: fullName,
      outcome:
        status === 'passed'
          ? ('passed' as const)
          : status === 'failed'
            ? ('failed' as const)
            : ('skipped' as const),
      message: failureMessages?.[0] ?? '',
    })),
  );
}

/** `ok 1 - name`, `not ok 2 - name`, `ok 3 - name # SKIP`. */
export function parseTap(output: string): TestResult[] {
  return [...output.matchAll(/^(not )?ok \d+ - (.*?)( # SKIP.*)?$/gm)].map(([, not, name = '', skip]) => ({
    name,
    outcome: skip === undefined ? (not === undefined ? 'passed' : 'failed') : 'skipped',
    message: '',
  }));
}
