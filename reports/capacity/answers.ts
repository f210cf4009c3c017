/** The four questions that a capacity report answers from its figures: how many users, on what, what breaks first, what an outage costs. */
import type { CapacityReport, FaultMode, MixCapacity } from './capacity-report.ts';
import { describeFit } from './growth.ts';
import { mean } from './interval.ts';
import type { SloRate } from './slo.ts';
import { latencyAt, validSteps } from './step.ts';
import { mixOfUsers, rateOf, secondsOf, usersHeld, type UsersHeld } from './users-held.ts';

export interface Answer {
  readonly question: string;
  /** A sentence. */
  readonly answer: string;
  readonly details: readonly string[];
}

export function answersOf(report: CapacityReport): Answer[] {
  return [usersAnswer(report), machineAnswer(report), breaksFirst(report), outages(report)];
}

function usersAnswer(report: CapacityReport): Answer {
  const { user, slo } = report;
  const question = `How many ${user.plural} does this hold?`;
  const objective = `p${slo.percentile} ≤ ${slo.latencyMs} ms and at most ${percent(slo.errorShare, 2)} errors`;
  const mix = mixOfUsers(report);
  const held = usersHeld(report);
  const rates = report.mixes
    .map(({ name, sloRate }) => describeRate(name, sloRate))
    .concat(report.routes.map((route) => describeRoute(route)));
  if (mix === null)
    return { question, answer: `Not measured: what ${user.plural} do was not part of it.`, details: rates };
  if (mix.sloRate.outcome === 'unmeasured')
    return { question, answer: 'Unknown: no step of load was valid.', details: rates };
  if (held === null) return { question, answer: `None: ${objective} was met at no rate.`, details: rates };
  const { low, high } = held.interval;
  const range = low === null || high === null ? '' : ` (95 %: ${whole(low)} to ${whole(high)})`;
  return {
    question,
    answer: `${held.atLeast ? 'At least ' : ''}${whole(held.users)} ${user.plural} at once${range} with ${objective}.`,
    details: [
      `each ${user.noun} reads ${user.readsPerMinute} and writes ${user.writesPerMinute} times a minute; ${percent(user.onlineShare)} of all are online at once`,
      ...describeBackground(report, held),
      ...rates,
      ...higherFigures(report, mix),
    ],
  };
}

function describeBackground(report: CapacityReport, { users, backgroundShare }: UsersHeld): string[] {
  const { user } = report;
  if (user.background === null || user.background.perMinute === 0) return [];
  const what = `background work (${user.background.unit}, ${user.background.perMinute} a minute for each ${user.noun})`;
  if (secondsOf(report, 'background') === 0) return [`${what} was not measured and is left out`];
  return [
    `${what} takes ${percent(backgroundShare)} of the processor time; without it the rate is worth ${whole(users / (1 - backgroundShare))} ${user.plural}`,
  ];
}

/** Every figure of the report that is above the headline's rate, with the reason why it is not the headline. */
function higherFigures(report: CapacityReport, mix: MixCapacity): string[] {
  const rate = rateOf(mix.sloRate);
  if (rate === null) return [];
  const bracket = mix.sloRate.outcome === 'bracketed' ? mix.sloRate.interval.high : null;
  const above = (value: number | null): value is number => value !== null && value > (bracket ?? rate);
  const { slo } = report;
  const answered = validSteps(mix.steps).toSorted(
    (left, right) => right.throughputPerSecond - left.throughputPerSecond,
  )[0];
  const modes = report.faults.filter(({ sloRate }) => above(rateOf(sloRate)));
  const routes = report.routes.filter(
    ({ scalability }) => scalability.fitted && above(scalability.peakThroughput.value),
  );
  return [
    ...(answered !== undefined && above(answered.throughputPerSecond)
      ? [
          `up to ${whole(answered.throughputPerSecond)} requests a second were answered, but not within the objective: p${slo.percentile} was ${whole(latencyAt(answered, slo.percentile))} ms with ${percent(answered.errorShare, 2)} errors`,
        ]
      : []),
    ...(modes.length === 0
      ? []
      : [
          `above the headline were ${modes.map((mode) => `"${mode.title}" with ${whole(rateOf(mode.sloRate) ?? 0)}`).join(', ')} requests a second: each was measured once, at another time and on a target started anew, and serves to compare these modes with each other`,
        ]),
    ...(routes.length === 0
      ? []
      : [
          `the ceiling of ${routes.map(({ name }) => name).join(' and ')} is higher because it is of one kind of request, without an objective`,
        ]),
  ];
}

function describeRate(name: string, sloRate: SloRate): string {
  switch (sloRate.outcome) {
    case 'bracketed':
      return `${name}: ${whole(sloRate.ratePerSecond)} requests a second (95 %: ${bound(sloRate.interval.low)} to ${bound(sloRate.interval.high)})`;
    case 'at-least':
      return `${name}: at least ${whole(sloRate.ratePerSecond)} requests a second; no rate that was tried failed`;
    case 'never':
      return `${name}: not met even at ${whole(sloRate.lowestTriedPerSecond)} requests a second`;
    case 'unmeasured':
      return `${name}: no valid step`;
  }
}

function describeRoute({ name, scalability }: CapacityReport['routes'][number]): string {
  if (!scalability.fitted) return `${name}: no law was fitted, because ${scalability.reason}`;
  const { peakThroughput, kneeConcurrency, sigma, kappa, shape } = scalability;
  const peak =
    peakThroughput.value === null
      ? 'no ceiling seen'
      : `ceiling ${whole(peakThroughput.value)}/s (95 %: ${bound(peakThroughput.low)} to ${bound(peakThroughput.high)})`;
  const knee =
    kneeConcurrency.value === null ? '' : `, knee at ${kneeConcurrency.value.toFixed(1)} requests at once`;
  return `${name}: ${peak}${knee}; ${shape}, σ ${(sigma.value ?? 0).toFixed(3)}, κ ${(kappa.value ?? 0).toExponential(1)}`;
}

