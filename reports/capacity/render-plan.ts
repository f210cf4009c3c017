/** A plan for a terminal: what is asked, what it takes, and what nobody has seen. */
import type { Plan } from './plan.ts';
import type { Slo } from './slo.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const gibibytes = (value: number | null): string =>
  value === null ? 'unknown' : `${(value / 2 ** 30).toFixed(value < 2 ** 30 ? 2 : 1)} GiB`;

export function renderPlan(plan: Plan, slo: Slo): string {
  const { simulated, check } = plan;
  return [
    `${whole(plan.players)} players: ${whole(plan.requestsPerSecond)} requests a second, ${whole(plan.writesPerSecond)} of them commands, and ${whole(plan.generalTurnsPerSecond)} generals through a turn`,
    ...plan.parts.map(
      ({ part, count, busyShare, note }) =>
        `  ${String(count).padStart(6)} ${part.padEnd(20)} ${Math.round(100 * busyShare)} % busy each${note === '' ? '' : ` (${note})`}`,
    ),
    `  Redis memory ${gibibytes(plan.redisMemoryBytes)}, database ${gibibytes(plan.databaseBytes)}, ${whole(plan.databaseConnections)} connections to MongoDB`,
    simulated === null
      ? 'Not simulated: it can not be built like this.'
      : `Simulated: p${slo.percentile} ${simulated.latencyMs.toFixed(1)} ms, ${simulated.meetsSlo ? 'meets' : 'MISSES'} the objective of ${slo.latencyMs} ms; busiest: ${simulated.busiest}`,
    ...(check === null
      ? []
      : [`The model ${check.trusted ? 'agrees' : 'does NOT agree'} with what was measured: ${check.reason}`]),
    `Trusted up to ${whole(plan.trustedToPlayers)} players.`,
    ...plan.doubts.map((doubt) => `Doubt: ${doubt}`),
  ].join('\n');
}
