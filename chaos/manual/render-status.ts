/** What `status`, `break` and `heal` print. Pure. */
import type { Status } from './protocol.ts';

type InForce = Status['inForce'][number];
type Healed = Status['healed'][number];

export function renderStatus(status: Status): string {
  const { health, processes, exits, inForce, healed, nowMs } = status;
  const well = (state: boolean): string => (state ? 'well' : 'not reached');
  const queue =
    health.queueLength === null
      ? 'unknown'
      : `${health.queueLength} entries${health.oldestAgeMs === null ? '' : `, the oldest ${seconds(health.oldestAgeMs)} old`}`;
  return [
    `"${status.name}" is up for ${seconds(nowMs - status.startedMs)}, scenario ${status.scenario}, process ${status.pid}`,
    ...status.apiUrls.map((url) => `  API        ${url}`),
    `  processes  ${processes.map(({ name, running }) => `${name}${running ? '' : ' (down)'}`).join(', ')}`,
    `  health     ${health.serving ? 'serving' : 'NOT SERVING'}, Redis ${well(health.redisWell)}, MongoDB ${well(health.mongoWell)}`,
    `  sync queue ${queue}`,
    ...exits.map((exit) => `  ended by itself: ${exit}`),
    ...(inForce.length === 0 ? ['No fault is in force'] : ['In force:']),
    ...inForce.map((fault) => `  ${renderInForce(fault, nowMs)}`),
    ...(healed.length === 0 ? [] : ['Healed:', ...healed.map((fault) => `  ${renderHealed(fault)}`)]),
  ].join('\n');
}

export function renderInForce(
  { fault, parameters, appliedMs, healsAtMs, effect }: InForce,
  nowMs: number,
): string {
  const end =
    healsAtMs === null ? 'until it is healed' : `for another ${seconds(Math.max(0, healsAtMs - nowMs))}`;
  return `${fault}${parametersText(parameters)}, since ${seconds(nowMs - appliedMs)}, ${end}; ${effectText(effect, 'not felt so far')}`;
}

export function renderHealed({ fault, parameters, appliedMs, healedMs, effect }: Healed): string {
  return `${fault}${parametersText(parameters)}, lasted ${seconds(healedMs - appliedMs)}; ${effectText(effect, 'NOT FELT')}`;
}

function effectText({ observed, evidence }: InForce['effect'], otherwise: string): string {
  return `${observed ? 'felt' : otherwise}: ${evidence}`;
}

function parametersText(parameters: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(parameters);
  return entries.length === 0
    ? ''
    : ` (${entries.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')})`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
