/** A report as OpenMetrics text, for a Prometheus that keeps figures and verdicts of runs over months. */
import type { Cell, Report, VerdictValue } from '../record/report.ts';

interface Sample {
  readonly labels: Record<string, string>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly unit?: string;
  readonly samples: readonly Sample[];
}

const verdictNumbers: Record<VerdictValue, number> = { false: 0, unknown: 0.5, true: 1 };
const quantiles = [
  ['0.5', 'p50'],
  ['0.95', 'p95'],
  ['0.99', 'p99'],
  ['1', 'max'],
] as const;

/** Ends with `# EOF` and a line feed, as the format demands. */
export function openMetrics(report: Report): string {
  return `${families(report).flatMap(familyLines).join('\n')}\n# EOF\n`;
}

function families(report: Report): Family[] {
  const everyCell = (samplesOf: (cell: Cell, labels: Record<string, string>) => Sample[]): Sample[] =>
    report.cells.flatMap((cell) => samplesOf(cell, { scenario: cell.scenario, fault: cell.fault }));
  return [
    {
      name: 'redcliff_verdict',
      help: 'Verdict of an invariant: 1 held, 0.5 unknown, 0 violated.',
      samples: everyCell((cell, labels) =>
        cell.verdicts.map(({ invariant, verdict }) => ({
          labels: { ...labels, invariant },
          value: verdictNumbers[verdict],
        })),
      ),
    },
    {
      name: 'redcliff_operations',
      help: 'Operations of a phase by how they ended.',
      samples: everyCell((cell, labels) =>
        cell.phases.flatMap(({ name, operations }) =>
          Object.entries(operations).map(([type, value]) => ({
            labels: { ...labels, phase: name, type },
            value,
          })),
        ),
      ),
    },
    {
      name: 'redcliff_latency_seconds',
      help: 'Latency of a phase from the intended start.',
      unit: 'seconds',
      samples: everyCell((cell, labels) =>
        cell.phases.flatMap(({ name, latencyMs }) =>
          quantiles.map(([quantile, key]) => ({
            labels: { ...labels, phase: name, quantile },
            value: latencyMs[key] / 1000,
          })),
        ),
      ),
    },
    {
      name: 'redcliff_recovery_seconds',
      help: 'Time from the last heal to the steady state.',
      unit: 'seconds',
      samples: everyCell((cell, labels) =>
        cell.recoveryMs === null ? [] : [{ labels, value: cell.recoveryMs / 1000 }],
      ),
    },
    {
      name: 'redcliff_run_exit_code',
      help: 'Exit code of the run.',
      samples: [
        { labels: { provider: report.provider.name, commit: report.commit }, value: report.exit.code },
      ],
    },
  ];
}

function familyLines({ name, help, unit, samples }: Family): string[] {
  return [
    `# TYPE ${name} gauge`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
    ...samples.map(({ labels, value }) => `${name}{${labelText(labels)}} ${value}`),
  ];
}

function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
