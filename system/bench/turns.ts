/**
 * Time of one turn by the size of the session, through the write-behind with one db-sync beside. Prints a line for each size
 * and the exponent of growth. `node system/bench/turns.ts [generals…]`, 1,000 and 10,000 when none are given.
 */
import { Deadline } from '../deadline.ts';
import { openTestSystem, plantTestWorld } from '../testing/open-test-system.ts';
import { startProcess } from '../testing/system-processes.ts';
import { startTestStack } from '../testing/test-stack.ts';
import { processTurn } from '../turns/process-turn.ts';

const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [1_000, 10_000];
const rounds = 3;

await using stack = await startTestStack();
await using _sync = await startProcess(stack, 'db-sync');
// On a busy machine a wait may be long; what is measured is the rate, not the patience.
await using system = await openTestSystem(stack, {
  DATABASE_SELECTION_TIMEOUT_MS: '20000',
  DATABASE_NETWORK_TIMEOUT_MS: '20000',
  REDIS_COMMAND_TIMEOUT_MS: '5000',
});
const points: { generals: number; seconds: number }[] = [];
for (const generals of sizes) {
  const sessionId = `bench-${generals}`;
  await plantTestWorld(system, sessionId, { generals, cities: 94, nations: 12 });
  const seconds: number[] = [];
  for (let turn = 1; turn <= rounds; turn += 1) {
    using deadline = new Deadline(system.clock, 300_000);
    const startedMs = performance.now();
    await processTurn(system.turns, sessionId, turn, deadline);
    seconds.push((performance.now() - startedMs) / 1000);
  }
  const best = Math.min(...seconds);
  points.push({ generals, seconds: best });
  const heapMebibytes = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  console.log(
    JSON.stringify({
      generals,
      seconds: best.toFixed(3),
      perSecond: Math.round(generals / best),
      heapMebibytes,
    }),
  );
}
console.log(JSON.stringify({ exponent: growthExponent(points).toFixed(2) }));
console.log(JSON.stringify(await system.metrics.registry.getSingleMetric('opensam_saves_total')?.get()));

/** Slope of the line through the points on logarithmic axes: 1 is linear. */
function growthExponent(measured: readonly { generals: number; seconds: number }[]): number {
  const xs = measured.map(({ generals }) => Math.log(generals));
  const ys = measured.map(({ seconds }) => Math.log(seconds));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, x, at) => sum + (x - mx) * ((ys[at] ?? my) - my), 0);
  return covariance / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}
