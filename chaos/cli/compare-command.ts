/** `redcliff compare A B`: whether run A is worse than run B, the recorded one. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { compareReports } from '../../reports/compare/compare-reports.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { readReport } from '../../reports/record/read-report.ts';
import { exitCodes } from '../errors.ts';

export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('say whether a run is worse than a recorded one')
    .argument('<run>', 'folder of a run, or its report.json')
    .argument('<recorded>', 'the same of the run it is compared with')
    .action(async (run: string, recorded: string) => {
      const comparison = compareReports(await readRun(run), await readRun(recorded));
      console.log(describeComparison(comparison));
      process.exitCode = comparison.worse ? exitCodes.worse : exitCodes.held;
    });
}

async function readRun(path: string) {
  const found = await stat(path).catch(() => null);
  return readReport(found?.isDirectory() === true ? join(path, 'report.json') : path);
}

function describeComparison({ worse, reasons, unlike, notes, timings }: Comparison): string {
  const compared = `${timings.length} timings compared`;
  return [
    worse ? 'Worse:' : `Not worse (${compared})`,
    ...reasons.map((reason) => `  ${reason}`),
    ...unlike.map((difference) => `  only verdicts were compared: ${difference}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
