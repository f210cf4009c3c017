/** The four questions a capacity report is asked, answered from its figures: how many players, on what, what breaks first, what an outage costs. */
import type { CapacityReport, FaultMode, MixCapacity } from './capacity-report.ts';
import type { Interval } from './interval.ts';
import { requestsPerSecond } from './player.ts';
import type { SloRate } from './slo.ts';

export interface Answer {
  readonly question: string;
  /** A sentence. */
  readonly answer: string;
  readonly details: readonly string[];
}

export interface PlayersHeld {
  readonly players: number;
  readonly interval: Interval;
  /** True when every rate that was tried met the objective. */
  readonly atLeast: boolean;
  /** Share of the processor time that turns take of what they and the requests need. */
  readonly turnShare: number;
}

export function answersOf(report: CapacityReport): Answer[] {
  return [players(report), machine(report), breaksFirst(report), outages(report)];
}

export function playersHeld(report: CapacityReport): PlayersHeld | null {
  const mix = mixOfPlayers(report);
  if (mix === null) return null;
  const rate = rateOf(mix.sloRate);
  if (rate === null) return null;
  const { player } = report;
  const perPlayer = requestsPerSecond(player, 1);
  const perRequest = secondsPerRequest(report, mix);
  const perTurn = secondsOf(report, 'turn') / player.turnPeriodSeconds;
  // The processor time that holds `rate` requests has to do for requests and turns.
  const each = perPlayer * perRequest + perTurn;
  const scale = perRequest > 0 ? perRequest / each : 1 / perPlayer;
  const scaled = (bound: number | null): number | null => (bound === null ? null : bound * scale);
  const { low, high } =
    mix.sloRate.outcome === 'bracketed' ? mix.sloRate.interval : { low: rate, high: null };
  return {
    players: rate * scale,
    interval: { low: scaled(low), high: scaled(high) },
    atLeast: mix.sloRate.outcome === 'at-least',
    turnShare: each > 0 ? perTurn / each : 0,
  };
}

export function mixOfPlayers({ mixes }: CapacityReport): MixCapacity | null {
  return mixes.find(({ name }) => name === 'players') ?? null;
}

/** Requests a second that meet the objective, or null where none is known to. */
export function rateOf(found: SloRate): number | null {
  return found.outcome === 'bracketed' || found.outcome === 'at-least' ? found.ratePerSecond : null;
}

/** Processor seconds of all processes of the system for one request of the mix, from its own steps. */
function secondsPerRequest(report: CapacityReport, mix: MixCapacity): number {
  const { writeShare } = mix;
  const known = (1 - writeShare) * secondsOf(report, 'read') + writeShare * secondsOf(report, 'write');
  if (known > 0) return known;
  const steps = mix.steps.filter(
    ({ discarded, throughputPerSecond }) => discarded === null && throughputPerSecond > 0,
  );
  const costs = steps.map(({ busy, throughputPerSecond }) => systemBusy(busy) / throughputPerSecond);
  return costs.length === 0 ? 0 : Math.min(...costs);
}

/** Processor seconds a second of the system without the harness and its proxies. */
export function systemBusy(busy: Readonly<Record<string, number>>): number {
  return Object.entries(busy)
    .filter(([kind]) => kind !== 'harness' && kind !== 'toxiproxy')
    .reduce((sum, [, share]) => sum + share, 0);
}

function secondsOf({ demands }: CapacityReport, wanted: 'read' | 'turn' | 'write'): number {
  const found = demands.find((one) => one.class === wanted)?.demands ?? [];
  return found
    .filter(({ process }) => process !== 'toxiproxy')
    .reduce((sum, { secondsPerRequest: seconds }) => sum + seconds, 0);
}

