/** What makes the page of all runs answer: trends drawn when a cell is opened, and links that open their cell. */
import { fromZero, line, shortTime, trimmed, wholeDecades } from './chart-style.js';
import { destroyCharts, drawCharts, resizeCharts } from './charts.js';
import { openTarget } from './open-target.js';

const allTrends = JSON.parse(document.getElementById('trend-data').textContent);
const drawnTrends = new Map();

/** A line holds its level until the next run, so that a regression is a step. */
const looks = {
  baseline: ['chart-p50', []],
  fault: ['chart-p99', [8, 4]],
  recovery: ['chart-ok', [2, 4]],
};

function definitionOf({ title, unit, logarithmic, series, marks }, runs) {
  const format = unit === 'ms' ? shortTime : (value) => trimmed(value);
  const level = (value) => (value === null ? null : Math.max(value, logarithmic ? 0.1 : 0));
  return {
    title,
    columns: [runs, ...series.map(({ values }) => values.map(level))],
    scale: logarithmic ? { distr: 3, range: wholeDecades } : { range: fromZero },
    format,
    decades: logarithmic,
    marks,
    series: series.map(({ label, values }) => {
      const [colourName, dash] = looks[label];
      const written = unit === 'ms' ? shortTime : (value) => `${trimmed(value)} ok/s`;
      return line(label, colourName, written, {
        dash,
        paths: uPlot.paths.stepped({ align: 1 }),
        points: { show: values.length < 60, size: 5 },
      });
    }),
  };
}

function drawTrends(cell) {
  closeTrends(cell);
  const trends = allTrends[Number(cell.dataset.trends)];
  const drawn = [...cell.querySelectorAll('[data-trend]')].map((place) => {
    const { runs, charts } = trends[Number(place.dataset.trend)];
    const definitions = charts.map((chart) => definitionOf(chart, runs));
    const span = [runs[0] - 0.5, runs.at(-1) + 0.5];
    const position = (run) => (Number.isInteger(run) ? `#${run}` : '');
    return drawCharts(place, definitions, span, {
      key: `${cell.id}-${place.dataset.trend}`,
      faults: [],
      position,
      unit: 'run',
    });
  });
  drawnTrends.set(cell, drawn);
}

function closeTrends(cell) {
  for (const charts of drawnTrends.get(cell) ?? []) destroyCharts(charts);
  drawnTrends.delete(cell);
}

for (const cell of document.querySelectorAll('[data-trends]')) {
  if (cell.open) drawTrends(cell);
  cell.addEventListener('toggle', () => {
    if (cell.open && !drawnTrends.has(cell)) drawTrends(cell);
  });
}

window.addEventListener('hashchange', openTarget);
openTarget();

new ResizeObserver(() => {
  for (const charts of [...drawnTrends.values()].flat()) resizeCharts(charts);
}).observe(document.querySelector('main'));

// Canvases keep the colours they were drawn with.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  Array.from(drawnTrends.keys()).forEach(drawTrends);
});
