/** Every step and every point of growth as CSV (RFC 4180), one line each, for spreadsheets and notebooks. */
import type { CapacityReport } from './capacity-report.ts';
import type { Step } from './step.ts';

const columns = [
  'of',
  'name',
  'load_kind',
  'load',
  'repeat',
  'throughput_per_second',
  'error_share',
  'mean_ms',
  'p50_ms',
  'p99_ms',
  'steady',
  'little_deviation',
  'generator_loop_share',
  'processors_share',
  'others_share',
  'discarded',
] as const;

export function capacityCsv(report: CapacityReport): string {
  const groups = [
    ...report.routes.map(({ name, steps }) => ({ of: 'route', name, steps })),
    ...report.mixes.map(({ name, steps }) => ({ of: 'mix', name, steps })),
    ...report.faults.map(({ name, steps }) => ({ of: 'fault', name, steps })),
  ];
  const lines = groups.flatMap(({ of, name, steps }) => steps.map((step) => stepFields(of, name, step)));
  return `${[columns, ...lines].map((fields) => fields.map((field) => quoted(String(field))).join(',')).join('\r\n')}\r\n`;
}

/** One line for each size that was measured. */
export function growthCsv({ growth }: CapacityReport): string {
  const lines = growth.flatMap(({ dimension, unit, points }) =>
    points.map(({ size, cost }) => [dimension, size, cost, unit].join(',')),
  );
  return `${['dimension,size,cost,unit', ...lines].join('\r\n')}\r\n`;
}

function stepFields(of: string, name: string, step: Step): readonly (number | string)[] {
  const processors = step.utilisations.find(({ kind }) => kind === 'processors')?.value;
  return [
    of,
    name,
    step.load.kind,
    step.load.value,
    step.repeat,
    rounded(step.throughputPerSecond),
    rounded(step.errorShare),
    rounded(step.latencyMs.mean),
    rounded(step.latencyMs.p50),
    rounded(step.latencyMs.p99),
    step.window.steady ? 'yes' : 'no',
    rounded(step.little.deviation),
    rounded(step.generator.loopShare),
    processors === undefined ? '' : rounded(processors),
    step.othersShare === null ? '' : rounded(step.othersShare),
    step.discarded ?? '',
  ];
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
