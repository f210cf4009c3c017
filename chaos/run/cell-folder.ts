/** Files of one cell: its history, the evidence its verdicts rest on, and the logs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyProblems } from '../../reports/history/problems.ts';
import { type CheckOperation, type History, readHistory } from '../../reports/history/read-history.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { readEvidence as readStored } from '../../reports/record/read-report.ts';
import { HarnessError } from '../errors.ts';
import type { CellPlan } from './plan.ts';

export const historyFileName = 'history.ndjson';
export const traceFileName = 'trace.ndjson';
const evidenceFileName = 'evidence.json';

/** Relative to the folder of the run. */
export function cellFolderName(plan: Pick<CellPlan, 'again' | 'label' | 'scenario'>): string {
  return join('cells', `${plan.scenario.name}-${plan.label}${plan.again === true ? '-again' : ''}`);
}

export async function makeCellFolder(runFolder: string, plan: CellPlan): Promise<string> {
  const folder = join(runFolder, cellFolderName(plan));
  await mkdir(join(folder, 'logs'), { recursive: true });
  return folder;
}

export async function writeEvidence(folder: string, evidence: Evidence): Promise<void> {
  await writeFile(join(folder, evidenceFileName), JSON.stringify(evidence));
}

/** Throws ReportsError for a file that cannot be read, is damaged or has another form. */
export async function readEvidence(folder: string): Promise<Evidence> {
  return await readStored(join(folder, evidenceFileName));
}

/** Throws HarnessError when the history was cut off, or contradicts itself: then nothing may be concluded from it. */
export async function readCompleteHistory(file: string, check?: CheckOperation): Promise<History> {
  const history = await readHistory(file, check);
  const [problem] = historyProblems(history.operations, history.truncatedAtLine);
  if (problem === undefined) return history;
  throw new HarnessError(
    `the history cannot be judged: ${problem} (${file})`,
    'the log of the load generator is in the folder of the cell',
  );
}
