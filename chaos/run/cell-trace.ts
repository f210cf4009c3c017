/** The trace of one cell: recorded while its load runs, and cut down to what matters once it is known what was found. */
import { join } from 'node:path';
import type { LockCommand } from '../../reports/record/evidence.ts';
import type { FaultRecord, Verdict } from '../../reports/record/report.ts';
import type { TimeSpan } from '../../reports/trace/fit-trace.ts';
import type { TraceHead } from '../../reports/trace/trace.ts';
import type { PlannedInjection } from '../faults/timeline.ts';
import { commandsOnKeys } from '../observe/lock-commands.ts';
import { takeRequestTies, tiedLine } from '../observe/request-ties.ts';
import { fitTraceFile, recordTrace } from '../observe/trace.ts';
import type { Stack } from '../stack/contract.ts';
import type { RunningTarget } from '../target/start.ts';
import { traceFileName } from './cell-folder.ts';

/** Room that the trace of a cell may take, and time around faults and witnesses of which everything is kept. */
const bytesMax = 16 * 1024 * 1024;
const marginMs = 2_000;

export interface CellTrace extends AsyncDisposable {
  faultApplied(planned: PlannedInjection, nowMs: number): void;
  /** Writes the trace and ends the recording. */
  finish(): Promise<void>;
  /** Commands of the written trace on keys of these patterns. */
  commandsOn(patterns: readonly string[]): Promise<LockCommand[]>;
  /** Cuts the written trace down when it is too large. */
  fit(faults: readonly FaultRecord[], verdicts: readonly Verdict[]): Promise<void>;
}

/** Null for a Toxiproxy that records nothing. `tiesFolder`: where processes note which operation caused what. Throws HarnessError. */
export async function traceOfCell(
  stack: Stack,
  running: Pick<RunningTarget, 'proxyEnds'>,
  folder: string,
  tiesFolder: string,
): Promise<CellTrace | null> {
  if (!stack.capabilities.has('toxiproxy-extensions')) return null;
  const recording = await recordTrace(stack.endpoints.toxiproxyApi);
  const file = join(folder, traceFileName);
  return {
    faultApplied: ({ applyAtMs, healAtMs }, nowMs) => {
      const span = { fromMs: nowMs - marginMs, toMs: nowMs + healAtMs - applyAtMs + marginMs };
      // Only what a full memory drops depends on it; a Toxiproxy that does not answer fails the fault itself.
      recording.keep(span).catch(() => undefined);
    },
    finish: async () => {
      const ties = await takeRequestTies(tiesFolder);
      const ports = new Map(
        running.proxyEnds.flatMap(({ name, port }) => (port === undefined ? [] : [[name, port]])),
      );
      const line = ties.none ? undefined : (text: string) => tiedLine(text, ties, ports);
      await recording.finish(file, proxiesOf(running), line);
    },
    commandsOn: (patterns) => commandsOnKeys(file, patterns),
    fit: (faults, verdicts) => fitTraceFile(file, timesOfInterest(faults, verdicts), bytesMax),
    [Symbol.asyncDispose]: () => recording[Symbol.asyncDispose](),
  };
}

function proxiesOf({ proxyEnds }: Pick<RunningTarget, 'proxyEnds'>): TraceHead['proxies'] {
  return Object.fromEntries(
    proxyEnds.map(({ name, store, instance }) => [name, { store, process: instance }]),
  );
}

function timesOfInterest(faults: readonly FaultRecord[], verdicts: readonly Verdict[]): TimeSpan[] {
  const operations = verdicts.flatMap(({ witnesses }) => witnesses.flatMap((witness) => witness.operations));
  const times = [
    ...faults.map(({ appliedMs, healedMs }) => ({ fromMs: appliedMs, toMs: healedMs })),
    ...operations.map(({ startedMs, endedMs }) => ({ fromMs: Number(startedMs), toMs: Number(endedMs) })),
  ];
  return times.map(({ fromMs, toMs }) => ({ fromMs: fromMs - marginMs, toMs: toMs + marginMs }));
}
