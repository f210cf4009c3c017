/** Files of one cell: its history, the evidence its verdicts rest on, and the logs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../../reports/record/evidence.ts';

export const historyFileName = 'history.ndjson';
export const evidenceFileName = 'evidence.json';

export async function makeCellFolder(runFolder: string, scenario: string, outage: string): Promise<string> {
  const folder = join(runFolder, 'cells', `${scenario}-${outage}`);
  await mkdir(join(folder, 'logs'), { recursive: true });
  return folder;
}

export async function writeEvidence(folder: string, evidence: Evidence): Promise<void> {
  await writeFile(join(folder, evidenceFileName), JSON.stringify(evidence));
}
