/**
 * The committed reference runs in `reports/recorded/`: for each pair of scenario and outage up to eight reports, `reads-none.json` the
 * newest, `reads-none.2.json` the one before it. Several of a kind tell how much identical code differs from run to run.
 */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareReports } from '../../reports/compare/compare-reports.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { environmentDifferences } from '../../reports/compare/environments.ts';
import { otherLoad } from '../../reports/compare/loads.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import type { RanReport } from './describe-run.ts';

const recordedFolder = fileURLToPath(new URL('../../reports/recorded/', import.meta.url));

const recordsMax = 8;

/** Compares each cell with its record, if there is one, and says of the others that there is none. */
export async function compareWithRecorded(report: RanReport, folder = recordedFolder): Promise<Comparison> {
  const comparisons = await Promise.all(report.cells.map((cell) => compareCell(cell, report, folder)));
  return {
    recorded: [...new Set(comparisons.flatMap(({ recorded }) => recorded))],
    worse: comparisons.some(({ worse }) => worse),
    reasons: comparisons.flatMap(({ reasons }) => reasons),
    unlike: [...new Set(comparisons.flatMap(({ unlike }) => unlike))],
    notes: comparisons.flatMap(({ notes }) => notes),
    changes: comparisons.flatMap(({ changes }) => changes),
    timings: comparisons.flatMap(({ timings }) => timings),
  };
}

/**
 * Keeps every cell as a reference for its pair of scenario and outage, before those recorded earlier. These go when they are of another
 * environment or load, and when the run was worse than they: then it is a new level that is being recorded.
 */
export async function recordCells(report: Report, worse: boolean, folder = recordedFolder): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(report.cells.map((cell) => recordCell(cell, report, worse, folder)));
}

async function recordCell(cell: Cell, report: Report, worse: boolean, folder: string): Promise<void> {
  const newest = { ...reportOf(cell, report), exit: report.exit };
  const earlier = worse ? [] : await readRecords(cell, folder);
  const alike = earlier.filter((other) => {
    const [before] = other.cells;
    const sameLoad = before !== undefined && otherLoad(cell, before) === null;
    return sameLoad && environmentDifferences(newest, other).length === 0;
  });
  const kept = [newest, ...alike].slice(0, recordsMax);
  for (let index = 0; index < recordsMax; index += 1) {
    const [file, record] = [fileOf(cell, folder, index), kept[index]];
    if (record === undefined) await rm(file, { force: true });
    else await writeFile(file, `${JSON.stringify(record)}\n`);
  }
}

/** Newest first. */
async function readRecords(cell: Cell, folder: string): Promise<Report[]> {
  const records: Report[] = [];
  for (let index = 0; index < recordsMax; index += 1) {
    const file = fileOf(cell, folder, index);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) records.push(await readReport(file));
  }
  return records;
}

async function compareCell(cell: Cell, report: RanReport, folder: string): Promise<Comparison> {
  const recorded = await readRecords(cell, folder);
  if (recorded.length > 0) return compareReports(reportOf(cell, report), recorded);
  const notes = [`${cell.scenario} × ${cell.outage} has no record`];
  return { recorded: [], worse: false, reasons: [], unlike: [], notes, changes: [], timings: [] };
}

/** `index` counts from the newest, 0. */
function fileOf(cell: Cell, folder: string, index: number): string {
  return join(folder, `${cell.scenario}-${cell.outage}${index === 0 ? '' : `.${index + 1}`}.json`);
}

function reportOf(cell: Cell, report: RanReport): Report {
  return { ...report, cells: [cell], comparison: null, exit: { code: 0, reason: '' } };
}
