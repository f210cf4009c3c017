/** Makes of the cells that were run a report that says where, when and with what. */
import type { Cell, Report } from '../../reports/record/report.ts';
import { schemaVersion } from '../../reports/record/report.ts';
import type { PartDescription, Stack } from '../stack/contract.ts';
import type { K6Program } from './k6-program.ts';
import { describeCommit, describeMachine, describeVersions } from './environment.ts';

/** A report before it was compared and judged as a whole. */
export type RanReport = Omit<Report, 'comparison' | 'exit'>;

export interface RunDescription {
  readonly id: string;
  /** The command line that repeats it. */
  readonly command: string;
  readonly seed: string;
  /** Epoch milliseconds. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly stack: Stack;
  readonly k6: K6Program | null;
  readonly cells: Cell[];
}

export async function describeRun(run: RunDescription): Promise<RanReport> {
  return {
    schemaVersion,
    id: run.id,
    command: run.command,
    startedAt: new Date(run.startedMs).toISOString(),
    endedAt: new Date(run.endedMs).toISOString(),
    seed: run.seed,
    ...(await describeSurroundings(run.stack, run.k6)),
    cells: run.cells,
  };
}

/** Of whatever is run here and now. */
export async function describeSurroundings(
  stack: Stack,
  k6: RunDescription['k6'],
): Promise<Pick<Report, 'commit' | 'machine' | 'provider' | 'versions'>> {
  return {
    commit: await describeCommit(),
    versions: await describeVersions(),
    provider: { name: stack.provider, ...stack.parts, k6: describeK6(k6) },
    machine: describeMachine(),
  };
}

function describeK6(k6: RunDescription['k6']): PartDescription {
  return k6 === null
    ? { kind: 'embedded', program: 'redcliff k6', version: process.versions.node }
    : { kind: 'real', program: k6.path, version: k6.version };
}
