/** What `up`, `status`, `fault` and `heal` print. Pure. */
import { invocation } from '../setup/own-files.mjs';
import { withoutSecrets } from '../stack/external/secrets.ts';
import type { Stack } from '../stack/contract.ts';
import type { Status } from './protocol.ts';

type InForce = Status['inForce'][number];
type Healed = Status['healed'][number];

export interface Welcome {
  readonly name: string;
  readonly urls: Readonly<Record<string, readonly string[]>>;
  readonly stack: Pick<Stack, 'endpoints'>;
  readonly folder: string;
  /** Of the page that shows it while it is up. */
  readonly liveUrl: string;
}

/** What `up` prints when everything is up: where it is, and what can be done with it. */
export function renderWelcome({ name, urls, stack, folder, liveUrl }: Welcome): string {
  const { redis, mongo, toxiproxyApi, proxyNames } = stack.endpoints;
  return [
    `"${name}" is up.`,
    ...Object.entries(urls).flatMap(([role, own]) => own.map((url) => `  ${role.padEnd(18)} ${url}`)),
    `  Redis, directly    ${withoutSecrets(redis.direct)}`,
    `  Redis, proxied     ${withoutSecrets(redis.proxied)}`,
    `  MongoDB, directly  ${withoutSecrets(mongo.direct)}`,
    `  MongoDB, proxied   ${withoutSecrets(mongo.proxied)}`,
    `  Toxiproxy          ${toxiproxyApi} (proxies ${proxyNames.redis} and ${proxyNames.mongo})`,
    `  logs               ${folder}/logs`,
    `  live page          ${liveUrl}`,
    `In another terminal: ${invocation} fault redis-down --for 10s · ${invocation} status · ${invocation} heal`,
    `Ctrl-C or ${invocation} down ends everything.`,
  ].join('\n');
}

export function renderStatus(status: Status): string {
  const { health, processes, exits, inForce, healed, nowMs, urls } = status;
  return [
    `"${status.name}" is up for ${seconds(nowMs - status.startedMs)}, ${status.target}, scenario ${status.scenario}, process ${status.pid}`,
    ...Object.entries(urls).flatMap(([role, own]) => own.map((url) => `  ${role.padEnd(10)} ${url}`)),
    `  processes  ${processes.map(({ name, running }) => `${name}${running ? '' : ' (down)'}`).join(', ')}`,
    ...(health === null ? [] : [`  health     ${health.well ? 'well' : 'NOT WELL'}`]),
    ...Object.entries(health?.gauges ?? {}).map(
      ([name, value]) => `  ${name.padEnd(10)} ${value === null ? 'unknown' : value}`,
    ),
    ...exits.map((exit) => `  unexpected exit: ${exit}`),
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
  return `${fault}${parametersText(parameters)}, since ${seconds(nowMs - appliedMs)}, ${end}; ${effectText(effect, 'no effect observed so far')}`;
}

export function renderHealed({ fault, parameters, appliedMs, healedMs, effect }: Healed): string {
  return `${fault}${parametersText(parameters)}, lasted ${seconds(healedMs - appliedMs)}; ${effectText(effect, 'NO EFFECT OBSERVED')}`;
}

function effectText({ observed, evidence }: InForce['effect'], otherwise: string): string {
  return `${observed ? 'effect observed' : otherwise}: ${evidence}`;
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
