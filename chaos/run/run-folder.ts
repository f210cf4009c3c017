/** The files of a run: report.json, report.html, junit.xml and a summary in Markdown, beside the folders of its cells. */
import { constants } from 'node:fs';
import { access, appendFile, copyFile, mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Operation } from '../../reports/history/operation.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import type { Report } from '../../reports/record/report.ts';
import { renderHtml } from '../../reports/render/render-html.ts';
import { renderJunit } from '../../reports/render/render-junit.ts';
import { renderMarkdown } from '../../reports/render/render-markdown.ts';
import { readTrace } from '../../reports/trace/read-trace.ts';
import type { Trace } from '../../reports/trace/trace.ts';
import { UsageError } from '../errors.ts';
import { checkTemporaryFolders } from '../process/temporary-folder.ts';
import type { Stack } from '../stack/contract.ts';
import { historyFileName, traceFileName } from './cell-folder.ts';

export interface RunFolder {
  readonly id: string;
  readonly path: string;
}

/** Throws UsageError, also when no temporary folder can be made: then `out` is not made either. Called before anything starts. */
export async function checkWritable(out: string): Promise<void> {
  await checkTemporaryFolders();
  try {
    await makeFolders(resolve(out));
    await access(resolve(out), constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--out "${out}" cannot be written to: ${error instanceof Error ? error.message : String(error)}`,
      'name a writable folder, for example --out /tmp/redcliff',
    );
  }
}

/** Named after the time and what runs, so that folders sort by time and say what they are. */
export async function makeRunFolder(
  out: string,
  startedAt: Date,
  scenarios: readonly string[],
): Promise<RunFolder> {
  const time = startedAt.toISOString().slice(0, 23).replace(/[:.]/g, '-');
  const id = `${time}-${scenarios.length === 1 ? scenarios[0] : 'suite'}`;
  const path = join(resolve(out), id);
  await mkdir(path);
  return { id, path };
}

/** Each missing folder by itself: the recursive mkdir of Node never returns where a file system refuses with ENOENT. */
async function makeFolders(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolders(parent);
  await mkdir(path);
}

export async function writeRun(folder: string, report: Report): Promise<void> {
  const summary = renderMarkdown(report);
  const extras = {
    histories: await violatedHistories(folder, report),
    traces: await violatedTraces(folder, report),
  };
  await writeWhole(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeWhole(join(folder, 'junit.xml'), renderJunit(report));
  await writeWhole(join(folder, 'summary.md'), summary);
  await writeWhole(join(folder, 'report.html'), renderHtml(report, extras));
  // GitHub shows what is appended to this file on the page of the workflow's run.
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (stepSummary !== undefined && stepSummary !== '') await appendFile(stepSummary, `${summary}\n`);
}

/** All of it or nothing: on a full disk no file is left that is empty or cut off. */
async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.part`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
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

/** Traces likewise; a cell under another Toxiproxy than the embedded one has none, and a damaged one must not cost the report. */
async function violatedTraces(folder: string, report: Report): Promise<Map<string, Trace>> {
  const traces = new Map<string, Trace>();
  for (const cell of report.cells) {
    if (!cell.verdicts.some(({ verdict }) => verdict === 'false')) continue;
    const trace = await readTrace(join(folder, cell.folder, traceFileName)).catch(() => null);
    if (trace !== null) traces.set(cell.folder, trace);
  }
  return traces;
}

/** The stack's own folder is removed with the stack; its logs are kept in `folder`, where they are not there already. */
export async function keepLogs(stack: Stack, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const elsewhere = Object.values(stack.logs).filter((file) => dirname(file) !== folder);
  for (const file of elsewhere) await copyFile(file, join(folder, basename(file)));
}

/** `path`: the folder of a run, or a file, which is taken as it is. */
export async function reportFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? join(path, 'report.json') : path;
}

/** `latest` leads to the newest run; it is replaced in one step, so that it always leads somewhere. */
export async function linkLatest(out: string, id: string): Promise<void> {
  const link = join(resolve(out), 'latest');
  const next = `${link}.${id}`;
  await rm(next, { force: true });
  await symlink(id, next);
  await rename(next, link);
}
