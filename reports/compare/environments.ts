/** Whether figures of two runs may be compared at all: an embedded database or another machine has figures of its own. */
import type { Report } from '../record/report.ts';

const parts = ['redis', 'mongo', 'toxiproxy', 'k6'] as const;

/** The differences in words; empty when the timings are of the same kind. */
export function environmentDifferences(current: Report, recorded: Report): string[] {
  const pairs: (readonly [string, string | number, string | number])[] = [
    ['stack', recorded.provider.name, current.provider.name],
    ...parts.map((part) => [part, recorded.provider[part].kind, current.provider[part].kind] as const),
    ['node', majorOf(recorded), majorOf(current)],
    ['platform', recorded.machine.platform, current.machine.platform],
    ['cpus', recorded.machine.cpus, current.machine.cpus],
  ];
  return pairs
    .filter(([, before, now]) => before !== now)
    .map(([name, before, now]) => `${name}: recorded with ${before}, now ${now}`);
}

/** Major version of the runtime of system and load; a minor one is taken for the same. */
function majorOf(report: Report): string {
  return report.versions['node']?.replace(/^v/, '').split('.')[0] ?? 'unknown';
}
