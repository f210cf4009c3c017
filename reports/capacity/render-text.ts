/** The four answers, a plan and a comparison for a terminal. */
import { answersOf, whole } from './answers.ts';
import type { CapacityReport } from './capacity-report.ts';
import type { CapacityComparison } from './compare.ts';
import type { Plan } from './plan.ts';
import type { Slo } from './slo.ts';
import type { User } from './user.ts';

export function renderText(report: CapacityReport): string {
  const answers = answersOf(report).flatMap(({ question, answer, details }) => [
    `${question} ${answer}`,
    ...details.map((detail) => `    ${detail}`),
  ]);
  const discarded = [...report.mixes, ...report.routes, ...report.faults]
    .flatMap(({ name, steps }) => steps.map((step) => ({ name, step })))
    .filter(({ step }) => step.discarded !== null);
  return [
    ...answers,
    ...discarded.map(({ name, step }) => `Discarded: ${name} at ${step.load.value}: ${step.discarded ?? ''}`),
    ...report.notes.map((note) => `Note: ${note}`),
  ].join('\n');
}

export function renderPlan(plan: Plan, slo: Slo, user: User): string {
  const { check, parts, databaseConnections } = plan;
  const units =
    user.background === null || plan.backgroundPerSecond === 0
      ? ''
      : `, and ${whole(plan.backgroundPerSecond)} units of background work a second (${user.background.unit})`;
  return [
    `${whole(plan.users)} ${user.plural}: ${whole(plan.requestsPerSecond)} requests a second, ${whole(plan.writesPerSecond)} of them writes${units}`,
    ...parts.map(
      ({ part, count, busyShare, note }) =>
        `  ${String(count).padStart(6)} ${part.padEnd(20)} ${busyShare === null ? 'not measured' : `${Math.round(100 * busyShare)} % busy each`}${note === '' ? '' : ` (${note})`}`,
    ),
    `  Redis memory ${gibibytes(plan.redisMemoryBytes)}, database ${gibibytes(plan.databaseBytes)}, ${databaseConnections === null ? 'unknown' : whole(databaseConnections)} connections to MongoDB`,
    ...plan.obstacles.map((obstacle) => `Cannot be built: ${obstacle}`),
    ...describeSimulated(plan, slo),
    ...(check === null
      ? []
      : [`The model ${check.trusted ? 'agrees' : 'does NOT agree'} with what was measured: ${check.reason}`]),
    plan.trustedToUsers === 0
      ? 'Trusted up to nothing: no load that met the objective was measured.'
      : `Trusted up to ${whole(plan.trustedToUsers)} ${user.plural}${check?.trusted === true ? '' : ', which is what was measured'}.`,
    ...plan.doubts.map((doubt) => `Doubt: ${doubt}`),
  ].join('\n');
}

function describeSimulated({ simulated, obstacles }: Plan, slo: Slo): string[] {
  if (simulated !== null) {
    const { latencyMs, meetsSlo, busiest } = simulated;
    return [
      `Simulated: p${slo.percentile} ${latencyMs.toFixed(1)} ms, ${meetsSlo ? 'meets' : 'MISSES'} the objective of ${slo.latencyMs} ms; busiest: ${busiest}`,
    ];
  }
  return obstacles.length > 0 ? [] : ['Not simulated: the report has no costs to make a model of.'];
}

function gibibytes(value: number | null): string {
  return value === null ? 'unknown' : `${(value / 2 ** 30).toFixed(value < 2 ** 30 ? 2 : 1)} GiB`;
}

export function renderComparison({ worse, changes, unlike, notes }: CapacityComparison): string {
  const changed = changes.filter(({ outcome }) => outcome !== 'same');
  const compared = `${changes.length} figures compared`;
  return [
    changes.length === 0 ? 'Nothing was compared' : `${worse ? 'Worse' : 'Not worse'} (${compared})`,
    ...changed.map(
      ({ what, baseline, current, outcome }) => `  ${outcome}: ${what} was ${baseline} and is ${current}`,
    ),
    ...unlike.map((difference) => `  figures are not comparable: ${difference}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n');
}
