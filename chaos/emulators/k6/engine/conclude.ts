/** The end-of-test summary: through the script's handleSummary, or as text, and for `--summary-export`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Body } from '../api/host.ts';
import { messageOf } from '../errors.ts';
import { defaultTrendStats } from '../options/consolidate.ts';
import { buildSummary, exportSummary } from '../output/summary-data.ts';
import { renderSummary } from '../output/summary-text.ts';
import { runHandleSummary } from './lifecycle.ts';
import type { RunState } from './run-state.ts';
import type { VuFactory } from './vu-factory.ts';

export interface SummaryTargets {
  readonly show: boolean;
  readonly exportPath: string | undefined;
  readonly allowEmptyThresholds: boolean;
  readonly isStdOutTTY: boolean;
  readonly isStdErrTTY: boolean;
  writeStdout(text: string): void;
  writeStderr(text: string): void;
}

export async function concludeWithSummary(
  run: RunState,
  factory: VuFactory,
  targets: SummaryTargets,
  { durationMs, setupJson }: { durationMs: number; setupJson: string | undefined },
): Promise<void> {
  if (!targets.show) return;
  const setupData: unknown = setupJson === undefined ? undefined : JSON.parse(setupJson);
  const data = buildSummary(run, {
    durationMs,
    isStdErrTTY: targets.isStdErrTTY,
    isStdOutTTY: targets.isStdOutTTY,
    setupData,
    trendStats: run.options.summaryTrendStats ?? defaultTrendStats,
  });
  const outputs = (await runHandleSummary(run, factory, data)) ?? [['stdout', renderSummary(data)] as const];
  if (targets.exportPath !== undefined) {
    writeOutput(run, targets, targets.exportPath, JSON.stringify(exportSummary(data), undefined, 4));
  }
  for (const [target, content] of outputs) writeOutput(run, targets, target, content);
}

function writeOutput(run: RunState, targets: SummaryTargets, target: string, content: Body): void {
  const bytes = typeof content === 'string' ? content : new Uint8Array(content);
  const text = typeof content === 'string' ? content : Buffer.from(content).toString();
  if (target === 'stdout') {
    targets.writeStdout(text);
  } else if (target === 'stderr') {
    targets.writeStderr(text);
  } else {
    try {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    } catch (error) {
      run.log.report('error', `could not write the summary to ${target}: ${messageOf(error)}`);
    }
  }
}
