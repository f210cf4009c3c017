/** How the charts look: colours from the page's style, so that light and dark are decided in one place. */

/** Value of a custom property of the page's style. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const font = '12px system-ui, sans-serif';

/**
 * Axes of a chart: below it what `below` writes, by default seconds; a quantity to the left, written by `format`; with `decades`
 * lines only at powers of ten.
 */
export function axes(format, decades, below = (tick) => `${trimmed(tick)} s`) {
  const shared = {
    font,
    stroke: colour('soft'),
    grid: { stroke: colour('chart-grid'), width: 1 },
    ticks: { stroke: colour('chart-grid'), width: 1, size: 4 },
  };
  return [
    { ...shared, size: 28, space: 56, values: (_, ticks) => ticks.map(below) },
    {
      ...shared,
      size: 56,
      values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : format(tick))),
      ...(decades
        ? { splits: (_, __, low, high) => powersOfTen(low, high), filter: (_, ticks) => ticks }
        : {}),
    },
  ];
}

function powersOfTen(low, high) {
  const first = Math.ceil(Math.log10(low));
  return Array.from(
    { length: Math.floor(Math.log10(high)) - first + 1 },
    (_, index) => 10 ** (first + index),
  );
}

/** Height above the plot where the faults' names stand, in CSS pixels. */
export const faultNamesHeight = 20;

/** Shades the time of each fault behind the lines and names it above them. */
export function faultShades(faults) {
  return {
    hooks: {
      drawClear: [(chart) => faults.forEach((fault, index) => drawFault(chart, fault, faults[index - 1]))],
    },
  };
}

function drawFault(chart, fault, previous) {
  const { ctx, bbox } = chart;
  const ratio = window.devicePixelRatio || 1;
  const left = Math.max(chart.valToPos(fault.from, 'x', true), bbox.left);
  const right = Math.min(Math.max(chart.valToPos(fault.to, 'x', true), left + ratio), bbox.left + bbox.width);
  if (right <= bbox.left || left >= bbox.left + bbox.width) return;
  ctx.save();
  ctx.fillStyle = colour('fault-wash');
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.strokeStyle = colour('fault-line');
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  for (const edge of [left, right]) {
    ctx.beginPath();
    ctx.moveTo(edge, bbox.top);
    ctx.lineTo(edge, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.fillStyle = colour('fault-ink');
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  // The axes leave their own alignment behind.
  ctx.textAlign = 'left';
  ctx.textBaseline = 'bottom';
  // Names of faults that overlap in time would lie upon each other: the text list below the charts has them all.
  const covered = previous !== undefined && fault.from < previous.to;
  if (!covered) ctx.fillText(fault.name, left, bbox.top - 3 * ratio);
  ctx.restore();
}

/** A logarithmic scale without a single decade has no label at all. */
export function wholeDecades(_, low, high) {
  const decade = (value, round) => 10 ** round(Math.log10(value));
  const bottom = decade(low ?? 1, Math.floor);
  return [bottom, Math.max(decade((high ?? 10) * 1.05, Math.ceil), bottom * 10)];
}

export function fromZero(_, __, high) {
  return [0, Math.max(1, (high ?? 0) * 1.15)];
}

/** One line of a chart: its name in the legend, its colour by the page's style, and how a value of it is written. */
export function line(label, colourName, format, more = {}) {
  return {
    label,
    stroke: colour(colourName),
    width: 2,
    points: { show: false },
    value: (_, value) => (value === null ? '–' : format(value)),
    ...more,
  };
}

export function trimmed(value) {
  return String(Math.round(value * 1000) / 1000);
}

/** 0.5 ms, 12 ms, 1.5 s: short, for an axis. */
export function shortTime(valueMs) {
  if (valueMs >= 1000) return `${trimmed(valueMs / 1000)} s`;
  return `${valueMs < 10 ? Math.round(valueMs * 100) / 100 : Math.round(valueMs)} ms`;
}
