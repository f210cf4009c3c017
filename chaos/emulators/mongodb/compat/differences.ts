/** Compares the failures of a suite with the list of known differences, in both directions. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TestResult } from './results.ts';

const schema = z.object({
  features: z.array(
    z.object({
      name: z.string(),
      request: z.record(z.string(), z.unknown()),
      code: z.number(),
      why: z.string(),
    }),
  ),
  /** By suite: part of a test's full name to the reason why it fails. */
  tests: z.record(z.string(), z.record(z.string(), z.string())),
});

export type KnownDifferences = z.infer<typeof schema>;

export function readKnownDifferences(): KnownDifferences {
  const file = new URL('../known-differences.json', import.meta.url);
  return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export interface Comparison {
  readonly passed: number;
  /** Passed, failed, and neither skipped nor known to need what the server is not. */
  readonly runnable: number;
  readonly skipped: number;
  readonly unexpectedFailures: readonly TestResult[];
  /** Entries of the list none of whose tests fails any more. */
  readonly outdated: readonly string[];
}

export function compareResults(
  results: readonly TestResult[],
  known: Readonly<Record<string, string>>,
): Comparison {
  const entries = Object.keys(known);
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  const isKnown = ({ name }: TestResult): boolean => entries.some((entry) => name.includes(entry));
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  const unexpectedFailures = failed.filter((result) => !isKnown(result));
  return {
    passed,
    runnable: passed + unexpectedFailures.length,
    skipped: results.filter(({ outcome }) => outcome === 'skipped').length,
    unexpectedFailures,
    outdated: entries.filter((entry) => !failed.some(({ name }) => name.includes(entry))),
  };
}
