/** The data that `handleSummary` gets, and the older shape of `--summary-export`. */
import type { CheckCount, GroupNode } from '../engine/groups.ts';
import type { RunState } from '../engine/run-state.ts';
import type { Metric, Submetric } from '../metrics/metric.ts';
import type { AnySink, TrendSink } from '../metrics/sinks.ts';
import { perSecond } from '../metrics/threshold-expression.ts';
import type { Threshold } from '../metrics/threshold.ts';

export interface SummaryMetric {
  readonly type: string;
  readonly contains: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean; readonly unknown?: true }>>;
}

export interface SummaryGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: readonly SummaryGroup[];
  readonly checks: readonly Readonly<CheckCount>[];
}

export interface SummaryData {
  readonly setup_data?: unknown;
  readonly root_group: SummaryGroup;
  readonly options: {
    readonly summaryTrendStats: readonly string[];
    readonly summaryTimeUnit: string;
    readonly noColor: boolean;
  };
  readonly state: {
    readonly testRunDurationMs: number;
    readonly isStdOutTTY: boolean;
    readonly isStdErrTTY: boolean;
  };
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
}

export interface SummaryFacts {
  readonly durationMs: number;
  readonly trendStats: readonly string[];
  readonly isStdOutTTY: boolean;
  readonly isStdErrTTY: boolean;
  readonly setupData: unknown;
}

export function buildSummary(run: RunState, facts: SummaryFacts): SummaryData {
  const metrics: Record<string, SummaryMetric> = {};
  for (const metric of run.registry.all()) {
    for (const target of [metric, ...metric.submetrics]) {
      if (target.sink.isEmpty && target.thresholds.length === 0) continue;
      metrics[target.name] = summarize(metric, target, facts);
    }
  }
  return {
    ...(facts.setupData === undefined ? {} : { setup_data: facts.setupData }),
    metrics,
    options: {
      noColor: !facts.isStdOutTTY,
      summaryTimeUnit: run.options.summaryTimeUnit ?? '',
      summaryTrendStats: facts.trendStats,
    },
    root_group: summarizeGroup(run.rootGroup),
    state: {
      isStdErrTTY: facts.isStdErrTTY,
      isStdOutTTY: facts.isStdOutTTY,
      testRunDurationMs: facts.durationMs,
    },
  };
}

function summarize(metric: Metric, target: Metric | Submetric, facts: SummaryFacts): SummaryMetric {
  const values = valuesOf(target.sink, facts);
  const base = { contains: metric.contains, type: metric.type, values };
  return target.thresholds.length === 0 ? base : { ...base, thresholds: thresholdsOf(target.thresholds) };
}

function thresholdsOf(thresholds: readonly Threshold[]): NonNullable<SummaryMetric['thresholds']> {
  return Object.fromEntries(
    thresholds.map(({ expression, state }) => [
      expression.source,
      state === 'unknown' ? { ok: false, unknown: true as const } : { ok: state === 'held' },
    ]),
  );
}

function valuesOf(sink: AnySink, { durationMs, trendStats }: SummaryFacts): Record<string, number> {
  switch (sink.type) {
    case 'counter':
      return { count: sink.count, rate: perSecond(sink.count, durationMs) };
    case 'gauge':
      return { max: sink.maximum, min: sink.minimum, value: sink.value };
    case 'rate':
      return { fails: sink.total - sink.passes, passes: sink.passes, rate: sink.rate };
    case 'trend':
      return Object.fromEntries(trendStats.map((stat) => [stat, trendStat(sink, stat)]));
  }
}

const percentileStat = /^p\((\d+(?:\.\d+)?)\)$/;

export function isTrendStat(stat: string): boolean {
  const match = percentileStat.exec(stat);
  if (match !== null) return Number(match[1]) <= 100;
  return ['avg', 'count', 'max', 'med', 'min'].includes(stat);
}

function trendStat(sink: TrendSink, stat: string): number {
  switch (stat) {
    case 'avg':
      return sink.average;
    case 'count':
      return sink.count;
    case 'max':
      return sink.maximum;
    case 'med':
      return sink.percentile(50);
    case 'min':
      return sink.minimum;
    default:
      return sink.percentile(Number(percentileStat.exec(stat)?.[1] ?? 50));
  }
}

function summarizeGroup(group: GroupNode): SummaryGroup {
  return {
    checks: [...group.checks.values()],
    groups: [...group.groups.values()].filter((child) => !isEmptyStage(group, child)).map(summarizeGroup),
    id: group.id,
    name: group.name,
    path: group.path,
  };
}

/** setup and teardown are groups, which k6 shows only when there is something in them. */
function isEmptyStage(parent: GroupNode, child: GroupNode): boolean {
  const isStage = parent.path === '' && (child.name === 'setup' || child.name === 'teardown');
  return isStage && child.checks.size === 0 && child.groups.size === 0;
}

/** In `--summary-export` k6 writes true for a threshold that was crossed; here true says that it held. */
export function exportSummary(data: SummaryData): Readonly<Record<string, unknown>> {
  return {
    metrics: Object.fromEntries(
      Object.entries(data.metrics).map(([name, { thresholds, type, values }]) => {
        const { rate, ...others } = values;
        const inline = type === 'rate' ? { ...others, value: rate } : values;
        const held = Object.entries(thresholds ?? {}).map(([source, { ok }]) => [source, ok]);
        return [
          name,
          thresholds === undefined ? inline : { ...inline, thresholds: Object.fromEntries(held) },
        ];
      }),
    ),
    root_group: exportGroup(data.root_group),
  };
}

function exportGroup(group: SummaryGroup): Readonly<Record<string, unknown>> {
  return {
    checks: Object.fromEntries(group.checks.map((check) => [check.name, check])),
    groups: Object.fromEntries(group.groups.map((inner) => [inner.name, exportGroup(inner)])),
    id: group.id,
    name: group.name,
    path: group.path,
  };
}
