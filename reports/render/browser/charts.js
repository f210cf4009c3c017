/** The charts of one cell, which share cursor and zoom: latency, throughput, and each gauge. */
import { axes, colour, faultNamesHeight, faultShades, shortTime, trimmed } from './chart-style.js';

const height = 210;

/** Draws into `place`; gives back what `zoomTo` and `resize` need. */
export function drawCharts(place, data, key) {
  place.replaceChildren();
  const span = [0, Math.max(1, ...data.second.map((second) => second + 0.5))];
  const charts = chartsOf(data).map(({ title, columns, series, scale, format, decades = false }) => {
    const figure = document.createElement('figure');
    figure.className = 'chart';
    const caption = document.createElement('figcaption');
    caption.textContent = title;
    figure.append(caption);
    place.append(figure);
    const options = {
      width: Math.max(240, figure.clientWidth),
      height,
      padding: [data.faults.length > 0 ? faultNamesHeight : 8, 12, 0, 0],
      cursor: { sync: { key }, drag: { x: true, y: false }, points: { size: 6 } },
      scales: { x: { time: false, range: (_, low, high) => (low === null ? span : [low, high]) }, y: scale },
      axes: axes(format, decades),
      legend: { live: true },
      series: [
        { label: 'second', value: (_, value) => (value === null ? '–' : `${trimmed(value)} s`) },
        ...series,
      ],
      plugins: [faultShades(data.faults)],
    };
    // uPlot takes the place itself and fits its first scale to the data; the load's whole span is shown instead.
    const chart = new uPlot(options, columns, figure);
    chart.setScale('x', { min: span[0], max: span[1] });
    nameForEveryone(chart, title);
    return { chart, figure };
  });
  return { charts, span };
}

/** uPlot's legend answers clicks alone: its names become buttons for the keyboard, and the canvas gets a name. */
function nameForEveryone(chart, title) {
  const canvas = chart.root.querySelector('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Chart: ${title}. The tables of this cell hold its figures.`);
  for (const name of [...chart.root.querySelectorAll('.u-legend .u-series th')].slice(1)) {
    name.tabIndex = 0;
    name.setAttribute('role', 'button');
    name.setAttribute('title', 'show or hide');
    name.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      name.click();
    });
  }
}

export function resizeCharts({ charts }) {
  for (const { chart, figure } of charts) {
    const width = Math.max(240, figure.clientWidth);
    if (Math.abs(width - chart.width) > 1) chart.setSize({ width, height });
  }
}

export function zoomTo({ charts, span }, phase) {
  const [min, max] = phase === undefined ? span : [phase.from, phase.to];
  for (const { chart } of charts) chart.setScale('x', { min, max });
}

function line(label, colourName, format, more = {}) {
  return {
    label,
    stroke: colour(colourName),
    width: 2,
    points: { show: false },
    value: (_, value) => (value === null ? '–' : format(value)),
    ...more,
  };
}

function chartsOf(data) {
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
    ...data.gauges.map(({ name, unit, time, value }) => ({
      title: `${name} (${unit})`,
      columns: [time, value],
      scale: { range: fromZero },
      format: trimmed,
      series: [line(name, 'chart-gauge', trimmed, { width: 1.5 })],
    })),
  ];
}

/** A logarithmic scale without a single decade has no label at all. */
function wholeDecades(_, low, high) {
  const decade = (value, round) => 10 ** round(Math.log10(value));
  const bottom = decade(low ?? 1, Math.floor);
  return [bottom, Math.max(decade((high ?? 10) * 1.05, Math.ceil), bottom * 10)];
}

function fromZero(_, __, high) {
  return [0, Math.max(1, (high ?? 0) * 1.15)];
}