function players(report: CapacityReport): Answer {
  const question = 'How many players does this hold?';
  const { player, slo } = report;
  const objective = `p${slo.percentile} ≤ ${slo.latencyMs} ms and at most ${percent(slo.errorShare, 2)} errors`;
  const mix = mixOfPlayers(report);
  const held = playersHeld(report);
  const details = report.mixes.map(describeRate).concat(report.routes.map((route) => describeRoute(route)));
  if (mix === null) return { question, answer: 'The mix of players was not measured.', details };
  if (held === null) return { question, answer: `None: ${objective} was met at no rate.`, details };
  const { low, high } = held.interval;
  const range = low === null || high === null ? '' : ` (95 %: ${whole(low)} to ${whole(high)})`;
  return {
    question,
    answer: `${held.atLeast ? 'At least ' : ''}${whole(held.players)} players at once${range} with ${objective}.`,
    details: [
      `a player reads ${player.readsPerMinute} times and commands ${player.actionsPerMinute} times a minute; ${percent(player.onlineShare)} of all are there at once`,
      `turns every ${player.turnPeriodSeconds} s take ${percent(held.turnShare)} of the processor time`,
      ...details,
    ],
  };
}

function describeRate({ name, sloRate }: Pick<MixCapacity, 'name' | 'sloRate'>): string {
  switch (sloRate.outcome) {
    case 'bracketed':
      return `${name}: ${whole(sloRate.ratePerSecond)} requests a second (95 %: ${bound(sloRate.interval.low)} to ${bound(sloRate.interval.high)})`;
    case 'at-least':
      return `${name}: at least ${whole(sloRate.ratePerSecond)} requests a second; no rate that failed was reached`;
    case 'never':
      return `${name}: not met even at ${whole(sloRate.lowestTriedPerSecond)} requests a second`;
    case 'unmeasured':
      return `${name}: no step that could be believed`;
  }
}

function describeRoute({ name, scalability }: CapacityReport['routes'][number]): string {
  if (!scalability.fitted) return `${name}: no law was fitted, because ${scalability.reason}`;
  const { peakThroughput, kneeConcurrency, sigma, kappa, shape } = scalability;
  const peak =
    peakThroughput.value === null
      ? 'no ceiling seen'
      : `ceiling ${whole(peakThroughput.value)}/s (95 %: ${bound(peakThroughput.low)} to ${bound(peakThroughput.high)})`;
  const knee = kneeConcurrency.value === null ? '' : `, knee at ${kneeConcurrency.value.toFixed(1)} at once`;
  return `${name}: ${peak}${knee}; ${shape}, σ ${(sigma.value ?? 0).toFixed(3)}, κ ${(kappa.value ?? 0).toExponential(1)}`;
}

function machine(report: CapacityReport): Answer {
  const { machine: on, provider, processes, world } = report;
  const list = Object.entries(processes).map(([kind, count]) => `${count} × ${kind}`);
  const parts = (['redis', 'mongo'] as const).map((name) => {
    const { kind, program, version } = provider[name];
    return `${program} ${version} (${kind})`;
  });
  const steps = [...report.mixes, ...report.routes].flatMap((one) => one.steps);
  const others = steps.flatMap(({ othersShare }) => othersShare ?? []);
  const othersMean =
    others.length === 0 ? null : others.reduce((sum, share) => sum + share, 0) / others.length;
  return {
    question: 'On what?',
    answer: `${list.join(', ')}, ${parts.join(' and ')}, all on one machine of ${on.cpus} processors (${on.cpuModel}).`,
    details: [
      `${world.sessions} sessions of ${world.generals} generals`,
      `the load generator ran on the same machine${on.priority === 0 ? '' : `, and everything at nice ${on.priority}`}`,
      ...(othersMean === null
        ? []
        : [`other programs took ${percent(othersMean)} of the processors meanwhile`]),
      ...(provider.mongo.kind === 'embedded'
        ? ['an embedded MongoDB says nothing about what a real one bears']
        : []),
    ],
  };
}

