/**
 * One cell, start to finish: every stage of a run is one call. Whatever fails on the way, what was started is stopped in the reverse order
 * and every fault is healed; a cell that cannot run to its end gives no verdict, only the reason.
 */
import { join } from 'node:path';
import { isFailedChecker, judge } from '../../reports/checkers/judge.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Cell } from '../../reports/record/report.ts';
import { HarnessError, RedcliffError } from '../errors.ts';
import { playTimeline, type TimelineListener } from '../faults/timeline.ts';
import { recordFencedWrites } from '../observe/fenced-writes.ts';
import { measureMachineLoad } from '../observe/machine-load.ts';
import { openObserver } from '../observe/observer.ts';
import { measureProcessorWaits } from '../observe/processor-waits.ts';
import { measureSchedulingDelay } from '../observe/scheduling-delay.ts';
import type { Stack } from '../stack/contract.ts';
import { addressesFor, databaseOf, emptyAttached } from '../target/attached.ts';
import { readCache, readDatabase, readKeys } from '../target/final-state.ts';
import { nodeOptionsOf } from '../target/mutants.ts';
import { quiesce } from '../target/quiesce.ts';
import { describeContact } from '../target/network/confinement.ts';
import { refuseBypass } from '../target/unused-addresses.ts';
import { instancesOf, type RunningTarget, startTarget } from '../target/start.ts';
import { makeCellFolder, readCompleteHistory, writeEvidence } from './cell-folder.ts';
import type { CellContext, CellHost } from './cell-context.ts';
import { describeCell, failedCell, starvedCell } from './cell-record.ts';
import { type CellTrace, traceOfCell } from './cell-trace.ts';
import { sampleGauges } from './gauges.ts';
import { limitsOf } from './limits.ts';
import { prepareLoad } from './load.ts';
import type { CellPlan } from './plan.ts';

/** Rejects only when the folder of the cell cannot be made. */
export async function runCell(context: CellContext, plan: CellPlan, runFolder: string): Promise<Cell> {
  const { clock, signal, stack } = context;
  const startedMs = clock.nowMs();
  const folder = await makeCellFolder(runFolder, plan);
  const machine = measureMachineLoad(clock);
  try {
    const cell = await runToEnd({ ...context, folder }, plan, startedMs);
    const broken = cell.verdicts.find(isFailedChecker);
    if (broken !== undefined && !cell.verdicts.some(({ verdict }) => verdict === 'false'))
      return { ...cell, harnessError: broken.reason };
    // A part of the stack failed unplanned, so violations may be the fault of the harness.
    if (stack.unexpectedExits().length > 0)
      throw new HarnessError('the verdicts of this cell are invalid', 'run redcliff doctor');
    return cell;
  } catch (error) {
    const reason = signal.aborted ? 'interrupted' : describeFailure(error, stack);
    const times = { startedMs, endedMs: clock.nowMs() };
    // A timeout on a machine without free processors is not a failure of the harness.
    const starved = !signal.aborted && error instanceof RedcliffError && error.timedOut && machine.busy();
    const describe = starved && stack.unexpectedExits().length === 0 ? starvedCell : failedCell;
    return describe(context.target, plan, reason, times);
  }
}

