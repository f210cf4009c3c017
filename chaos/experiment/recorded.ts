/** The committed reference runs: one report for each pair of scenario and outage, in `reports/recorded/`. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareReports } from '../../reports/compare/compare-reports.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import type { RanReport } from './describe-run.ts';

const recordedFolder = fileURLToPath(new URL('../../reports/recorded/', import.meta.url));

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

/** Keeps every cell as the reference for its pair of scenario and outage. */
export async function recordCells(report: Report, folder = recordedFolder): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    report.cells.map((cell) =>
      writeFile(
        fileOf(cell, folder),
        `${JSON.stringify({ ...reportOf(cell, report), exit: report.exit })}\n`,
      ),
    ),
  );
}

async function compareCell(cell: Cell, report: RanReport, folder: string): Promise<Comparison> {
  const file = fileOf(cell, folder);
  const recorded = await access(file).then(
    () => readReport(file),
    () => null,
  );
  if (recorded !== null) return compareReports(reportOf(cell, report), recorded);
  const notes = [`${cell.scenario} × ${cell.outage} has no record`];
  return { recorded: [], worse: false, reasons: [], unlike: [], notes, changes: [], timings: [] };
}

function fileOf(cell: Cell, folder: string): string {
  return join(folder, `${cell.scenario}-${cell.outage}.json`);
}

function reportOf(cell: Cell, report: RanReport): Report {
  return { ...report, cells: [cell], comparison: null, exit: { code: 0, reason: '' } };
}
