/** How the charts look: colours from the page's style, so that light and dark are decided in one place. */

/** Value of a custom property of the page's style. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const font = '12px system-ui, sans-serif';

/** Axes of a chart: time below, a quantity to the left, written by `format`; with `decades` lines only at powers of ten. */
export function axes(format, decades) {
  const shared = {
    font,
    stroke: colour('soft'),
    grid: { stroke: colour('chart-grid'), width: 1 },
    ticks: { stroke: colour('chart-grid'), width: 1, size: 4 },
  };
  return [
    { ...shared, size: 28, space: 56, values: (_, ticks) => ticks.map((tick) => `${trimmed(tick)} s`) },
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
  ctx.textBaseline = 'bottom';
  // Names of faults that overlap in time would lie upon each other: the text list below the charts has them all.
  const covered = previous !== undefined && fault.from < previous.to;
  if (!covered) ctx.fillText(fault.name, left, bbox.top - 3 * ratio);
  ctx.restore();
}

export function trimmed(value) {
  return String(Math.round(value * 1000) / 1000);
}

/** 0.5 ms, 12 ms, 1.5 s: short, for an axis. */
export function shortTime(valueMs) {
  if (valueMs >= 1000) return `${trimmed(valueMs / 1000)} s`;
  return `${valueMs < 10 ? Math.round(valueMs * 100) / 100 : Math.round(valueMs)} ms`;
}
