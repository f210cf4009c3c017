/** Draws the charts of a capacity report: points, lines and bands over axes that may be logarithmic, in the colours of the page's style. */
const height = 260;
const font = '12px system-ui, sans-serif';

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function short(value) {
  if (value === null || value === undefined) return '–';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString('en-US') : String(rounded);
}

/** uPlot wants one column of x for all: the union of all, with gaps where a series has none. */
function columnsOf(series) {
  const tables = series.flatMap(({ kind, points }) => {
    const sorted = points.toSorted((left, right) => left[0] - right[0]);
    // Repeats at one x would fall into one: each is moved by next to nothing.
    const xs = sorted.map(([x], index) => x * (1 + 1e-6 * index));
    const column = (at) => sorted.map((point) => point[at]);
    return kind === 'band'
      ? [
          [xs, column(2)],
          [xs, column(1)],
        ]
      : [[xs, column(1)]];
  });
  return uPlot.join(tables);
}

function axis(label, log, size, side) {
  return {
    label,
    font,
    labelFont: font,
    labelSize: 18,
    size,
    side,
    stroke: colour('soft'),
    grid: { stroke: colour('chart-grid'), width: 1 },
    ticks: { stroke: colour('chart-grid'), width: 1, size: 4 },
    values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : short(tick))),
    ...(log ? { splits: (_, __, low, high) => splits(low, high), filter: (_, ticks) => ticks } : {}),
  };
}

/** 1, 2 and 5 of each decade, or the powers of ten alone when there are many. */
function splits(low, high) {
  const decades = Math.log10(high / low);
  const steps = decades > 3 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1)
    for (const step of steps) {
      const value = step * 10 ** power;
      if (value >= low && value <= high) found.push(value);
    }
  return found;
}

function range(log) {
  return (_, low, high) => {
    if (low === null || high === null) return [1, 10];
    return log ? [low / 1.3, high * 1.3] : [0, Math.max(high * 1.12, Number.MIN_VALUE)];
  };
}

function seriesOf({ label, kind, colour: name, dash }) {
  const stroke = colour(name);
  const value = (_, shown) => short(shown);
  if (kind === 'band') {
    const edge = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: true, value };
    return [
      { ...edge, label: `${label}, above` },
      { ...edge, label: `${label}, below` },
    ];
  }
  if (kind === 'points')
    return [
      { label, stroke, paths: () => null, points: { show: true, size: 7, fill: stroke, stroke }, value },
    ];
  return [
    { label, stroke, width: 2, points: { show: false }, spanGaps: true, value, ...(dash ? { dash } : {}) },
  ];
}

function draw(figure, chart) {
  for (const old of figure.querySelectorAll('.uplot')) old.remove();
  const bands = [];
  const series = [{ label: chart.x.label, value: (_, shown) => short(shown) }];
  for (const one of chart.series) {
    if (one.kind === 'band')
      bands.push({
        series: [series.length, series.length + 1],
        fill: `color-mix(in srgb, ${colour(one.colour)} 18%, transparent)`,
      });
    series.push(...seriesOf(one));
  }
  const options = {
    width: Math.max(240, figure.clientWidth),
    height,
    padding: [8, 16, 0, 0],
    cursor: { drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false, distr: chart.x.log ? 3 : 1, range: range(chart.x.log) },
      y: { distr: chart.y.log ? 3 : 1, range: range(chart.y.log) },
    },
    axes: [axis(chart.x.label, chart.x.log, 30, 2), axis(chart.y.label, chart.y.log, 56, 3)],
    legend: { live: true },
    series,
    bands,
  };
  const drawn = new uPlot(options, columnsOf(chart.series), figure);
  const canvas = drawn.root.querySelector('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Chart: ${chart.title}. The tables of this page hold its figures.`);
  return drawn;
}

const charts = JSON.parse(document.getElementById('chart-data').textContent);
const figures = [...document.querySelectorAll('[data-chart]')];
let drawn = [];

function drawAll() {
  for (const { plot } of drawn) plot.destroy();
  drawn = figures.flatMap((figure) => {
    const chart = charts[Number(figure.dataset.chart)];
    const empty = chart === undefined || chart.series.every(({ points }) => points.length === 0);
    return empty ? [] : [{ figure, plot: draw(figure, chart) }];
  });
}
drawAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
new ResizeObserver(() => {
  for (const { figure, plot } of drawn) {
    const width = Math.max(240, figure.clientWidth);
    if (Math.abs(width - plot.width) > 1) plot.setSize({ width, height });
  }
}).observe(document.querySelector('main'));
