/** How the charts look: colours from the page's style, so that light and dark are decided in one place. */

/** Value of a custom property of the page's style. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const font = '12px system-ui, sans-serif';

/** Axes of a chart: time below, a quantity to the left, written by `format`. */
export function axes(format) {
  const shared = {
    font,
    stroke: colour('soft'),
    grid: { stroke: colour('chart-grid'), width: 1 },
    ticks: { stroke: colour('chart-grid'), width: 1, size: 4 },
  };
  return [
    { ...shared, size: 28, space: 56, values: (_, ticks) => ticks.map((tick) => `${trimmed(tick)} s`) },
    { ...shared, size: 56, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : format(tick))) },
  ];
}

/** Shades the time of each fault behind the lines and names it at the top. */
export function faultShades(faults) {
  return {
    hooks: {
      drawClear: [
        (chart) => {
          const { ctx, bbox } = chart;
          const ratio = window.devicePixelRatio || 1;
          ctx.save();
          ctx.beginPath();
          ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
          ctx.clip();
          faults.forEach((fault, index) => {
            const left = chart.valToPos(fault.from, 'x', true);
            const right = Math.max(chart.valToPos(fault.to, 'x', true), left + ratio);
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
            ctx.textBaseline = 'top';
            ctx.textAlign = 'left';
            ctx.fillText(
              fault.name,
              Math.max(left, bbox.left) + 5 * ratio,
              bbox.top + (4 + 13 * (index % 3)) * ratio,
            );
          });
          ctx.restore();
        },
      ],
    },
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
