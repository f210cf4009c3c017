/** The command that runs a cell again with the same seed: faults, load and world come out the same, the interleaving may not. */
import type { Cell, Report } from '../record/report.ts';

export function reproduceCommand(report: Report, cell: Cell): string {
  const parts = ['npm run redcliff -- run', cell.scenario, '--outage', cell.outage, '--seed', cell.seed];
  const { defect } = cell.config;
  const planted = typeof defect === 'string' ? ['--defect', defect] : [];
  return [...parts, '--stack', report.provider.name, ...planted].map(quoted).join(' ');
}

function quoted(part: string): string {
  return /^[\w.:/ -]+$/.test(part) ? part : `'${part.replaceAll("'", `'\\''`)}'`;
}
