/** One step: a load for as long as it takes to know its figures, everything watched meanwhile, and judged in its steady window alone. */
import { availableParallelism } from 'node:os';
import { checkLittle, type Step } from '../../reports/capacity/step.ts';
import type { Clock } from '../clock.ts';
import type { GeneratorProof, Load, LoadJob, LoadResult, Traffic } from './load/job.ts';
import type { LoadGenerator } from './load/load-generator.ts';
import { observationMs, observe, steadyWindow } from './load/recorder.ts';
import { type MetricsSource, readMetrics } from './resources/prometheus.ts';
import { usageBetween } from './resources/utilisation.ts';
import { type Watched, watchResources } from './resources/watch.ts';

/** What is loaded, and what is watched meanwhile. */
export interface Subject {
  readonly urls: readonly string[];
  readonly metrics: MetricsSource | null;
  readonly watched: Watched;
}

export interface Bench {
  readonly generator: LoadGenerator;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface StepPlan {
  readonly traffic: Traffic;
  readonly load: Load;
  readonly repeat: number;
  readonly seed: string;
  readonly durationMsMin: number;
  readonly durationMsMax: number;
}

/** A request that is not answered this long after the load ended has failed. */
const patienceMs = 3_000;

export async function measureStep(bench: Bench, subject: Subject, plan: StepPlan): Promise<Step> {
  const { traffic, load, seed, durationMsMin, durationMsMax } = plan;
  const job: LoadJob = {
    urls: subject.urls,
    traffic,
    load,
    seed: `${seed}/${load.kind}-${loadOf(load)}-${plan.repeat}`,
    durationMsMin,
    durationMsMax,
    patienceMs,
  };
  await using watch = watchResources(subject.watched, bench.clock);
  const { metrics } = subject;
  const before = metrics === null ? [] : await readMetrics(metrics);
  const cpu = process.cpuUsage();
  const result = await bench.generator.run(job, bench.signal);
  const used = process.cpuUsage(cpu);
  const harnessShare =
    (used.user + used.system) / 1_000 / Math.max(1, bench.clock.nowMs() - result.startedMs);
  const figures = metrics === null ? {} : metrics.figures(before, await readMetrics(metrics));
  const judged = judgeStep(plan, subject.watched, result, await watch.finish(), harnessShare);
  return { ...judged, metrics: { ...figures } };
}

function judgeStep(
  { load, repeat }: StepPlan,
  watched: Watched,
  result: LoadResult,
  readings: Parameters<typeof usageBetween>[1],
  harnessShare: number,
): Omit<Step, 'metrics'> {
  const { samples, sendingMs, startedMs, proof } = result;
  const { from, steady } = steadyWindow(observe(samples, sendingMs));
  const [fromMs, toMs] = [from * observationMs, sendingMs];
  const inside = windowOf(result, fromMs, toMs);
  const usage = usageBetween(watched, readings, startedMs + fromMs, startedMs + toMs, {
    processors: availableParallelism(),
    harnessShare,
  });
  const throughputPerSecond = (1_000 * inside.answered) / (toMs - fromMs);
  return {
    load: { kind: load.kind, value: loadOf(load) },
    repeat,
    startedMs,
    window: { fromMs, toMs, steady },
    requests: inside.latencies.length,
    throughputPerSecond,
    errorShare: inside.latencies.length === 0 ? 1 : inside.errors / inside.latencies.length,
    latencyMs: {
      mean: inside.meanMs,
      p50: at(inside.latencies, 0.5),
      p90: at(inside.latencies, 0.9),
      p95: at(inside.latencies, 0.95),
      p99: at(inside.latencies, 0.99),
      p999: at(inside.latencies, 0.999),
      max: at(inside.latencies, 1),
    },
    // Both sides count from the sending, from which on a request is under way.
    little: checkLittle(throughputPerSecond, inside.serviceMeanMs, inside.inFlight),
    generator: { ...proof, sentLateMsP99: inside.lateMsP99 },
    utilisations: [...usage.utilisations],
    busy: { ...usage.busy, harness: harnessShare },
    othersShare: usage.othersShare,
    backlogLengthMax: usage.backlogLengthMax,
    backlogAgeMsMax: usage.backlogAgeMsMax,
    discarded: limitOfGenerator(proof, at(inside.latencies, 0.99)),
  };
}

/** With its event loop this busy the generator could not have sent or read faster. */
const loopShareMax = 0.85;
/** A delay of the generator below this is noise; a longer one may be no more than this share of the measured latency. */
const delayMsNegligible = 20;
const delayShareMax = 0.25;

/** Why the generator and not the target was the limit, or null. */
export function limitOfGenerator(proof: GeneratorProof, latencyMsP99: number): string | null {
  const { loopShare, loopDelayMsP99 } = proof;
  if (loopShare >= loopShareMax)
    return `the load generator was busy ${Math.round(loopShare * 100)} % of the time: it was the limit, not the target`;
  if (loopDelayMsP99 > Math.max(delayMsNegligible, delayShareMax * latencyMsP99))
    return `the load generator was woken up to ${Math.round(loopDelayMsP99)} ms late, too much for a latency of ${Math.round(latencyMsP99)} ms`;
  return null;
}

/** Requests intended inside the window, whenever they ended; and answers inside it. */
function windowOf({ samples, inFlight }: LoadResult, fromMs: number, toMs: number) {
  const latencies: number[] = [];
  const late: number[] = [];
  let [sum, service, errors, answered] = [0, 0, 0, 0];
  samples.intendedMs.forEach((intendedMs, index) => {
    const endedMs = samples.endedMs[index] ?? intendedMs;
    const startedMs = samples.startedMs[index] ?? intendedMs;
    const status = samples.status[index] ?? 0;
    if (endedMs >= fromMs && endedMs < toMs && status !== 0) answered += 1;
    if (intendedMs < fromMs || intendedMs >= toMs) return;
    latencies.push(endedMs - intendedMs);
    late.push(startedMs - intendedMs);
    sum += endedMs - intendedMs;
    service += endedMs - startedMs;
    if (status < 200 || status > 299) errors += 1;
  });
  latencies.sort((left, right) => left - right);
  late.sort((left, right) => left - right);
  const samplesInside = inFlight
    .filter(([atMs]) => atMs >= fromMs && atMs < toMs)
    .map(([, requests]) => requests);
  const count = Math.max(1, latencies.length);
  return {
    latencies,
    errors,
    answered,
    meanMs: sum / count,
    serviceMeanMs: service / count,
    lateMsP99: at(late, 0.99),
    inFlight:
      samplesInside.reduce((total, requests) => total + requests, 0) / Math.max(1, samplesInside.length),
  };
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
}

function loadOf(load: Load): number {
  return load.kind === 'closed' ? load.connections : load.ratePerSecond;
}
