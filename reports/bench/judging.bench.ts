/** How long it takes to judge and summarise a long history. Run: node reports/bench/judging.bench.ts [operations] */
import { judge } from '../checkers/judge.ts';
import { parseHistory } from '../history/read-history.ts';
import { syntheticEvidence, syntheticLoad } from '../synthetic/synthetic-load.ts';
import { allInvariants } from '../synthetic/synthetic-report.ts';
import { summarise } from '../statistics/summarise.ts';

const operations = Number(process.argv[2] ?? 200_000);
const load = { seed: 'bench', loadStartMs: 0, seconds: operations / 1000, ratePerSecond: 1000, faults: [] };
const { history, database } = syntheticLoad(load);
const evidence = syntheticEvidence(load, database, { scenario: 'bench', outage: 'none' });
const lines = history.map((operation) => JSON.stringify(operation));

measure(`parse ${lines.length} lines`, () => parseHistory(lines).operations.length);
for (const invariant of allInvariants) {
  measure(`judge ${invariant}`, () => judge(history, evidence, [invariant])[0]?.verdict);
}
measure('summarise', () => summarise(history, [], 0, evidence.loadEndMs).phases.length);

function measure(name: string, work: () => unknown): void {
  const startedMs = performance.now();
  const result = work();
  console.log(`${name}: ${(performance.now() - startedMs).toFixed(0)} ms (${String(result)})`);
}
