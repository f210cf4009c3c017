/** What a run leaves behind: report.json, report.html, junit.xml and a summary in Markdown, beside the folders of its cells. */
import { appendFile, copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Operation } from '../../reports/history/operation.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import type { Report } from '../../reports/record/report.ts';
import type { Stack } from '../stack/contract.ts';
import { renderHtml } from '../../reports/render/render-html.ts';
import { renderJunit } from '../../reports/render/render-junit.ts';
import { renderMarkdown } from '../../reports/render/render-markdown.ts';
import { historyFileName } from './cell-folder.ts';

export async function writeRun(folder: string, report: Report): Promise<void> {
  const summary = renderMarkdown(report);
  await Promise.all([
    writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`),
    writeFile(
      join(folder, 'report.html'),
      renderHtml(report, { histories: await violatedHistories(folder, report) }),
    ),
    writeFile(join(folder, 'junit.xml'), renderJunit(report)),
    writeFile(join(folder, 'summary.md'), summary),
  ]);
  // GitHub shows what is appended to this file on the page of the workflow's run.
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (stepSummary !== undefined && stepSummary !== '') await appendFile(stepSummary, `${summary}\n`);
}

/** Histories by the folder of the cell, of the cells in which something was violated: the page draws what happened around it. */
async function violatedHistories(folder: string, report: Report): Promise<Map<string, Operation[]>> {
  const histories = new Map<string, Operation[]>();
  for (const cell of report.cells) {
    if (!cell.verdicts.some(({ verdict }) => verdict === 'false')) continue;
    histories.set(cell.folder, (await readHistory(join(folder, cell.folder, historyFileName))).operations);
  }
  return histories;
}

/** The stack's own folder goes with the stack; its logs belong to the run. */
export async function keepLogs(stack: Stack, runFolder: string): Promise<void> {
  const folder = join(runFolder, 'logs');
  await mkdir(folder, { recursive: true });
  for (const file of Object.values(stack.logs)) await copyFile(file, join(folder, basename(file)));
}

/** `latest` leads to the newest run; it is replaced in one step, so that it always leads somewhere. */
export async function linkLatest(out: string, id: string): Promise<void> {
  const link = join(resolve(out), 'latest');
  const next = `${link}.${id}`;
  await rm(next, { force: true });
  await symlink(id, next);
  await rename(next, link);
}
