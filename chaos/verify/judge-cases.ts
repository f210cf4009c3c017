/** Judges hand-made cases: a history and evidence with the verdict that one invariant has to reach. Pure but for reading the files. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Checker } from '../../reports/checkers/checker.ts';
import { judge } from '../../reports/checkers/judge.ts';
import { operationSchema } from '../../reports/history/operation.ts';
import { storedEvidenceSchema } from '../../reports/record/evidence.ts';
import { type Verdict, verdictValues } from '../../reports/record/report.ts';
import { exitCodes, UsageError } from '../errors.ts';

const caseSchema = z.object({
  name: z.string().optional(),
  invariant: z.string(),
  /** What the verdict has to be. */
  wanted: z.enum(verdictValues),
  why: z.string().optional(),
  history: z.array(operationSchema),
  evidence: storedEvidenceSchema,
});

export interface JudgedCase {
  readonly name: string;
  readonly invariant: string;
  readonly wanted: Verdict['verdict'];
  readonly verdict: Verdict;
  readonly why: string | undefined;
}

/** Throws UsageError for a file that is no case, with the field, and for an invariant that the target does not have. */
export async function judgeCase(file: string, checkers: readonly Checker[]): Promise<JudgedCase> {
  const hint =
    'a case is a JSON object with invariant, wanted (true, false or unknown), history and evidence';
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`FILE ${file}: ${String(error)}`, hint, { cause: error });
  }
  const read = caseSchema.safeParse(parsed);
  if (!read.success) throw new UsageError(`FILE ${file}: ${fieldOf(read.error)}`, hint);
  const { name = file, invariant, wanted, why, history, evidence } = read.data;
  const checker = checkers.find((one) => one.invariant === invariant);
  if (checker === undefined)
    throw new UsageError(
      `FILE ${file}: the target has no invariant ${invariant}`,
      `invariants: ${checkers.map((one) => one.invariant).join(', ')}`,
    );
  const [verdict] = judge(history, evidence, [checker]);
  if (verdict === undefined) throw new RangeError('one checker gives one verdict');
  return { name, invariant, wanted, verdict, why };
}

function fieldOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'it is no case' : `${issue.path.join('.')}: ${issue.message}`;
}

export function renderCases(cases: readonly JudgedCase[]): string {
  const wrong = cases.filter(({ wanted, verdict }) => verdict.verdict !== wanted);
  const lines = wrong.flatMap(({ name, invariant, wanted, verdict, why }) => [
    `${name}: ${invariant} is ${verdict.verdict} and should be ${wanted}`,
    `  ${verdict.reason}`,
    ...(why === undefined ? [] : [`  wanted because: ${why}`]),
  ]);
  return [...lines, `${cases.length - wrong.length} of ${cases.length} cases are judged as wanted`].join(
    '\n',
  );
}

export function exitOfCases(cases: readonly JudgedCase[]): number {
  return cases.every(({ wanted, verdict }) => verdict.verdict === wanted)
    ? exitCodes.held
    : exitCodes.violated;
}
