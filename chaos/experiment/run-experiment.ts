/**
 * One cell of a run, start to finish: every stage of the harness is one call. Whatever fails on the way, what was started is
 * stopped in the reverse order and every fault is healed.
 */
import { join } from 'node:path';
import { judge } from '../../reports/checkers/judge.ts';
import type { Cell } from '../../reports/record/report.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { recordFencedWrites } from '../observe/fenced-writes.ts';
import { openObserver } from '../observe/observer.ts';
import { measureProcessorWaits } from '../observe/processor-waits.ts';
import { measureSchedulingDelay, widened } from '../observe/scheduling-delay.ts';
import { playTimeline } from '../timeline/play.ts';
import { describeCell } from './cell-report.ts';
import type { CellPlan } from './cell-plan.ts';
import { readCache, readDatabase, readInitial } from './final-reads.ts';
import { sampleGauges } from './gauges.ts';
import { leadMsOf, runLoad } from './load.ts';
import { readCompleteHistory } from './complete-history.ts';
import { quiesce } from './quiesce.ts';
import type { RunContext } from './run-context.ts';
import { startSystem } from './system-under-test.ts';
import { limits } from './system-settings.ts';
import { faultContext, prepareStack, timelineListener } from './stack-use.ts';
import { togetherOrNotAtAll } from './together.ts';
import { historyFileName, writeEvidence } from './cell-folder.ts';

export async function runExperiment(run: RunContext, plan: CellPlan, folder: string): Promise<Cell> {
  const { stack, clock, progress } = run;
  const startedMs = clock.nowMs();
  const database = `redcliff_${plan.experiment.name}_${plan.outage.replaceAll('-', '_')}`;
  await using observer = await openObserver(stack.endpoints, database);
  await prepareStack(stack, observer);
  progress.phase('starting the system');
  await using system = await startSystem(run, plan, database, folder);
  await system.seedWorld();
  const initial = await readInitial(observer);
  await using fenced = recordFencedWrites(observer.database, clock);
  const loadStartMs = clock.nowMs() + leadMsOf(run) + (plan.experiment.load.setupMs ?? 0);
  await using sampler = sampleGauges(system.apiUrls[0] ?? '', observer, clock, loadStartMs);

  await using delay = measureSchedulingDelay(clock);
  await using waits = measureProcessorWaits(clock, join(folder, 'logs'));
  progress.phase('load');
  const historyFile = join(folder, historyFileName);
  progress.loadBegun?.({ historyFile, startMs: loadStartMs, durationMs: plan.durationMs });
  const listener = timelineListener(run, system, folder);
  const [load, faults] = await togetherOrNotAtAll(run.signal, (signal) => [
    runLoad(run, plan, system, initial, folder, loadStartMs, signal),
    playTimeline(plan.timeline, loadStartMs, faultContext(run, system, observer, signal), listener),
  ]);
  const loadEndMs = clock.nowMs();

  progress.phase('coming to rest');
  const rest = await quiesce(system, observer, limits, clock, run.signal);
  const sampled = await sampler.finish(delay.points());
  const processorWaits = await waits.finish();
  const evidence: Evidence = {
    scenario: plan.experiment.name,
    outage: plan.outage,
    limits: widened(limits, delay.maxMs(), processorWaits !== undefined),
    loadStartMs,
    loadEndMs,
    quiescedMs: rest.quiescedMs,
    quiesceReason: rest.reason,
    faults,
    database: await readDatabase(observer),
    initial,
    locks: [...sampled.locks],
    fencedWrites: await fenced.finish(),
    processorWaits,
    cache: await readCache(observer),
    queueLength: rest.quiescedMs === null ? null : 0,
  };
  await writeEvidence(folder, evidence);

  progress.phase('judging');
  const history = await readCompleteHistory(load.historyFile);
  const verdicts = judge(history.operations, evidence, plan.experiment.invariants);
  const unexpectedExits = system.unexpectedExits();
  return describeCell({
    run,
    plan,
    folder,
    startedMs,
    evidence,
    history,
    verdicts,
    load,
    sampled,
    unexpectedExits,
  });
}
