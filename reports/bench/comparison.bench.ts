/**
 * How often a comparison reports a false positive for identical code, and the smallest slow-down it finds, on synthetic
 * pairs. Run: node reports/bench/comparison.bench.ts [pairs]
 */
import { compareReports } from '../compare/compare-reports.ts';
import { timingDefaults, type TimingOptions } from '../compare/timings.ts';
import type { Report } from '../record/report.ts';
import { syntheticCell, syntheticReport } from '../testing/synthetic-report.ts';

const pairs = Number(process.argv[2] ?? 60);
const cell = { scenario: 'turns', fault: 'redis-down', seconds: 24, ratePerSecond: 40 };
const strict: Partial<TimingOptions> = { effectMin: 0.1, absoluteMinMs: { p50: 0.3, p99: 3 } };

const reportOf = (seed: string, slowdown: number): Report =>
  syntheticReport([syntheticCell({ ...cell, seed, slowdown }).cell]);

for (const [name, options] of [
  ['default', timingDefaults],
  ['strict', strict],
] as const) {
  for (const slowdown of [1, 1.15, 1.3, 1.5, 1.75, 2, 2.5, 3]) {
    let found = 0;
    for (let pair = 0; pair < pairs; pair += 1) {
      const comparison = compareReports(
        reportOf(`now-${pair}`, slowdown),
        reportOf(`then-${pair}`, 1),
        options,
      );
      if (comparison.worse) found += 1;
    }
    console.log(`${name}: slowed × ${slowdown}: called worse in ${found} of ${pairs} pairs`);
  }
}
