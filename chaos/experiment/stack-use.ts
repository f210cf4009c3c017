/** How a cell uses a stack: emptied before it, and seen by the faults through their context. */
import { Toxiproxy } from 'toxiproxy-node-client';
import type { FaultContext } from '../faults/fault.ts';
import type { Observer } from '../observe/observer.ts';
import type { Stack } from '../stack/contract.ts';
import type { TimelineListener } from '../timeline/play.ts';
import type { RunContext } from './run-context.ts';
import type { SystemUnderTest } from './system-under-test.ts';

/** What is emptied of a stack that is not the harness's own, its provider decides. */
export async function prepareStack(stack: Stack, observer: Observer): Promise<void> {
  await stack.empty(observer.database.databaseName);
}

export function faultContext(
  run: RunContext,
  system: SystemUnderTest,
  observer: Observer,
  signal: AbortSignal,
): FaultContext {
  return {
    stack: run.stack,
    toxiproxy: new Toxiproxy(run.stack.endpoints.toxiproxyApi),
    processes: system.processes,
    observer,
    clock: run.clock,
    signal,
  };
}

/** Progress of the timeline, and the place where somebody may hold it. */
export function timelineListener(run: RunContext, system: SystemUnderTest, folder: string): TimelineListener {
  const { hold, stack, progress } = run;
  return {
    applied: progress.applied,
    healed: progress.healed,
    ...(hold === undefined
      ? {}
      : { hold: (fault) => hold(fault, { stack, apiUrls: system.apiUrls, folder }) }),
  };
}
