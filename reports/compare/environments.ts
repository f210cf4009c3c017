/** Whether figures of two runs may be compared at all: figures of an embedded database or another machine are not comparable. */
import type { Report } from '../record/report.ts';

const parts = ['redis', 'mongo', 'toxiproxy', 'k6'] as const;

/** What decides whether timings are of the same kind, by name. */
export function environmentOf(report: Report): Readonly<Record<string, string | number>> {
  const { provider, machine } = report;
  return {
    stack: provider.name,
    ...Object.fromEntries(parts.map((part) => [part, provider[part].kind])),
    node: majorOf(report),
    platform: machine.platform,
    cpus: machine.cpus,
    processor: machine.cpuModel,
  };
}

/** The differences in words; empty when the timings are of the same kind. */
export function environmentDifferences(current: Report, recorded: Report): string[] {
  const now = environmentOf(current);
  return Object.entries(environmentOf(recorded))
    .filter(([name, before]) => before !== now[name])
    .map(([name, before]) => `${name}: recorded with ${before}, now ${now[name]}`);
}

/** Major version of the runtime of system and load; a minor one is taken for the same. */
function majorOf(report: Report): string {
  return report.versions['node']?.replace(/^v/, '').split('.')[0] ?? 'unknown';
}