async function runToEnd(host: CellHost, plan: CellPlan, startedMs: number): Promise<Cell> {
  const { target, stack, clock, progress, folder, signal } = host;
  const { scenario, label } = plan;
  const name = `${scenario.name}-${label}`;
  const database = databaseOf(target, `redcliff_${name.replaceAll('-', '_')}`);
  const limits = limitsOf(target);
  await using observer = await openObserver(stack.endpoints, database);
  await (target.attach === undefined ? stack.empty(database) : emptyAttached(observer));

  progress.phase(
    target.attach === undefined
      ? 'starting the target'
      : `waiting for the attached target, which finds ${addressesFor(target.attach)}`,
  );
  const tiesFolder = join(folder, 'ties');
  await using running = await startTarget(
    target,
    {
      processes: scenario.processes,
      settings: scenario.settings,
      database,
      nodeOptions: nodeOptionsAtStart(target, plan),
    },
    {
      stack,
      observer,
      reaper: host.reaper,
      clock,
      signal,
      logFolder: join(folder, 'logs'),
      ...(target.tieRequests === true && stack.capabilities.has('toxiproxy-extensions')
        ? { tiesFolder }
        : {}),
      nodeOptions: nodeOptionsOf(target, plan.mutant, host.targetFolder ?? target.folder),
      ...(host.targetFolder === undefined ? {} : { folder: host.targetFolder }),
    },
  );
  const world = await running.seed({ name, seed: plan.seed, world: scenario.world });
  const initial = await readDatabase(observer, target.state);
  const initialKeys = await readKeys(observer, target.state);
  await using fenced =
    target.fencedWrites === undefined
      ? null
      : recordFencedWrites(observer.database, clock, target.fencedWrites);
  progress.phase('preparing the load');
  await using load = await prepareLoad(host, plan, running, world, limits.requestDeadlineMs);
  await using trace = await traceOfCell(stack, running, folder, tiesFolder);
  await using delay = measureSchedulingDelay(clock);
  await using waits = measureProcessorWaits(clock, join(folder, 'logs'), requestPath(running));

  progress.phase('load');
  const loadStartMs = load.start();
  await using sampler = sampleGauges(running, loadStartMs);
  const { historyFile } = load;
  progress.loadBegun?.({ historyFile, startMs: loadStartMs, durationMs: plan.durationMs });
  const [loaded, faults] = await togetherOrNotAtAll(signal, (either) => [
    load.result(either),
    playTimeline(
      plan.timeline,
      loadStartMs,
      { ...running.faultContext, signal: either },
      timelineListener(host, running, trace),
    ),
  ]);
  const loadEndMs = clock.nowMs();
  refuseBypass((await running.addresses()) ?? []);

  progress.phase('quiescing');
  const rest = await quiesce(running, limits.recoveryMs);
  const sampled = await sampler.finish(delay.points());
  // Of the processes of an attached target it is not known.
  const processorWaits = target.attach === undefined ? await waits.finish() : undefined;
  const connections = await running.connections();
  const unexpectedExits = [...running.unexpectedExits()];
  const contacts = running.contacts().map(describeContact);
  const read: Evidence = {
    scenario: scenario.name,
    fault: label,
    limits: {
      ...limits,
      // Where it is known of each request whether it had a processor, nothing is added: it would let hangs pass.
      deadlineToleranceMs:
        limits.deadlineToleranceMs + (processorWaits === undefined ? 2 * delay.maxMs() : 0),
    },
    schedulingDelayMs: delay.maxMs(),
    loadStartMs,
    loadEndMs,
    quiescedMs: rest.quiescedMs,
    quiesceReason: rest.reason,
    ...(rest.watched === undefined ? {} : { watched: rest.watched }),
    ...(rest.lastReads === undefined ? {} : { lastReads: rest.lastReads }),
    faults,
    database: await readDatabase(observer, target.state),
    initial,
    ...(target.locks === undefined ? {} : { locks: [...sampled.locks] }),
    ...(fenced === null ? {} : { fencedWrites: await fenced.finish() }),
    processorWaits,
    cache: await readCache(observer, target.state),
    initialKeys,
    ...(connections === null ? {} : { connections }),
    ...(target.attach === undefined ? { unexpectedExits } : {}),
  };
  // Reading a long trace keeps the proxies busy, and what a target does without its stores must not be in the samples or the final state.
  await trace?.finish();
  const lockCommands = await trace?.commandsOn(target.locks ?? []);
  const evidence: Evidence = lockCommands === undefined ? read : { ...read, lockCommands };
  await writeEvidence(folder, evidence);

  progress.phase('judging');
  const history = await readCompleteHistory(historyFile, target.checkOperation);
  const verdicts = judge(history.operations, evidence, scenario.invariants);
  await trace?.fit(faults, verdicts);
  return describeCell({
    host,
    plan,
    startedMs,
    evidence,
    history,
    verdicts,
    load: loaded,
    sampled,
    unexpectedExits,
    contacts,
  });
}

/** What the faults of the plan ask of processes as they start, by name. */
function nodeOptionsAtStart(
  target: CellHost['target'],
  { scenario, timeline }: CellPlan,
): ReadonlyMap<string, readonly string[]> {
  const names = instancesOf(target, scenario.processes).map(({ name }) => name);
  const options = new Map<string, readonly string[]>();
  for (const { fault, parameters } of timeline) {
    for (const [name, own] of fault.nodeOptionsAtStart(parameters, names))
      options.set(name, [...(options.get(name) ?? []), ...own]);
  }
  return options;
}

/** Names of the processes that every request passes, as their logs are named. */
function requestPath({ processes }: RunningTarget): ReadonlySet<string> {
  const serving = processes.all.filter(({ url }) => url !== null);
  return new Set(['k6', ...serving.map(({ name }) => name)]);
}

function timelineListener(
  { progress, hold, stack, folder, clock }: CellHost,
  { baseUrls }: RunningTarget,
  trace: CellTrace | null,
): TimelineListener {
  return {
    applied: (planned) => {
      progress.applied(planned);
      trace?.faultApplied(planned, clock.nowMs());
    },
    healed: (record) => progress.healed(record),
    ...(hold === undefined ? {} : { hold: (planned) => hold(planned, { stack, baseUrls, folder }) }),
  };
}

/** Rejects with the first failure, or with the outer signal's reason, after every task has settled. */
export async function togetherOrNotAtAll<A, B>(
  outer: AbortSignal,
  start: (signal: AbortSignal) => readonly [Promise<A>, Promise<B>],
): Promise<[A, B]> {
  const failure = new AbortController();
  const tasks = start(AbortSignal.any([outer, failure.signal]));
  for (const task of tasks) task.catch((error: unknown) => failure.abort(error));
  await Promise.allSettled(tasks);
  if (failure.signal.aborted) throw outer.aborted ? outer.reason : failure.signal.reason;
  return Promise.all(tasks);
}

function describeFailure(error: unknown, stack: Stack): string {
  const own = error instanceof Error ? error.message : String(error);
  const exits = stack.unexpectedExits().map(({ part, detail }) => `${part} ended by itself (${detail})`);
  const remedy = error instanceof RedcliffError ? `\n  ${error.hint}` : '';
  return `${[own, ...exits].join('; ')}${remedy}`;
}
