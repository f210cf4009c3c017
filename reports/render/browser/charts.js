/** Draws charts that stand together, share cursor and zoom, and answer the keyboard as well as the pointer. */
import { axes, faultNamesHeight, faultShades } from './chart-style.js';

const height = 210;

/**
 * Draws `definitions` into `place`. `span`: what of the axis below is shown at first. `about`: `key` by which the cursors are one,
 * `faults` to shade where a definition has no `marks` of its own, `position` how a place on the axis below is written, `unit` what it is called. Gives back what `zoomTo`,
 * `resizeCharts` and `destroyCharts` need.
 */
export function drawCharts(place, definitions, span, { key, faults, position, unit }) {
  place.replaceChildren();
  const charts = definitions.map(
    ({ title, columns, series, scale, format, decades = false, marks = faults }) => {
      const figure = document.createElement('figure');
      figure.className = 'chart';
      const caption = document.createElement('figcaption');
      caption.textContent = title;
      figure.append(caption);
      place.append(figure);
      const options = {
        width: Math.max(240, figure.clientWidth),
        height,
        padding: [marks.length > 0 ? faultNamesHeight : 8, 12, 0, 0],
        cursor: { sync: { key }, drag: { x: true, y: false }, points: { size: 6 } },
        scales: {
          x: { time: false, range: (_, low, high) => (low === null ? span : [low, high]) },
          y: scale,
        },
        axes: axes(format, decades, position),
        legend: { live: true },
        series: [{ label: unit, value: (_, value) => (value === null ? '–' : position(value)) }, ...series],
        plugins: [faultShades(marks)],
      };
      // uPlot takes the place itself and fits its first scale to the data; the whole span is shown instead.
      const chart = new uPlot(options, columns, figure);
      chart.setScale('x', { min: span[0], max: span[1] });
      nameForEveryone(chart, title);
      return { chart, figure };
    },
  );
  return { charts, span };
}

/** uPlot's legend answers clicks alone: its names become buttons for the keyboard, and the canvas gets a name. */
function nameForEveryone(chart, title) {
  const canvas = chart.root.querySelector('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Chart: ${title}. The tables beside it hold its figures.`);
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

/** `part`: `{ from, to }` on the axis below; the whole span without it. */
export function zoomTo({ charts, span }, part) {
  const [min, max] = part === undefined ? span : [part.from, part.to];
  for (const { chart } of charts) chart.setScale('x', { min, max });
}

/** New figures for charts of the same definitions, and another part of the axis below. */
export function moveTo({ charts }, definitions, [min, max]) {
  for (const [index, { chart }] of charts.entries()) {
    chart.batch(() => {
      chart.setData(definitions[index].columns, false);
      chart.setScale('x', { min, max });
    });
  }
}

export function destroyCharts({ charts }) {
  for (const { chart } of charts) chart.destroy();
}
