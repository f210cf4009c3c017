/** The charts of a capacity report as data, which the page's script draws with uPlot. */
import type { FaultMode, Growth, MixCapacity, RouteCapacity } from '../capacity-report.ts';
import { median } from '../interval.ts';
import type { Slo } from '../slo.ts';
import { latencyAt, type Step, validSteps } from '../step.ts';

/** `colour`: a custom property of the page's style, without its dashes. */
export interface ChartSeries {
  readonly label: string;
  readonly kind: 'band' | 'line' | 'points';
  readonly colour: string;
  readonly dash?: readonly number[];
  /** [x, y], or [x, low, high] of a band. */
  readonly points: readonly (readonly number[])[];
}

export interface Chart {
  readonly title: string;
  readonly x: { readonly label: string; readonly log: boolean };
  readonly y: { readonly label: string; readonly log: boolean };
  readonly series: readonly ChartSeries[];
}

const colours = ['chart-p50', 'chart-p99', 'chart-ok', 'chart-max', 'chart-info', 'chart-fail'];
const resourcesShown = 5;
/** Logarithmic axes cannot show 0. */
const smallestMs = 0.05;

export function routeCharts({ name, steps, scalability }: RouteCapacity): Chart[] {
  const used = validSteps(steps);
  const x = { label: 'requests at once', log: true };
  const band = scalability.fitted ? scalability.band : [];
  return [
    {
      title: `${name}: throughput against concurrency, with the fitted law and its 95 % band`,
      x,
      y: { label: 'requests/s', log: false },
      series: [
        {
          label: '95 % band',
          kind: 'band',
          colour: 'chart-p50',
          points: band.map(({ concurrency, low, high }) => [concurrency, low, high]),
        },
        {
          label: 'law',
          kind: 'line',
          colour: 'chart-p50',
          points: band.map(({ concurrency, fit }) => [concurrency, fit]),
        },
        measured('measured', 'chart-p99', used, (step) => step.throughputPerSecond),
      ],
    },
    latencyChart(`${name}: latency against concurrency`, x, used, null),
    utilisationChart(`${name}: how busy everything was`, x, used),
  ];
}

export function mixCharts({ name, steps }: MixCapacity, slo: Slo): Chart[] {
  const used = validSteps(steps);
  const x = { label: 'arrivals/s', log: true };
  return [
    latencyChart(`${name}: latency against the rate of arrivals`, x, used, slo),
    {
      title: `${name}: answers against arrivals`,
      x,
      y: { label: 'requests/s', log: true },
      series: [
        {
          label: 'all answered',
          kind: 'line',
          colour: 'chart-info',
          dash: [4, 4],
          points: edges(used).map((rate) => [rate, rate]),
        },
        measured('answered', 'chart-ok', used, (step) => step.throughputPerSecond),
      ],
    },
    utilisationChart(`${name}: how busy everything was`, x, used),
  ];
}

export function growthChart({ title, unit, points, fit }: Growth): Chart {
  const sizes = points.map(({ size }) => size);
  const ends = [Math.min(...sizes), Math.max(...sizes)];
  const line = fit.fitted ? ends.map((size) => [size, fit.factor * size ** fit.exponent]) : [];
  const linear = fit.fitted
    ? ends.map((size) => [size, (fit.factor * (ends[0] ?? 1) ** fit.exponent * size) / (ends[0] ?? 1)])
    : [];
  return {
    title,
    x: { label: 'size', log: true },
    y: { label: unit, log: true },
    series: [
      { label: 'in proportion', kind: 'line', colour: 'chart-info', dash: [4, 4], points: linear },
      { label: 'fit', kind: 'line', colour: 'chart-p50', points: line },
      {
        label: 'measured',
        kind: 'points',
        colour: 'chart-p99',
        points: points.map(({ size, cost }) => [size, cost]),
      },
    ],
  };
}

export function faultChart(modes: readonly FaultMode[], slo: Slo): Chart {
  const all = modes.flatMap(({ steps }) => validSteps(steps));
  return {
    title: `Latency (p${slo.percentile}) against the rate of arrivals, undisturbed and under faults`,
    x: { label: 'arrivals/s', log: true },
    y: { label: 'ms', log: true },
    series: [
      ...modes.map(({ title, steps }, index) => ({
        ...medians(title, colours[index % colours.length] ?? 'chart-p50', validSteps(steps), (step) =>
          latencyAt(step, slo.percentile),
        ),
        ...(index === 0 ? {} : { dash: [8, 2 + 2 * index] }),
      })),
      objective(slo, all),
    ],
  };
}

function latencyChart(title: string, x: Chart['x'], steps: readonly Step[], slo: Slo | null): Chart {
  return {
    title,
    x,
    y: { label: 'ms', log: true },
    series: [
      medians('p50', 'chart-p50', steps, ({ latencyMs }) => latencyMs.p50),
      { ...medians('p99', 'chart-p99', steps, ({ latencyMs }) => latencyMs.p99), dash: [8, 4] },
      measured('p99 of each repeat', 'chart-p99', steps, ({ latencyMs }) => latencyMs.p99),
      ...(slo === null ? [] : [objective(slo, steps)]),
    ],
  };
}

/** The resources with the highest maxima, each by its median at every level. */
function utilisationChart(title: string, x: Chart['x'], steps: readonly Step[]): Chart {
  const all = steps.flatMap(({ utilisations }) => utilisations);
  const names = [...Map.groupBy(all, ({ resource }) => resource)]
    .map(([resource, seen]) => ({ resource, most: Math.max(...seen.map(({ value }) => value)) }))
    .toSorted((left, right) => right.most - left.most)
    .slice(0, resourcesShown);
  return {
    title,
    x,
    y: { label: '% in use', log: false },
    series: names.map(({ resource }, index) => ({
      ...medians(
        resource,
        colours[index % colours.length] ?? 'chart-p50',
        steps,
        ({ utilisations }) =>
          100 * Math.min(1, utilisations.find((one) => one.resource === resource)?.value ?? 0),
      ),
      ...(index === 0 ? {} : { dash: [8, 2 + 2 * index] }),
    })),
  };
}

function measured(
  label: string,
  colour: string,
  steps: readonly Step[],
  of: (step: Step) => number,
): ChartSeries {
  return {
    label,
    kind: 'points',
    colour,
    points: steps.map((step) => [step.load.value, Math.max(smallestMs, of(step))]),
  };
}

function medians(
  label: string,
  colour: string,
  steps: readonly Step[],
  of: (step: Step) => number,
): ChartSeries {
  const points = [...Map.groupBy(steps, ({ load }) => load.value)]
    .map(([level, repeats]) => [level, Math.max(smallestMs, median(repeats.map(of)))])
    .toSorted(([left = 0], [right = 0]) => left - right);
  return { label, kind: 'line', colour, points };
}

function objective(slo: Slo, steps: readonly Step[]): ChartSeries {
  const label = `objective: p${slo.percentile} ≤ ${slo.latencyMs} ms`;
  return {
    label,
    kind: 'line',
    colour: 'chart-fail',
    dash: [2, 4],
    points: edges(steps).map((rate) => [rate, slo.latencyMs]),
  };
}

function edges(steps: readonly Step[]): number[] {
  const loads = steps.map(({ load }) => load.value);
  return loads.length === 0 ? [] : [Math.min(...loads), Math.max(...loads)];
}
