/**
 * Reads the output of the runners of a distributed load: the history, a line for each operation, between other
 * output of k6; and each runner's summary. Pure.
 */
import { z } from 'zod';
import { operationSchema, type Operation } from '../../../reports/history/operation.ts';
import { historyProblems } from '../../../reports/history/problems.ts';
import { HarnessError } from '../../errors.ts';

export interface RunnerLog {
  /** For messages. */
  readonly name: string;
  readonly text: string;
}

export interface LoadResults {
  /** Of all runners, by the time at which they ended. */
  readonly operations: readonly Operation[];
  readonly droppedIterations: number;
  /** Thresholds that a runner crossed, each with the runner's name. */
  readonly crossed: readonly string[];
}

const summarySchema = z.object({
  metrics: z.record(
    z.string(),
    z.object({
      values: z.record(z.string(), z.number().nullable()),
      thresholds: z.record(z.string(), z.object({ ok: z.boolean() })).optional(),
    }),
  ),
});
const hint = 'fetch the whole log of each runner with kubectl logs --tail=-1, one file each';

/** Throws `HarnessError` for a log without a summary, which is not whole, and for clients that contradict themselves. */
export function takeInLogs(logs: readonly RunnerLog[]): LoadResults {
  const results = logs.map(takeInLog);
  const operations = results.flatMap((result) => result.operations);
  operations.sort((left, right) => left.endedMs - right.endedMs);
  const [problem] = historyProblems(operations);
  if (problem !== undefined) {
    throw new HarnessError(
      `the logs contradict each other: ${problem}`,
      `give each log once, of one test run. ${hint}`,
    );
  }
  return {
    operations,
    droppedIterations: results.reduce((sum, { droppedIterations }) => sum + droppedIterations, 0),
    crossed: results.flatMap(({ crossed }) => crossed),
  };
}

function takeInLog({ name, text }: RunnerLog): { operations: Operation[] } & Omit<LoadResults, 'operations'> {
  const operations: Operation[] = [];
  let summary: z.infer<typeof summarySchema> | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const value = line.startsWith('{') ? parse(line, `${name}, line ${index + 1}`) : undefined;
    const operation = operationSchema.safeParse(value);
    if (operation.success) operations.push(operation.data);
    else summary = summarySchema.safeParse(value).data ?? summary;
  }
  if (summary === undefined) {
    throw new HarnessError(`${name} has no summary at its end: the runner, or its log, was cut off`, hint);
  }
  const crossed = Object.entries(summary.metrics).flatMap(([metric, { thresholds }]) =>
    Object.entries(thresholds ?? {})
      .filter(([, { ok }]) => !ok)
      .map(([expression]) => `${metric} ${expression} (${name})`),
  );
  return {
    operations,
    crossed,
    droppedIterations: summary.metrics['dropped_iterations']?.values['count'] ?? 0,
  };
}

function parse(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new HarnessError(`${where} is cut off, or two lines were mixed`, hint);
  }
}