function breaksFirst(report: CapacityReport): Answer {
  const question = 'What breaks first?';
  const measured = [...report.mixes, ...report.routes];
  const first = mixOfPlayers(report) ?? measured[0];
  const worse = report.growth.filter(({ fit }) => fit.fitted && fit.verdict === 'worse-than-linear');
  const details = [
    ...(first?.bottleneck.evidence ?? []),
    ...measured
      .filter((one) => one !== first)
      .map(({ name, bottleneck }) => `${name}: ${bottleneck.resource ?? 'no ceiling was reached'}`),
    ...report.growth.map(describeGrowth),
  ];
  const grows =
    worse.length === 0
      ? ''
      : ` Worse than linear grows: ${worse.map(({ title }) => title.toLowerCase()).join('; ')}.`;
  const answer = first?.bottleneck.resource ?? 'nothing that was seen: no ceiling was reached';
  return { question, answer: `${capital(answer)}.${grows}`, details };
}

function describeGrowth({ title, fit }: CapacityReport['growth'][number]): string {
  if (!fit.fitted) return `${title}: undecided, because ${fit.reason}`;
  return `${title}: exponent ${fit.exponent.toFixed(2)} (95 %: ${fit.low.toFixed(2)} to ${fit.high.toFixed(2)}), ${fit.verdict.replaceAll('-', ' ')}`;
}

/** Share of the undisturbed rate that is left under a fault; null when one of the two is not known. */
export function shareLeft(mode: FaultMode, undisturbed: FaultMode | undefined): number | null {
  const [rate, whole] = [
    rateOf(mode.sloRate),
    undisturbed === undefined ? null : rateOf(undisturbed.sloRate),
  ];
  if (whole === null || whole === 0) return null;
  if (mode.sloRate.outcome === 'never') return 0;
  return rate === null ? null : rate / whole;
}

function outages(report: CapacityReport): Answer {
  const question = 'What does an outage cost?';
  const [undisturbed, ...modes] = report.faults;
  if (undisturbed === undefined) return { question, answer: 'Not measured.', details: [] };
  const costs = modes.map((mode) => {
    const left = shareLeft(mode, undisturbed);
    return `${mode.title}: ${describeLeft(left)}`;
  });
  const { recovery, drain } = report;
  return {
    question,
    answer: `Of the rate that is held undisturbed: ${costs.join('; ')}.`,
    details: [
      ...report.faults.map((mode) => describeRate({ name: mode.title, sloRate: mode.sloRate })),
      ...(recovery === null ? [] : [describeRecovery(recovery)]),
      ...(drain === null ? [] : [describeDrain(drain)]),
    ],
  };
}

/** More than without a fault is nothing a fault can do: then something else hindered the undisturbed search. */
const leftMax = 1.1;

function describeLeft(left: number | null): string {
  if (left === null) return 'unknown';
  return left > leftMax
    ? 'undecided, for the undisturbed rate itself was hindered'
    : `${percent(left)} is left`;
}

function describeRecovery({
  title,
  ratePerSecond,
  faultMs,
  recoveryMs,
}: NonNullable<CapacityReport['recovery']>): string {
  const after =
    recoveryMs === null
      ? 'the objective was not met again'
      : `the objective was met again ${Math.round(recoveryMs)} ms after its return`;
  return `${title} (${faultMs / 1_000} s, ${whole(ratePerSecond)}/s going on): ${after}`;
}

function describeDrain({
  writesPerSecond,
  heldMs,
  backlog,
  drainMs,
}: NonNullable<CapacityReport['drain']>): string {
  const after =
    drainMs === null ? 'was not drained while it was looked at' : `was drained in ${Math.round(drainMs)} ms`;
  return `a backlog of ${backlog} saves, piled up in ${heldMs / 1_000} s at ${whole(writesPerSecond)} writes a second, ${after} while the writes went on`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function bound(value: number | null): string {
  return value === null ? 'no bound' : whole(value);
}

function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
