/** The charts of one cell: latency, throughput, errors by kind, and each gauge, over the time since the start of load. */
import { fromZero, line, shortTime, trimmed, wholeDecades } from './chart-style.js';
import { drawCharts } from './charts.js';

/** Each kind of error has a line of its own, told apart by colour and dash. */
const errorLines = [
  ['chart-fail', []],
  ['chart-info', [8, 4]],
  ['chart-max', [2, 4]],
  ['chart-p50', [12, 4, 2, 4]],
  ['chart-p99', [4, 8]],
];

/** `data`: a ChartData of `html/chart-data.ts`. */
export function drawCell(place, data, key) {
  const span = [0, Math.max(1, ...data.second.map((second) => second + 0.5))];
  return drawCharts(place, cellCharts(data), span, {
    key,
    faults: data.faults,
    position: (value) => `${trimmed(value)} s`,
    unit: 'second',
  });
}

export function cellCharts(data) {
  const rate = (value) => `${trimmed(value)}/s`;
  const positive = (values) => values.map((value) => (value === null ? null : Math.max(value, 0.1)));
  return [
    {
      title: 'Latency from the intended start (logarithmic)',
      columns: [data.second, positive(data.p50), positive(data.p99), positive(data.max)],
      scale: { distr: 3, range: wholeDecades },
      format: shortTime,
      decades: true,
      series: [
        line('p50', 'chart-p50', shortTime),
        line('p99', 'chart-p99', shortTime, { dash: [8, 4] }),
        line('max', 'chart-max', shortTime, { dash: [2, 4], width: 1.5 }),
      ],
    },
    {
      title: 'Operations ended in each second',
      columns: [data.second, data.ok, data.fail, data.info],
      scale: { range: fromZero },
      format: trimmed,
      series: [
        line('ok', 'chart-ok', rate),
        line('fail', 'chart-fail', rate, { dash: [8, 4] }),
        line('info', 'chart-info', rate, { dash: [2, 4] }),
      ],
    },
    ...errorChart(data, rate),
    ...data.gauges.map(({ name, unit, time, value }) => ({
      title: `${name} (${unit})`,
      columns: [time, value],
      scale: { range: fromZero },
      format: trimmed,
      // A gauge keeps its value until it is read again.
      series: [line(name, 'chart-gauge', trimmed, { width: 1.5, paths: uPlot.paths.stepped({ align: 1 }) })],
    })),
  ];
}

function errorChart({ second, errors }, rate) {
  if (errors.length === 0) return [];
  return [
    {
      title: 'Errors by kind in each second',
      columns: [second, ...errors.map(({ count }) => count)],
      scale: { range: fromZero },
      format: trimmed,
      series: errors.map(({ kind }, index) => {
        const [colourName, dash] = errorLines[index % errorLines.length];
        return line(kind, colourName, rate, { dash });
      }),
    },
  ];
}
