/**
 * The committed baselines of a target: for each pair of scenario and fault up to eight reports, `reads-none.json` the newest, `reads-none.2.json`
 * the one before it. Several of a kind tell how much identical code differs from run to run.
 */
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareReports } from '../../reports/compare/compare-reports.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { environmentDifferences } from '../../reports/compare/environments.ts';
import { otherLoad } from '../../reports/compare/loads.ts';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { cellName } from '../../reports/render/headline.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import type { RanReport } from './surroundings.ts';

const baselinesMax = 8;

export function baselineFolder({ scriptFolder }: Pick<LoadedTarget, 'scriptFolder'>): string {
  return resolve(scriptFolder, 'reports/baselines');
}

/** Compares each cell with its baseline, if there is one, and says of the others that there is none. */
export async function compareWithBaselines(report: RanReport, folder: string): Promise<Comparison> {
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
 * Keeps every cell as a baseline for its pair of scenario and fault, before those saved earlier. These go when they are of another
 * environment or load, and when the run was worse than they: then a new level is saved.
 */
export async function saveBaselines(report: Report, worse: boolean, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(report.cells.map((cell) => saveCell(cell, report, worse, folder)));
}

async function saveCell(cell: Cell, report: Report, worse: boolean, folder: string): Promise<void> {
  const newest = { ...reportOf(cell, report), exit: report.exit };
  const earlier = worse ? [] : await readBaselines(cell, folder);
  const alike = earlier.filter((other) => {
    const [before] = other.cells;
    const sameLoad = before !== undefined && otherLoad(cell, before) === null;
    return sameLoad && environmentDifferences(newest, other).length === 0;
  });
  const kept = [newest, ...alike].slice(0, baselinesMax);
  for (let index = 0; index < baselinesMax; index += 1) {
    const [file, baseline] = [fileOf(cell, folder, index), kept[index]];
    if (baseline === undefined) await rm(file, { force: true });
    else await writeFile(file, `${JSON.stringify(baseline)}\n`);
  }
}

/** Newest first. */
async function readBaselines(cell: Cell, folder: string): Promise<Report[]> {
  const baselines: Report[] = [];
  for (let index = 0; index < baselinesMax; index += 1) {
    const file = fileOf(cell, folder, index);
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) baselines.push(await readReport(file));
  }
  return baselines;
}

async function compareCell(cell: Cell, report: RanReport, folder: string): Promise<Comparison> {
  const baselines = await readBaselines(cell, folder);
  if (baselines.length > 0) return compareReports(reportOf(cell, report), baselines);
  const notes = [`${cellName(cell)} has no baseline`];
  return { recorded: [], worse: false, reasons: [], unlike: [], notes, changes: [], timings: [] };
}

/** `index` counts from the newest, 0. */
function fileOf(cell: Cell, folder: string, index: number): string {
  return join(folder, `${cell.scenario}-${cell.fault}${index === 0 ? '' : `.${index + 1}`}.json`);
}

function reportOf(cell: Cell, report: RanReport): Report {
  return { ...report, cells: [cell], comparison: null, exit: { code: 0, reason: '' } };
}
