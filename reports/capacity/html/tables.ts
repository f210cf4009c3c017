/** The figures behind the charts, as tables. */
import { html, type Markup } from '../../render/html/markup.ts';
import { milliseconds } from '../../render/html/numbers.ts';
import { scrollTable } from '../../render/html/table.ts';
import { shareLeft } from '../answers.ts';
import { rateOf } from '../users-held.ts';
import type { CapacityReport } from '../capacity-report.ts';
import type { ModelCheck } from '../model.ts';
import type { Step } from '../step.ts';

const percent = (share: number | null, digits = 0): string =>
  share === null ? '–' : `${(100 * share).toFixed(digits)} %`;
const whole = (value: number | null): string =>
  value === null ? '–' : Math.round(value).toLocaleString('en-US');

const figure = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : String(Number(value.toPrecision(3)));

function table(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
): Markup {
  return scrollTable({
    name: label,
    kind: 'figures-table',
    columns: heads,
    rows: rows.map(
      ([first = '', ...rest]) =>
        html`<tr>
          <th scope="row">${first}</th>
          ${rest.map((field) => html`<td>${field}</td>`)}
        </tr>`,
    ),
  });
}

/** Collapsed, because there are many. */
export function stepTable(name: string, steps: readonly Step[]): Markup {
  const metrics = [...new Set(steps.flatMap((step) => Object.keys(step.metrics)))];
  const rows = steps
    .toSorted((left, right) => left.load.value - right.load.value || left.repeat - right.repeat)
    .map((step) => [
      step.load.kind === 'closed' ? `${step.load.value} at once` : `${whole(step.load.value)}/s`,
      `${whole(step.throughputPerSecond)}/s`,
      milliseconds(step.latencyMs.p50),
      milliseconds(step.latencyMs.p99),
      percent(step.errorShare, 1),
      `${Math.round(step.window.toMs - step.window.fromMs)} ms${step.window.steady ? '' : ', not steady'}`,
      `${percent(step.little.deviation)}${step.little.holds ? '' : ' ✗'}`,
      percent(step.generator.loopShare),
      milliseconds(step.generator.loopDelayMsP99),
      percent(step.othersShare),
      ...metrics.map((metric) => figure(step.metrics[metric])),
      step.discarded ?? 'valid',
    ]);
  const heads = [
    'load',
    'answered',
    'p50',
    'p99',
    'errors',
    'steady window',
    'Little',
    'generator busy',
    'generator late',
    'others',
    ...metrics,
    'verdict',
  ];
  return html`<details class="inner">
    <summary>All ${steps.length} steps of ${name}</summary>
    ${table(`Steps of ${name}`, heads, rows)}
  </details>`;
}

export function faultTable(report: CapacityReport): Markup {
  const [undisturbed] = report.faults;
  const rows = report.faults.map((mode) => [
    mode.title,
    mode.sloRate.outcome === 'never' ? 'none' : `${whole(rateOf(mode.sloRate))}/s`,
    percent(shareLeft(mode, undisturbed)),
    mode.evidence ?? '',
  ]);
  return table('Capacity under faults', ['mode', 'highest rate', 'of undisturbed', 'effect observed'], rows);
}

export function growthTable({ growth }: CapacityReport): Markup {
  const rows = growth.map(({ title, fit }) =>
    fit.fitted
      ? [
          title,
          fit.exponent.toFixed(2),
          `${fit.low.toFixed(2)} to ${fit.high.toFixed(2)}`,
          fit.exponentAtTop.toFixed(2),
          fit.verdict.replaceAll('-', ' '),
        ]
      : [title, '–', '–', '–', fit.reason],
  );
  return table('Growth', ['cost', 'exponent', '95 % interval', 'at the largest sizes', 'verdict'], rows);
}

export function demandTable({ demands, user }: CapacityReport): Markup {
  const kinds = [...new Set(demands.flatMap((one) => one.demands.map(({ process }) => process)))].filter(
    (kind) => kind !== 'harness',
  );
  const titles = { read: 'a read', write: 'a write', background: user.background?.unit ?? 'background work' };
  const rows = demands.map((one) => [
    titles[one.class],
    ...kinds.map((kind) => {
      const seconds = one.demands.find(({ process }) => process === kind)?.secondsPerRequest;
      return seconds === undefined ? '–' : `${Math.round(1e6 * seconds)} µs`;
    }),
  ]);
  return table('Processor time', ['processor time of', ...kinds], rows);
}

export function routeTable({ routes }: CapacityReport): Markup {
  const rows = routes.map(({ name, scalability }) => {
    if (!scalability.fitted) return [name, scalability.reason, '', '', '', ''];
    const { lambda, sigma, kappa, peakThroughput, kneeConcurrency, shape } = scalability;
    const range = ({ low, high }: { low: number | null; high: number | null }, digits: number): string =>
      `${low === null ? 'no bound' : low.toFixed(digits)} to ${high === null ? 'no bound' : high.toFixed(digits)}`;
    return [
      `${name} (${shape})`,
      `${whole(lambda.value)}/s (${range(lambda, 0)})`,
      `${(sigma.value ?? 0).toFixed(4)} (${range(sigma, 4)})`,
      `${(kappa.value ?? 0).toFixed(6)} (${range(kappa, 6)})`,
      `${whole(peakThroughput.value)}/s (${range(peakThroughput, 0)})`,
      kneeConcurrency.value === null
        ? '–'
        : `${kneeConcurrency.value.toFixed(1)} (${range(kneeConcurrency, 1)})`,
    ];
  });
  return table(
    'Laws',
    ['route', 'λ, one at a time', 'σ, contention', 'κ, coherency', 'ceiling', 'knee, requests at once'],
    rows,
  );
}

/** The simulation that plans are based on, beside what was measured. */
export function modelTable({ levels }: ModelCheck): Markup {
  const rows = levels.map(({ ratePerSecond, measuredMs, simulatedMs, fitted }) => [
    `${whole(ratePerSecond)}/s`,
    milliseconds(measuredMs),
    milliseconds(simulatedMs),
    fitted ? 'fitted to this level' : `${(simulatedMs / measuredMs).toFixed(2)} of the measured`,
  ]);
  return table(
    'The model beside what was measured',
    ['arrivals', 'measured mean', 'simulated mean', 'ratio'],
    rows,
  );
}