function machineAnswer(report: CapacityReport): Answer {
  const { machine, provider, roles, world, settings } = report;
  const list = Object.entries(roles)
    .filter(([, { processes }]) => processes > 0)
    .map(([role, { processes }]) => `${processes} × ${role}`);
  const parts = (['redis', 'mongo'] as const).map((name) => {
    const { kind, program, version } = provider[name];
    return `${program} ${version} (${kind})`;
  });
  const others = [...report.mixes, ...report.routes]
    .flatMap((one) => one.steps)
    .flatMap(({ othersShare }) => othersShare ?? []);
  const where = provider.name === 'local' ? 'all on one machine of' : 'the target on a machine of';
  return {
    question: 'On what?',
    answer: `${list.join(', ')}, ${parts.join(' and ')}, ${where} ${machine.cpus} processors (${machine.cpuModel}).`,
    details: [
      `world: ${describeFields(world)}`,
      ...(Object.keys(settings).length === 0 ? [] : [`settings: ${describeFields(settings)}`]),
      `the load generator ran on the same machine${machine.priority === 0 ? '' : `, and everything at nice ${machine.priority}`}`,
      ...(others.length === 0
        ? []
        : [`other programs took ${percent(mean(others))} of the processors meanwhile`]),
      ...(provider.mongo.kind === 'embedded'
        ? ['the embedded MongoDB does not show what a real one can do']
        : []),
    ],
  };
}

function describeFields(fields: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return parts.length === 0 ? 'empty' : parts.join(', ');
}

function breaksFirst(report: CapacityReport): Answer {
  const measured = [...report.mixes, ...report.routes];
  const first = mixOfUsers(report) ?? measured[0];
  const worse = report.growth.filter(({ fit }) => fit.fitted && fit.verdict === 'worse-than-linear');
  const details = [
    ...(first?.bottleneck.evidence ?? []),
    ...measured
      .filter((one) => one !== first)
      .map(({ name, bottleneck }) => `${name}: ${bottleneck.resource ?? 'no ceiling was reached'}`),
    ...report.growth.map(({ title, fit }) => `${title}: ${describeFit(fit)}`),
  ];
  const grows =
    worse.length === 0
      ? ''
      : ` Growth worse than linear: ${worse.map(({ title }) => title.toLowerCase()).join('; ')}.`;
  const answer = first?.bottleneck.resource ?? 'nothing that was observed: no ceiling was reached';
  return { question: 'What breaks first?', answer: `${capital(answer)}.${grows}`, details };
}

/** Share of the undisturbed rate that is left under a fault; null when one of the two is not known, or only a bound of it. */
export function shareLeft({ sloRate }: FaultMode, undisturbed: FaultMode | undefined): number | null {
  if (sloRate.outcome === 'at-least') return null;
  return leastLeft(sloRate, undisturbed);
}

function leastLeft(found: SloRate, undisturbed: FaultMode | undefined): number | null {
  if (undisturbed?.sloRate.outcome !== 'bracketed') return null;
  if (found.outcome === 'never') return 0;
  const rate = rateOf(found);
  return rate === null ? null : rate / undisturbed.sloRate.ratePerSecond;
}

function outages(report: CapacityReport): Answer {
  const question = 'What does an outage cost?';
  const [undisturbed, ...modes] = report.faults;
  if (undisturbed === undefined) return { question, answer: 'Not measured.', details: [] };
  const costs = modes.map((mode) => `${mode.title}: ${describeLeft(mode, undisturbed)}`);
  const { recovery, drain } = report;
  return {
    question,
    answer:
      costs.length === 0
        ? 'No fault was measured.'
        : `Of the rate that is held undisturbed: ${costs.join('; ')}.`,
    details: [
      ...report.faults.map(({ title, sloRate, evidence }) =>
        sloRate.outcome === 'unmeasured' && evidence !== null
          ? `${title}: not measured, ${evidence}`
          : describeRate(title, sloRate),
      ),
      ...(recovery === null ? [] : [describeRecovery(recovery)]),
      ...(drain === null ? [] : [describeDrain(drain)]),
    ],
  };
}

/** No fault adds capacity: above this the undisturbed search itself was hindered. */
const leftMax = 1.1;

function describeLeft({ sloRate }: FaultMode, undisturbed: FaultMode): string {
  const left = leastLeft(sloRate, undisturbed);
  if (left === null) return 'unknown';
  if (left > leftMax) return 'undecided, because the undisturbed search itself was hindered';
  return `${sloRate.outcome === 'at-least' ? 'at least ' : ''}${percent(left)} is left`;
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
      : `the objective was met again ${Math.round(recoveryMs)} ms after it was healed`;
  return `after ${title} for ${faultMs / 1_000} s at ${whole(ratePerSecond)} requests a second: ${after}`;
}

function describeDrain({
  title,
  writesPerSecond,
  pausedMs,
  backlog,
  drainMs,
}: NonNullable<CapacityReport['drain']>): string {
  const after = drainMs === null ? 'did not drain in time' : `drained in ${Math.round(drainMs)} ms`;
  return `a backlog of ${backlog} ${title}, from ${pausedMs / 1_000} s at ${whole(writesPerSecond)} writes a second, ${after} while the writes went on`;
}

export function whole(value: number): string {
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
