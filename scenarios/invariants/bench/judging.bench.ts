/** How long it takes to judge and summarise a long history. Run: node scenarios/invariants/bench/judging.bench.ts [operations] */
import { judge } from '../../../reports/checkers/judge.ts';
import { checkers } from '../registry.ts';
import { parseHistory } from '../../../reports/history/read-history.ts';
import { syntheticEvidence, syntheticLoad } from '../../../reports/testing/synthetic-load.ts';
import { summarise } from '../../../reports/statistics/summarise.ts';

const operations = Number(process.argv[2] ?? 200_000);
const load = { seed: 'bench', loadStartMs: 0, seconds: operations / 1000, ratePerSecond: 1000, faults: [] };
const { history, database } = syntheticLoad(load);
const evidence = syntheticEvidence(load, database, { scenario: 'bench', fault: 'none' });
const lines = history.map((operation) => JSON.stringify(operation));

measure(`parse ${lines.length} lines`, () => parseHistory(lines).operations.length);
for (const checker of checkers) {
  measure(`judge ${checker.invariant}`, () => judge(history, evidence, [checker])[0]?.verdict);
}
measure('summarise', () => summarise(history, [], 0, evidence.loadEndMs).phases.length);

function measure(name: string, work: () => unknown): void {
  const startedMs = performance.now();
  const result = work();
  console.log(`${name}: ${(performance.now() - startedMs).toFixed(0)} ms (${String(result)})`);
}
