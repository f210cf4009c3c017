/** `redcliff check RUN`: judges a stored run again, from its histories and evidence alone. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { judge } from '../../reports/checkers/judge.ts';
import { judgeThresholds } from '../../reports/checkers/thresholds.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import { readEvidence, readReport } from '../../reports/record/read-report.ts';
import { renderTable } from '../../reports/render/render-table.ts';
import { UsageError } from '../errors.ts';
import { evidenceFileName, historyFileName } from '../experiment/cell-folder.ts';
import { exitOf } from '../experiment/exit-status.ts';

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('judge a stored run again, offline')
    .argument('<run>', 'folder of the run, for example reports/runs/latest')
    .action(check);
}

async function check(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null || !found.isDirectory()) {
    throw new UsageError(
      `RUN "${folder}" is not a folder`,
      'give the folder of a run, for example reports/runs/latest',
    );
  }
  const report = await readReport(join(folder, 'report.json'));
  const cells = await Promise.all(
    report.cells.map(async (cell) => {
      if (cell.harnessError !== null) return cell;
      const history = await readHistory(join(folder, cell.folder, historyFileName));
      const evidence = await readEvidence(join(folder, cell.folder, evidenceFileName));
      const invariants = cell.verdicts.map(({ invariant }) => invariant);
      return {
        ...cell,
        verdicts: judge(history.operations, evidence, invariants),
        thresholds: judgeThresholds(cell.thresholds, history.operations, evidence, cell.recoveryMs),
      };
    }),
  );
  const exit = exitOf(cells, false, null);
  console.log(renderTable({ ...report, cells, exit }));
  console.log(exit.reason);
  process.exitCode = exit.code;
}
