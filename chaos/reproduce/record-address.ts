/** Finds what a user means by REPORT: a run, its report, or one case of its junit.xml. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readReport } from '../../reports/record/read-report.ts';
import type { Cell, Report } from '../../reports/record/report.ts';
import { UsageError } from '../errors.ts';
import { cellName } from './recorded-cell.ts';
import { type Symptom, symptomsOf, symptomText } from './symptom.ts';

/** One cell to run again, and what to look for in it. */
export interface RecordedFailure {
  readonly cell: Cell;
  /** Empty when nothing was violated in it. */
  readonly symptoms: readonly Symptom[];
}

/** Throws UsageError and what `readReport` throws. */
export async function openRecord(address: string): Promise<{ report: Report; caseName: string | null }> {
  const hash = address.indexOf('#');
  const path = hash < 0 ? address : address.slice(0, hash);
  const caseName = hash < 0 ? null : address.slice(hash + 1).trim();
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new UsageError(
      `REPORT "${path}" does not exist`,
      'give the folder of a run, its report.json, or junit.xml#CASE, for example reports/runs/latest',
    );
  }
  const file = found.isDirectory() ? join(path, 'report.json') : besideJunit(path);
  if ((await stat(file).catch(() => null)) === null) {
    throw new UsageError(
      `REPORT "${path}" has no report.json beside it`,
      'the record of a run is its report.json: keep the folder of the run together',
    );
  }
  return { report: await readReport(file), caseName };
}

function besideJunit(path: string): string {
  return basename(path).endsWith('.xml') ? join(dirname(path), 'report.json') : path;
}

/**
 * The cells to run again: the one named, or all in which something was violated. `caseName` is the name of a case in junit.xml,
 * with or without its class. Throws UsageError when there is none, unless `alsoHeld` allows a cell in which all was well.
 */
export function chooseFailures(
  report: Report,
  choice: { readonly caseName: string | null; readonly cell: string | undefined; readonly alsoHeld: boolean },
): RecordedFailure[] {
  const cells = choice.cell === undefined ? report.cells : [cellNamed(report, choice.cell)];
  const { caseName } = choice;
  const failures = cells.map((cell) => ({
    cell,
    symptoms: symptomsOf(cell).filter((symptom) => caseName === null || isCase(cell, symptom, caseName)),
  }));
  const violated = failures.filter(({ symptoms }) => symptoms.length > 0);
  if (violated.length > 0) return violated;
  if (caseName !== null) {
    throw new UsageError(
      `REPORT: no failed case of the run is called "${caseName}"`,
      `failed cases: ${failedCases(report).join('; ') || 'none'}`,
    );
  }
  if (choice.alsoHeld) return failures;
  throw new UsageError(
    `nothing was violated in ${cells.map(cellName).join(', ')} of this run`,
    `violated: ${failedCases(report).join('; ') || 'nothing'}; to run it again all the same: ${report.command}`,
  );
}

function cellNamed(report: Report, asked: string): Cell {
  const plain = (name: string): string => name.replaceAll(/\s*[×/:.]\s*|\s+x\s+/g, '×').trim();
  const cell = report.cells.find((candidate) => plain(cellName(candidate)) === plain(asked));
  if (cell !== undefined) return cell;
  throw new UsageError(
    `--cell "${asked}" is not in the report`,
    `cells: ${report.cells.map((candidate) => `${candidate.scenario}×${candidate.outage}`).join(', ')}`,
  );
}

/** As junit.xml names it, with or without the class in front; the invariant alone is enough. */
function isCase(cell: Cell, symptom: Symptom, asked: string): boolean {
  const className = `${cell.scenario}.${cell.outage}`;
  return namesOf(cell, symptom).some((name) =>
    [name, `${className} ${name}`, `${className}.${name}`].includes(asked),
  );
}

function namesOf(cell: Cell, symptom: Symptom): string[] {
  const short = symptomText(symptom);
  if (symptom.kind === 'invariant') {
    const title = cell.verdicts.find(({ invariant }) => invariant === symptom.name)?.title ?? '';
    return [short, `${short} ${title}`];
  }
  const expressions = cell.thresholds.filter(({ metric }) => metric === symptom.name);
  return [short, ...expressions.map(({ expression }) => `${short} ${expression}`)];
}

function failedCases(report: Report): string[] {
  return report.cells.flatMap((cell) =>
    symptomsOf(cell).map((symptom) => `${cell.scenario}.${cell.outage} ${symptomText(symptom)}`),
  );
}
