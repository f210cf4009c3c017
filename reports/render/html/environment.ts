/** Where a report comes from: what its figures may be compared with, and what a reader needs to run it again. */
import type { Report } from '../../record/report.ts';
import { commandLine } from './cell.ts';
import { factList } from './facts.ts';
import { html, type Markup } from './markup.ts';
import { bytes, instant, minutes } from './numbers.ts';

export function environment(report: Report): Markup {
  const { machine, provider, workers } = report;
  const parts = (['redis', 'mongo', 'toxiproxy', 'k6'] as const).map((name) => {
    const { kind, program, version } = provider[name];
    return [name, `${program} ${version} (${kind})`] as const;
  });
  const rows: (readonly [string, string])[] = [
    ['run', report.id],
    ['started', instant(report.startedAt)],
    ['took', minutes(Date.parse(report.endedAt) - Date.parse(report.startedAt))],
    ['seed', report.seed],
    ['commit', report.commit],
    ['stack', provider.name],
    ...parts,
    ['machine', `${machine.cpus} × ${machine.cpuModel}, ${bytes(machine.memoryBytes)}, ${machine.platform}`],
    [
      'versions',
      Object.entries(report.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
    ...(workers === undefined ? [] : [['workers', `${workers.count} (${workers.why})`] as const]),
    ['ended with', `exit ${report.exit.code}: ${report.exit.reason}`],
  ];
  return html`<section aria-labelledby="environment-title">
    <h2 id="environment-title">Environment</h2>
    ${factList('facts', rows)}
    <h4>The command of this run</h4>
    ${commandLine(report.command)}
  </section>`;
}
